import { type Advice, wrongKind } from "./advice.ts";
import { leaf } from "./leaf.ts";
import { isReference, isSecretRef, secretAdvice } from "./secret-ref.ts";
import type { HeaderValues } from "./types.ts";

/** RFC 9110 `token`. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
/** Tabs, visible ASCII and obs-text: what a header may carry. */
const VALUE = /^[\t\x20-\x7E\x80-\xFF]*$/;

/** Headers whose whole purpose is to carry a credential. */
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "x-api-key",
]);

/** Headers that the transport and the protocol need for themselves. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "accept",
  "connection",
  "content-length",
  "content-type",
  "host",
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
  "transfer-encoding",
  "upgrade",
]);

const MAP_FIX = 'Write { "Header-Name": "text", "X-Api-Key": secret("env:NAME") }.';

export const headerMap = leaf<HeaderValues>("names to text or `secret(…)`", (value) => {
  if (typeof value !== "object" || value === null || Array.isArray(value) || isSecretRef(value)) {
    return [{ problem: wrongHeaders(value), fix: MAP_FIX }];
  }
  const names = Object.keys(value);
  return Object.entries(value).flatMap(([name, content], index) => {
    const advice = nameAdvice(name, names.slice(0, index)) ?? valueAdvice(name, content);
    return advice === null ? [] : [{ at: [name], ...advice }];
  });
});

function wrongHeaders(value: unknown): string {
  return isSecretRef(value)
    ? "is a secret without the header that carries it"
    : wrongKind(value, "an object of headers");
}

function nameAdvice(name: string, before: readonly string[]): Advice | null {
  const lower = name.toLowerCase();
  if (!NAME.test(name)) {
    return {
      problem: "its name holds a character that no header's name may hold",
      fix: 'Write the name alone, of letters, digits and hyphens; its value goes after the colon: { "X-Api-Key": secret("env:NAME") }.',
    };
  }
  if (OWN_HEADERS.has(lower)) {
    return { problem: "is a header that the probe sets itself", fix: "Remove it." };
  }
  if (before.some((other) => other.toLowerCase() === lower)) {
    return {
      problem: "is the same header as one above: capitals make no difference",
      fix: "Keep one of them.",
    };
  }
  return null;
}

function valueAdvice(name: string, value: unknown): Advice | null {
  if (typeof value !== "string")
    return isSecretRef(value) ? secretAdvice(value) : wrongValue(value);
  if (SECRET_HEADERS.has(name.toLowerCase()) || isReference(value)) return secretAdvice(value);
  if (VALUE.test(value)) return null;
  return {
    problem: "its value holds a character that no header may carry, such as a line break",
    fix: "Write one line of plain text.",
  };
}

function wrongValue(value: unknown): Advice {
  return {
    problem: wrongKind(value, "text or a secret's reference"),
    fix: 'Write text for what anyone may read, secret("env:NAME") for what nobody may.',
  };
}
