import { text } from "./leaf.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Milliseconds of `90s`, `60m` or `1h`; null for anything else. */
export function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const unitMs = UNITS[unit ?? ""];
  return count === undefined || unitMs === undefined ? null : Number(count) * unitMs;
}

interface DurationOptions {
  readonly minMs: number;
  readonly maxMs: number;
  /** What to write instead; the span is `1m to 24h`. */
  readonly fix: (span: string) => string;
}

/** A text like `30m`, within bounds. */
export function duration({ minMs, maxMs, fix }: DurationOptions) {
  const [min, max] = [inWords(minMs), inWords(maxMs)];
  const span = `${min} to ${max}`;
  return text({
    what: "a duration",
    form: `a duration, "${min}" to "${max}"`,
    fix: fix(span),
    problems: (value) => {
      const ms = durationMs(value);
      if (ms === null) return ["is not a duration"];
      return ms < minMs || ms > maxMs ? [`is not from ${span}`] : [];
    },
  });
}

/** In the largest unit that leaves it whole. */
function inWords(ms: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, unitMs] = units.find(([, unitMs]) => ms % unitMs === 0) ?? ["s", 1_000];
  return `${ms / unitMs}${unit}`;
}
