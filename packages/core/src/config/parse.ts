import type * as z from "zod";
import { decodeAdvice, type Found } from "./advice.ts";
import { nameFromUrl } from "./name-from-url.ts";
import { formatPath } from "./path.ts";
import { resolveConfig } from "./resolve.ts";
import { crossFindings } from "./rules/index.ts";
import { salvage } from "./salvage.ts";
import { configSchema } from "./schema.ts";
import type { DefaultsInput } from "./schema-limits.ts";
import type { TargetInput } from "./schema-target.ts";
import type { ConfigFinding, Target, VigilConfig } from "./types.ts";

export type ConfigResult =
  | { readonly ok: true; readonly config: VigilConfig }
  | { readonly ok: false; readonly findings: readonly ConfigFinding[] };

export type TargetResult =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly findings: readonly ConfigFinding[] };

/** Whatever a config file holds, checked by every rule: a complete config, or all that is wrong. */
export function parseConfig(input: unknown): ConfigResult {
  const read = readConfig(input);
  return read.ok ? read : { ok: false, findings: read.found.map(asFinding) };
}

/** One target by itself, by the same rules; paths count from the target. */
export function resolveTarget(input: unknown, defaults: DefaultsInput = {}): TargetResult {
  const read = readConfig({ defaults, targets: [input] });
  if (!read.ok) {
    const fromTarget = read.found.map((found) =>
      found.path[0] === "targets" ? { ...found, path: found.path.slice(2) } : found,
    );
    return { ok: false, findings: fromTarget.map(asFinding) };
  }
  const [target] = read.config.targets;
  if (target === undefined) throw new Error("a target went missing while it was resolved");
  return { ok: true, target };
}

/** What may be said of a target besides its URL. */
export type TargetOverrides = Partial<Omit<TargetInput, "url">>;

/** A target made up on the spot; its name, unless given, is taken from the URL. */
export function targetFromUrl(url: string, overrides: TargetOverrides = {}): TargetResult {
  return resolveTarget({ name: nameFromUrl(url), ...overrides, url });
}

type Read =
  | { readonly ok: true; readonly config: VigilConfig }
  | { readonly ok: false; readonly found: readonly Found[] };

function readConfig(input: unknown): Read {
  const parsed = configSchema.safeParse(input);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap(faultsOf);
  const salvaged = salvage(input, faults);
  const found = [...faults, ...(salvaged === null ? [] : crossFindings(salvaged))];
  return parsed.success && found.length === 0
    ? { ok: true, config: resolveConfig(parsed.data) }
    : { ok: false, found: byTarget(found) };
}

function faultsOf({ code, path: full, message }: z.core.$ZodIssue): readonly Found[] {
  // Of an object that is none of a union, zod names the key that should have told which.
  const path = code === "invalid_union" ? full.slice(0, -1) : full;
  return decodeAdvice(message).map(({ at = [], problem, fix }) => ({
    path: [...path, ...at],
    problem,
    fix,
  }));
}

/** The config's own keys first, then target by target. */
function byTarget(found: readonly Found[]): readonly Found[] {
  const rank = ({ path: [key, index] }: Found) =>
    key === "targets" && typeof index === "number" ? index : -1;
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function asFinding({ path, problem, fix }: Found): ConfigFinding {
  return { path: formatPath(path), problem, fix };
}

/** For people: each finding's place and problem, and below it what to write instead. */
export function formatFindings(findings: readonly ConfigFinding[]): string {
  return findings
    .map(({ path, problem, fix }) => `${path === "" ? "the config" : path}: ${problem}\n  ${fix}`)
    .join("\n");
}
