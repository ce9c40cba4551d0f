import type { Profile, Severity } from "../config/index.ts";

/** CloudWatch's own words, which it takes as strings; held against its SDK in a test. */
export const ALARM_WORDS = {
  statistic: ["Minimum", "Maximum", "Sum"],
  extendedStatistic: ["p95"],
  comparison: ["LessThanThreshold", "GreaterThanThreshold", "GreaterThanOrEqualToThreshold"],
  missingData: ["breaching", "notBreaching", "ignore"],
} as const;

type Word<Kind extends keyof typeof ALARM_WORDS> = (typeof ALARM_WORDS)[Kind][number];
export type AlarmStatistic =
  | { readonly statistic: Word<"statistic"> }
  /** Evaluated however few the samples are, which is CloudWatch's default. */
  | { readonly extendedStatistic: Word<"extendedStatistic"> };

/** A resource of this stage whose name only the stack knows: the function's or the queue's. */
export interface ResourceName {
  readonly resource: "probeFunction" | "spillQueue";
  readonly vantage: string;
}

export interface MetricSource {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string | ResourceName>>;
  readonly statistic: AlarmStatistic;
}

/** What an alarm looks at: one metric, or an expression over several. */
export type AlarmWatch =
  | ({ readonly kind: "metric" } & MetricSource)
  | {
      readonly kind: "math";
      /** Refers to `sources` by their ids. */
      readonly expression: string;
      readonly sources: readonly (MetricSource & { readonly id: string })[];
    };

/**
 * Whom an alarm calls: the pager by its Lambda action, or the topic of plain alarms. An alarm and
 * what it calls stand in the same region.
 */
export type AlarmAction = "pager" | "monitor";

/** One alarm as data: the stack creates it, and puts its stage before name and dedupe key. */
export interface AlarmSpec {
  /** Unique among all, whatever their region. */
  readonly name: string;
  readonly title: string;
  /** What it means that this alarm rings. */
  readonly meaning: string;
  readonly severity: Severity;
  readonly region: string;
  /** The leanest profile that pays for it. */
  readonly profile: Profile;
  readonly watch: AlarmWatch;
  readonly periodSeconds: number;
  /** M of N: rings when `datapointsToAlarm` of the last `evaluationPeriods` are past the threshold. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly comparison: Word<"comparison">;
  readonly threshold: number;
  readonly missingData: Word<"missingData">;
  /** Called when it rings, and when it is over. */
  readonly action: AlarmAction;
  /** The target whose alarm it is; null for one of the monitor's own. */
  readonly target: string | null;
  readonly vantage: string | null;
  /** A page of the operator's, or one in this repository. */
  readonly runbook: string;
  /** Alarms that tell of the same trouble share it. */
  readonly dedupeKey: string;
}

/** CloudWatch's limit for the text of an alarm. */
const MAX_DESCRIPTION = 1_024;

/** What stands in the alarm itself: what it means, how grave it is, and where to read on. */
export function alarmDescription({ meaning, severity, runbook, dedupeKey }: AlarmSpec): string {
  const rest = `\n\nSeverity: ${severity}\nRunbook: ${runbook}\nDedupe key: ${dedupeKey}`;
  // A runbook may be a very long address; the meaning stands in the docs as well.
  return `${meaning}${rest}`.slice(0, MAX_DESCRIPTION);
}
