import type { TokenFailure, TokenProblem } from "../token-request.ts";
import type { Finding } from "./case.ts";

/** Longest word of the authorization server's that a summary repeats. */
const MAX_WORD = 200;

/** Says which of the two requests failed, and how. */
export function judgeTokenFailure({ request, url, problem }: TokenFailure): Finding {
  const what = request === "metadata" ? `the issuer's metadata (${url})` : `the token (${url})`;
  const detail = detailOf(problem);
  return {
    mode: "token-request-failed",
    summary: `${what} was asked for: ${describe(problem)}`,
    ...(detail !== null && { detail }),
    ...(problem.kind === "network" && { networkCode: problem.error.code }),
  };
}

function describe(problem: TokenProblem): string {
  switch (problem.kind) {
    case "network":
      return `no answer (${problem.error.phase}: ${problem.error.code})`;
    case "timed-out":
      return "no answer in time";
    case "too-large":
      return "the answer is too large to be one";
    case "status":
      return `HTTP ${problem.status}${problem.errorCode === null ? "" : `, ${word(problem.errorCode)}`}`;
    case "unreadable":
      return `the answer cannot be used: ${word(problem.detail)}`;
    case "wrong-issuer":
      return `the answer is the metadata of ${word(problem.found)}, which is not the configured issuer`;
    case "foreign-token-endpoint":
      return `the answer names the token endpoint ${word(problem.found)}, which the configuration does not name; nothing was sent there`;
    case "not-sent":
      return `the request could not be made (${problem.name})`;
    default:
      return problem satisfies never;
  }
}

function detailOf(problem: TokenProblem): string | null {
  switch (problem.kind) {
    case "status":
      return problem.errorCode === null ? null : word(problem.errorCode);
    case "wrong-issuer":
    case "foreign-token-endpoint":
      return word(problem.found);
    case "unreadable":
      return word(problem.detail);
    case "not-sent":
      return problem.name;
    case "network":
    case "timed-out":
    case "too-large":
      return null;
    default:
      return problem satisfies never;
  }
}

function word(text: string): string {
  return text.length <= MAX_WORD ? text : `${text.slice(0, MAX_WORD - 1)}…`;
}
