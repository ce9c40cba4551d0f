import type { FailureCode } from "../failure-modes.ts";
import type {
  FactPart,
  FactParts,
  FindingSeverity,
  Found,
  FunctionFacts,
  FunctionSubject,
} from "./types.ts";

/** One way in which a function's setting can be wrong. */
export interface DoctorRule {
  readonly severity: FindingSeverity;
  readonly title: string;
  /** What it does to clients, for the page of rules. */
  readonly why: string;
  /** Failures that it can be the cause of. */
  readonly causes: readonly FailureCode[];
  /** Parts without which it cannot judge. */
  readonly needs: readonly FactPart[];
  /** Null when all is well, or when a part that it needs is unread. */
  readonly find: (facts: FunctionFacts) => Found | null;
}

interface RuleSpec<Part extends FactPart> extends Omit<DoctorRule, "find" | "needs"> {
  readonly needs: readonly [Part, ...Part[]];
  readonly find: (parts: Pick<FactParts, Part>, about: FunctionSubject) => Found | null;
}

/** A rule over the parts that it needs, read. */
export function rule<Part extends FactPart>(spec: RuleSpec<Part>): DoctorRule {
  return {
    ...spec,
    find(facts) {
      const read = readParts(facts, spec.needs);
      return read === null ? null : spec.find(read, facts.about);
    },
  };
}

function readParts<Part extends FactPart>(
  { parts }: FunctionFacts,
  needs: readonly Part[],
): Pick<FactParts, Part> | null {
  const read: Partial<Pick<FactParts, Part>> = {};
  for (const part of needs) {
    const reading = parts[part];
    if (reading.kind === "unread") return null;
    read[part] = reading.value as FactParts[Part];
  }
  return read as Pick<FactParts, Part>;
}
