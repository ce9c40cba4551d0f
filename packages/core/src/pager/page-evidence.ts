import type { FailureEvidence } from "../verdict.ts";
import type { PageFacts } from "./page-facts.ts";
import { oneLine } from "./safe-text.ts";

const MAX_LINE_CHARS = 300;
/** Before what a server wrote, so that nobody takes it for the monitor's own words. */
const QUOTE = "  | ";

/** What broke: mode and step, what was seen, and the server's own words quoted. */
export function whatBroke({ failure, page, redact }: PageFacts): readonly string[] {
  const modes = page.alert.modes.join(", ");
  if (failure === null) return [`  ${modes === "" ? "No failed run could be read." : modes}`];
  // Again once it is clean: what is invisible may have parted a secret.
  const line = (text: string) => redact(oneLine(redact(text), MAX_LINE_CHARS));
  const { mode, step, era, summary, evidence } = failure;
  const others = page.alert.modes.filter((other) => other !== mode);
  return [
    `  ${mode}, at the step ${step}${era === null ? "" : ` (${era} protocol)`}`,
    `${QUOTE}${line(summary)}`,
    ...answerLines(evidence).map((text) => `  ${line(text)}`),
    ...quoted("The monitor compared", evidence.detail, line),
    ...quoted("The JSON-RPC error says", rpcWords(evidence), line),
    ...quoted("The answer begins", evidence.body, line),
    ...(others.length === 0 ? [] : [`  Also seen: ${others.join(", ")}`]),
  ];
}

function answerLines(evidence: FailureEvidence): readonly string[] {
  const { httpStatus, contentType, bytes, networkCode, rpcMethod } = evidence;
  const answer = [
    ...(httpStatus === null ? [] : [`HTTP ${httpStatus}`]),
    ...(contentType === null ? [] : [contentType]),
    ...(bytes === null ? [] : [`${bytes} bytes`]),
    ...(networkCode === null ? [] : [`network error ${networkCode}`]),
  ];
  if (answer.length === 0) return [];
  return [`${rpcMethod === null ? "Answer" : `Answer to ${rpcMethod}`}: ${answer.join(", ")}`];
}

function rpcWords({ rpcError }: FailureEvidence): string | null {
  return rpcError === null ? null : `${rpcError.code} ${rpcError.message}`;
}

function quoted(
  what: string,
  text: string | null,
  line: (text: string) => string,
): readonly string[] {
  if (text === null || text.trim() === "") return [];
  return [`  ${what}:`, `${QUOTE}${line(text)}`];
}
