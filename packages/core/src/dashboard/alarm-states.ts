import type { AlarmSpec } from "../alarms/index.ts";
import { GRID_WIDTH, type Row } from "./widget.ts";

/** CloudWatch shows so many in one widget. */
export const MAX_ALARMS_A_WIDGET = 100;
const ALARMS_A_LINE = 4;

/** Alarms with their ARNs. */
export type AlarmStates = readonly (AlarmSpec & { readonly arn: string })[];

/** Their states, as few widgets as their limit allows, one below the other. */
export function alarmRows(title: string, alarms: AlarmStates): readonly Row[] {
  const count = Math.ceil(alarms.length / MAX_ALARMS_A_WIDGET);
  return Array.from({ length: count }, (_, n) => {
    const group = alarms.slice(n * MAX_ALARMS_A_WIDGET, (n + 1) * MAX_ALARMS_A_WIDGET);
    const part = count > 1 ? ` (${n + 1} of ${count})` : "";
    const properties = { title: `${title}${part}`, alarms: group.map(({ arn }) => arn) };
    const height = 1 + Math.ceil(group.length / ALARMS_A_LINE);
    return [{ type: "alarm", properties, width: GRID_WIDTH, height }];
  });
}
