import { bucketOf, type LatencyHistogram } from "../../src/index.ts";

export interface Random {
  readonly uniform: () => number;
  readonly normal: () => number;
}

/** Of each distribution as many samples as asked for; the same ones each time. */
export function samplesOf(
  distributions: Readonly<Record<string, (random: Random) => number>>,
  count: number,
): Readonly<Record<string, readonly number[]>> {
  const drawn = Object.entries(distributions).map(([name, draw], index) => {
    const random = seeded(20_261_122 + index);
    return [name, Array.from({ length: count }, () => Math.max(0.2, draw(random)))] as const;
  });
  return Object.fromEntries(drawn);
}

/** The smallest sample that has at least `percent` of all samples at or below it. */
export function nearestRank(samples: readonly number[], percent: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? Number.NaN;
}

export function histogramOf(samples: readonly number[]): LatencyHistogram {
  const histogram: Record<number, number> = {};
  for (const ms of samples) {
    const bucket = bucketOf(ms);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  return histogram;
}

/** Mulberry32, and Box and Muller's way from uniform to normal. */
function seeded(seed: number): Random {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}
