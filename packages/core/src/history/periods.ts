import { HOUR_MS, type HourRollup } from "./rollup.ts";
import type { TimeWindow } from "./sli.ts";

/** Lengths of time that rollups can be put together by. Days are UTC's. */
export const PERIOD_MS = { hour: HOUR_MS, day: 24 * HOUR_MS } as const;
export type Period = keyof typeof PERIOD_MS;

export interface PeriodOfRollups extends TimeWindow {
  readonly rollups: readonly HourRollup[];
}

/** Every period that has a part in the window, oldest first; those without a rollup too. */
export function periodsOf(
  rollups: readonly HourRollup[],
  period: Period,
  { from, to }: TimeWindow,
): readonly PeriodOfRollups[] {
  const length = PERIOD_MS[period];
  const startOf = (time: number) => Math.floor(time / length) * length;
  const byStart = new Map<number, HourRollup[]>();
  for (const rollup of rollups) {
    const start = startOf(Date.parse(rollup.hour));
    const together = byStart.get(start) ?? [];
    byStart.set(start, together);
    together.push(rollup);
  }
  const periods: PeriodOfRollups[] = [];
  for (let start = startOf(from); start < to; start += length) {
    periods.push({ from: start, to: start + length, rollups: byStart.get(start) ?? [] });
  }
  return periods;
}
