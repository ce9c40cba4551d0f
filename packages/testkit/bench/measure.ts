/** What each measure is told. */
export interface MeasureOptions {
  /** Folder of the servers' scripts. */
  readonly folder: string;
  /** How often that which is repeated is repeated. */
  readonly rounds: number;
  /** A few of everything, to see that it works: the figures then say nothing. */
  readonly smoke: boolean;
  /** Cores for the servers when the measure itself is pinned to another; null when nothing is. */
  readonly serverCores: string | null;
}

export type Figures = Readonly<Record<string, unknown>>;

/** Work takes a while: said on stderr, so that stdout is the figures' alone. */
export function progress(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}

export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
}

/** By nearest rank; `share` is 0.95 for p95. */
export function percentile(values: readonly number[], share: number): number {
  return ascending(values)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
