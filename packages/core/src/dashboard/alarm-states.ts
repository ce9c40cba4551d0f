import type { AlarmSpec } from "../alarms/index.ts";
import { LIMITS } from "./limits.ts";
import { type Row, wide } from "./widget.ts";

const ALARMS_A_LINE = 4;

/** Alarms with their ARNs. */
export type AlarmStates = readonly (AlarmSpec & { readonly arn: string })[];

/** Their states, as few widgets as their limit allows, one below the other. */
export function alarmRows(title: string, alarms: AlarmStates): readonly Row[] {
  const count = Math.ceil(alarms.length / LIMITS.alarmsOfWidget);
  return Array.from({ length: count }, (_, n) => {
    const group = alarms.slice(n * LIMITS.alarmsOfWidget, (n + 1) * LIMITS.alarmsOfWidget);
    const part = count > 1 ? ` (${n + 1} of ${count})` : "";
    const properties = { title: `${title}${part}`, alarms: group.map(({ arn }) => arn) };
    const height = 1 + Math.ceil(group.length / ALARMS_A_LINE);
    return wide({ type: "alarm", properties }, height);
  });
}
