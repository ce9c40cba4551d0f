import { DOCTOR_RULES, RULE_IDS, type RuleId } from "./rules/index.ts";
import {
  type FactPart,
  FINDING_SEVERITIES,
  type FindingSeverity,
  type FunctionFacts,
  type FunctionFinding,
  type Unread,
} from "./types.ts";

export interface Diagnosis {
  /** The worst first. */
  readonly findings: readonly FunctionFinding[];
  /** Parts that could not be read, and the rules that could not judge for it. */
  readonly unread: readonly UnreadPart[];
}

export interface UnreadPart {
  readonly part: FactPart;
  readonly why: Unread;
  readonly rules: readonly RuleId[];
}

/** Holds a function's setting against every rule. */
export function diagnose(facts: FunctionFacts): Diagnosis {
  const findings = RULE_IDS.flatMap((id) => findingOf(id, facts));
  const bySeverity = FINDING_SEVERITIES.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  return { findings: bySeverity, unread: unreadOf(facts) };
}

function findingOf(id: RuleId, facts: FunctionFacts): readonly FunctionFinding[] {
  const { severity, title, causes, find } = DOCTOR_RULES[id];
  const found = find(facts);
  return found === null ? [] : [{ rule: id, severity, title, causes, ...found }];
}

function unreadOf({ parts }: FunctionFacts): readonly UnreadPart[] {
  return (Object.keys(parts) as readonly FactPart[]).flatMap((part) => {
    const reading = parts[part];
    if (reading.kind === "read") return [];
    const rules = RULE_IDS.filter((id) =>
      (DOCTOR_RULES[id].needs as readonly FactPart[]).includes(part),
    );
    return [{ part, why: reading.why, rules }];
  });
}

/** How bad the worst finding is; null for none. */
export function worstFinding(findings: readonly FunctionFinding[]): FindingSeverity | null {
  const found = new Set(findings.map(({ severity }) => severity));
  return FINDING_SEVERITIES.find((severity) => found.has(severity)) ?? null;
}
