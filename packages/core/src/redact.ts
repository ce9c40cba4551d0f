import {
  cleanSecrets,
  findSpellings,
  type Pattern,
  patternsOf,
  type Span,
} from "./redact-spellings.ts";
import type { JsonRpcError, ToolInfo } from "./run.ts";
import { canonicalJson } from "./tools-hash.ts";
import type { FailureEvidence, RunRecord } from "./verdict.ts";

export type Redactor = (text: string) => string;

const MARKER = "[redacted]";
/** For the odd secret that the marker itself would spell. */
const PLAIN_MARKER = "***";

/**
 * Replaces every secret by `[redacted]`, however a server would echo it: as it is, URL-encoded,
 * in JSON or HTML escapes, as hex, or as (or within) base64. A beginning of at least
 * `MIN_CUT_CHARS` characters goes too where the text was cut: at its end, before `…`, `...` or `"`.
 *
 * Secrets are trimmed; of `Bearer x` and the like, `x` is the secret. One of fewer than
 * `MIN_FREE_CHARS` characters is replaced only where it stands alone, between characters that are
 * neither letters nor digits: anywhere else it would shred the text and hide nothing.
 */
export function createRedactor(secrets: readonly string[]): Redactor {
  const clean = cleanSecrets(secrets);
  if (clean.length === 0) return (text) => text;
  const patterns = clean.flatMap(patternsOf);
  const marker = clean.some((secret) => MARKER.includes(secret)) ? PLAIN_MARKER : MARKER;
  return (text) => blank(text, findAll(text, patterns), marker);
}

function findAll(text: string, patterns: readonly Pattern[]): readonly Span[] {
  return patterns
    .flatMap((pattern) => findSpellings(text, pattern))
    .sort((a, b) => a.from - b.from || b.to - a.to);
}

/** Spans that overlap or touch, as of two secrets with a common part, become one. */
function blank(text: string, spans: readonly Span[], marker: string): string {
  let out = "";
  let done = 0;
  let open = false;
  for (const { from, to } of spans) {
    if (!open || from > done) {
      out += text.slice(done, from) + marker;
      open = true;
    }
    done = Math.max(done, to);
  }
  return out + text.slice(done);
}

/** A record without secrets: every text that may be a server's. Our own names and times stay. */
export function redactRecord(record: RunRecord, redact: Redactor): RunRecord {
  const { protocolVersion, server, steps, failures, notes } = record;
  return {
    ...record,
    protocolVersion: protocolVersion === null ? null : redact(protocolVersion),
    server: server === null ? null : { name: redact(server.name), version: redact(server.version) },
    steps: steps.map((step) =>
      step.label === undefined ? step : { ...step, label: redact(step.label) },
    ),
    failures: failures.map((failure) => ({
      ...failure,
      summary: redact(failure.summary),
      evidence: redactEvidence(failure.evidence, redact),
    })),
    notes: notes.map(redact),
  };
}

/** Tools without secrets, for keeping; what lies too deep for any use is left out. */
export function redactTools(
  tools: readonly Pick<ToolInfo, "name" | "inputSchema">[],
  redact: Redactor,
): readonly Pick<ToolInfo, "name" | "inputSchema">[] {
  return tools.map(({ name, inputSchema }) => ({
    name: redact(name),
    inputSchema: redactDeep(JSON.parse(canonicalJson(inputSchema)), redact),
  }));
}

function redactEvidence(evidence: FailureEvidence, redact: Redactor): FailureEvidence {
  const { contentType, headers, body, rpcMethod, rpcError, detail } = evidence;
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...evidence,
    contentType: orNull(contentType),
    headers: redactDeep(headers, redact),
    body: orNull(body),
    rpcMethod: orNull(rpcMethod),
    rpcError: rpcError === null ? null : redactError(rpcError, redact),
    detail: orNull(detail),
  };
}

function redactError(error: JsonRpcError, redact: Redactor): JsonRpcError {
  const message = redact(error.message);
  return error.data === undefined
    ? { code: error.code, message }
    : { code: error.code, message, data: redactDeep(error.data, redact) };
}

/** All strings at every depth, keys too. `toRunRecord` bounds the depth. */
function redactDeep<T>(value: T, redact: Redactor): T;
function redactDeep(value: unknown, redact: Redactor): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "number") return redactNumber(value, redact);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, redact));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactDeep(item, redact)]),
  );
}

/** A secret of digits alone may come back as a number. */
function redactNumber(value: number, redact: Redactor): number | string {
  const text = String(value);
  const redacted = redact(text);
  return redacted === text ? value : redacted;
}
