/** CloudWatch's own words. */
export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** Whether a period's value is past the threshold; null: it has none. */
export type Breach = boolean | null;

export interface Rule {
  /** M. */
  readonly datapointsToAlarm: number;
  /** N. */
  readonly evaluationPeriods: number;
  readonly missingData: "breaching" | "notBreaching" | "ignore" | "missing";
}

/**
 * The state after a range of periods, oldest first, a few more than N. The newest N values decide,
 * however old; only where there are fewer are missing ones filled.
 * Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export function decideState(
  range: readonly Breach[],
  rule: Rule,
  previous: AlarmState,
): AlarmState {
  const { datapointsToAlarm: needed, evaluationPeriods, missingData } = rule;
  const values = range.filter((breach) => breach !== null).slice(-evaluationPeriods);
  const breaching = values.filter(Boolean).length;
  const lacking = evaluationPeriods - values.length;
  const counted = breaching >= needed ? "ALARM" : "OK";
  if (lacking === 0) return counted;
  // Nothing that is there speaks against an alarm; what is missing decides.
  const isOpen = breaching === values.length && breaching < needed;
  switch (missingData) {
    case "breaching":
      return breaching + lacking >= needed ? "ALARM" : "OK";
    case "notBreaching":
      return counted;
    case "ignore":
      return isOpen ? previous : counted;
    case "missing":
      if (values.length === 0) return "INSUFFICIENT_DATA";
      return isOpen && oldestAge(range) >= needed ? "ALARM" : counted;
    default:
      return missingData satisfies never;
  }
}

/** Of the oldest value, in periods: 1 is the newest period. */
function oldestAge(range: readonly Breach[]): number {
  return range.length - range.findIndex((breach) => breach !== null);
}
