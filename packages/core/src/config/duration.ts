const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `60m` or `1h`; null for anything else. */
export function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const unitMs = UNITS[unit ?? ""];
  return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}
