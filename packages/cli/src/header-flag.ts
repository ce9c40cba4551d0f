import type { Auth, HeaderValues, SecretRef, Target } from "@vigil/core";
import { all, bad, ok, type Result } from "./result.ts";

export interface HeaderFlag {
  readonly name: string;
  /** Secret: never printed, not even in a complaint. */
  readonly value: string;
}

/** RFC 9110 `token`. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;
/** A value may end in a reference to the environment: `env:TOKEN`, `Bearer env:TOKEN`. */
const REFERENCE = /^(.*\s)?env:([A-Za-z_][A-Za-z0-9_]*)$/u;
/** Visible ASCII, blanks and obs-text: what a header may carry. */
const VALUE = /^[\t\x20-\x7E\x80-\xFF]+$/u;

const HOW =
  "Write --header 'Name: value'; the value may end in env:NAME to take it from the environment.";

export function parseHeaderFlag(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
): Result<HeaderFlag> {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(colon, 0)).trim();
  if (!NAME.test(name)) {
    return bad(`--header needs a name before a colon, of letters, digits and hyphens. ${HOW}`);
  }
  const given = text.slice(colon + 1).trim();
  const [, prefix = "", variable] = REFERENCE.exec(given) ?? [];
  if (variable === undefined) {
    return checked(name, given);
  }
  const secret = env[variable];
  if (secret === undefined || secret === "") {
    return bad(
      `--header ${name} takes its value from the environment variable ${variable}, which is not set. Set it, for example: export ${variable}=…`,
    );
  }
  return checked(name, `${prefix}${secret.trim()}`);
}

function checked(name: string, value: string): Result<HeaderFlag> {
  if (value === "") {
    return bad(`--header ${name} has no value. ${HOW}`);
  }
  return VALUE.test(value)
    ? ok({ name, value })
    : bad(
        `The value of --header ${name} holds a character that no header may carry, such as a line break.`,
      );
}

/** Headers from the command line, their values kept apart as secrets. */
export interface HeaderFlags {
  readonly values: Readonly<Record<string, SecretRef>>;
  /** What the references stand for: an environment of its own. */
  readonly secrets: Readonly<Record<string, string>>;
}

export function readHeaders(
  texts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Result<HeaderFlags> {
  const read = all(texts.map((text) => parseHeaderFlag(text, env)));
  if (!read.ok) {
    return read;
  }
  const values: Record<string, SecretRef> = {};
  const secrets: Record<string, string> = {};
  for (const [i, { name, value }] of read.value.entries()) {
    if (Object.keys(values).some((other) => sameHeader(other, name))) {
      return bad(`--header ${name} is given twice. Keep one of them.`);
    }
    values[name] = { secret: `env:VIGIL_HEADER_${i}` };
    secrets[`VIGIL_HEADER_${i}`] = value;
  }
  return ok({ values, secrets });
}

function sameHeader(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A target's own headers give way to those of the same name. */
export function overrideHeaders(
  { headers, auth }: Target,
  { values }: HeaderFlags,
): Pick<Target, "headers" | "auth"> {
  const names = Object.keys(values);
  return {
    headers: { ...without(headers, names), ...values },
    auth: overrideAuth(auth, names),
  };
}

function overrideAuth(auth: Auth, names: readonly string[]): Auth {
  if (auth.type === "headers") {
    return { ...auth, headers: without(auth.headers, names) };
  }
  return names.some((name) => sameHeader(name, "authorization")) ? { type: "none" } : auth;
}

function without(headers: HeaderValues, names: readonly string[]): HeaderValues {
  const kept = Object.entries(headers).filter(
    ([name]) => !names.some((other) => sameHeader(other, name)),
  );
  return Object.fromEntries(kept);
}
