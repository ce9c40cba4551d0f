import type { VigilConfig } from "../config/index.ts";
import type { AlarmSpec } from "./alarm-spec.ts";
import { targetAlarms } from "./target-alarms.ts";
import { vantageAlarms } from "./vantage-alarms.ts";

export * from "./alarm-spec.ts";
export * from "./evaluate.ts";
export type { AlarmState } from "./missing-data.ts";
export { ALARM_KINDS, ALARMS_PATH } from "./runbooks.ts";

/** Every alarm of a config that its profile pays for: the targets' first, then the monitor's own. */
export function alarmSpecs(config: VigilConfig): readonly AlarmSpec[] {
  return [
    ...config.targets.flatMap((target) => targetAlarms(target, config)),
    ...vantageAlarms(config),
  ];
}
