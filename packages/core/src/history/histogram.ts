/**
 * Latencies in buckets whose bounds grow by {@link BUCKET_RATIO}: bucket `n` holds what is over
 * 0.1 ms × 1.08^(n-1) and at most 0.1 ms × 1.08^n. Sparse: a bucket's number to how often it was hit.
 * Histograms merge by adding. What is read from one is off by at most {@link MAX_RELATIVE_ERROR}
 * between 0.1 ms and an hour; beyond, the first and the last bucket stand for all there is.
 */
export type LatencyHistogram = Readonly<Record<number, number>>;

const BUCKET_RATIO = 1.08;
const LEAST_MS = 0.1;
const MOST_MS = 3_600_000;
const LOG_RATIO = Math.log(BUCKET_RATIO);
/** Buckets are numbered from 0, which holds everything up to 0.1 ms, to this one. */
export const LAST_BUCKET = Math.ceil(Math.log(MOST_MS / LEAST_MS) / LOG_RATIO);
/** A bucket is read as the geometric middle of its bounds: 3.93 % from either. */
export const MAX_RELATIVE_ERROR = Math.sqrt(BUCKET_RATIO) - 1;

export function bucketOf(ms: number): number {
  if (!(ms > LEAST_MS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log(ms / LEAST_MS) / LOG_RATIO));
}

export function mergeHistograms(histograms: readonly LatencyHistogram[]): LatencyHistogram {
  const merged: Record<number, number> = {};
  for (const histogram of histograms) {
    // Not by entries: a year has a quarter of a million of them.
    for (const bucket in histogram)
      merged[bucket] = (merged[bucket] ?? 0) + (histogram[bucket] ?? 0);
  }
  return merged;
}

/**
 * The latency that `percent` of the samples do not exceed: nearest rank, the smallest sample with at
 * least that share at or below it. Null when there is no sample.
 */
export function percentileOf(histogram: LatencyHistogram, percent: number): number | null {
  const buckets = bucketsOf(histogram);
  const samples = buckets.reduce((sum, [, hits]) => sum + hits, 0);
  const rank = Math.max(1, Math.ceil((percent / 100) * samples));
  let passed = 0;
  for (const [bucket, hits] of buckets) {
    passed += hits;
    if (passed >= rank) return middleOf(bucket);
  }
  return null;
}

/** Integer keys of an object come in ascending order. */
function bucketsOf(histogram: LatencyHistogram): readonly (readonly [number, number])[] {
  return Object.entries(histogram).map(([bucket, hits]) => [Number(bucket), hits]);
}

function middleOf(bucket: number): number {
  return LEAST_MS * BUCKET_RATIO ** (bucket - 0.5);
}
