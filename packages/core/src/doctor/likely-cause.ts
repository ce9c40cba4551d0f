import type { FailureCode } from "../failure-modes.ts";
import { RULE_IDS } from "./rules/index.ts";
import type { FunctionFinding } from "./types.ts";

export interface LikelyCause {
  readonly mode: FailureCode;
  readonly finding: FunctionFinding;
  /** `empty-stream, and the URL's InvokeMode is BUFFERED`. */
  readonly text: string;
}

/**
 * What in the function's setting explains a run that failed: the first failure, worst first, that a
 * finding can be the cause of. Null when none can.
 */
export function likelyCause(
  failures: readonly { readonly mode: FailureCode }[],
  findings: readonly FunctionFinding[],
): LikelyCause | null {
  const ranked = [...findings].sort((a, b) => rankOf(a) - rankOf(b));
  for (const { mode } of failures) {
    const finding = ranked.find(({ causes }) => causes.includes(mode));
    if (finding !== undefined) return { mode, finding, text: `${mode}, and ${finding.evidence}` };
  }
  return null;
}

/** Graver ones first, then in the order of the rules. */
function rankOf({ rule, severity }: FunctionFinding): number {
  const order = (RULE_IDS as readonly string[]).indexOf(rule);
  return order + { error: 0, warning: 1_000, hint: 2_000 }[severity];
}
