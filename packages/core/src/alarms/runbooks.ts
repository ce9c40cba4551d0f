/** Where the alarms are explained, from the repository's root. */
export const ALARMS_PATH = "docs/alarms.md";

export const ALARM_KINDS = ["down", "slow", "heartbeat", "unknown", "spill-age"] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** What to do where the operator named no page of their own. */
export function runbookOf(kind: AlarmKind): string {
  return `${ALARMS_PATH}#${kind}`;
}
