import { describe, expect, it } from "vitest";
import {
  bucketOf,
  LAST_BUCKET,
  type LatencyHistogram,
  MAX_RELATIVE_ERROR,
  mergeHistograms,
  percentileOf,
} from "../../src/index.ts";
import { histogramOf, nearestRank, type Random, samplesOf } from "./samples.ts";

const SAMPLES = 10_000;
const PERCENTS = [50, 95, 99];

const DISTRIBUTIONS: Readonly<Record<string, (random: Random) => number>> = {
  lognormal: ({ normal }) => 300 * Math.exp(0.5 * normal()),
  "lognormal with a heavy tail": ({ normal }) => 80 * Math.exp(1.4 * normal()),
  // Warm requests and cold starts, as a Lambda function behind a busy client shows them.
  bimodal: ({ uniform, normal }) =>
    uniform() < 0.9 ? 180 + 15 * normal() : 2_400 * Math.exp(0.2 * normal()),
  "bimodal, half and half": ({ uniform, normal }) =>
    uniform() < 0.5 ? 5 * Math.exp(0.3 * normal()) : 9_000 + 800 * normal(),
};

describe("percentileOf", () => {
  for (const [name, samples] of Object.entries(samplesOf(DISTRIBUTIONS, SAMPLES))) {
    it.each(PERCENTS)(`p%i of ${name} is within its bound of the exact one`, (percent) => {
      const exact = nearestRank(samples, percent);
      const read = percentileOf(histogramOf(samples), percent) ?? Number.NaN;
      expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(MAX_RELATIVE_ERROR);
    });
  }

  it("has a bound under 5 %", () => {
    expect(MAX_RELATIVE_ERROR).toBeCloseTo(0.0392, 4);
  });

  it.each<[string, readonly number[], number, number]>([
    ["the only sample", [100], 50, 100],
    ["p50 of two: the lower", [100, 1_000], 50, 100],
    ["p51 of two: the upper", [100, 1_000], 51, 1_000],
    ["p99 of 99: the slowest", [...Array(98).fill(100), 1_000], 99, 1_000],
    ["p99 of 100: the one before", [...Array(99).fill(100), 1_000], 99, 100],
    ["p100: the slowest", [1, 10, 100], 100, 100],
    ["p0: the fastest", [1, 10, 100], 0, 1],
  ])("%s", (_name, samples, percent, exact) => {
    const read = percentileOf(histogramOf(samples), percent) ?? Number.NaN;
    expect(Math.abs(read - exact) / exact).toBeLessThanOrEqual(MAX_RELATIVE_ERROR);
  });

  it("has nothing to say of no samples", () => {
    expect(percentileOf({}, 50)).toBeNull();
  });
});

describe("bucketOf", () => {
  it.each([
    [0, 0],
    [-5, 0],
    [Number.NaN, 0],
    [0.1, 0],
    [0.11, 2],
    [412, 109],
    [3_600_000, LAST_BUCKET],
    [1e12, LAST_BUCKET],
    [Number.POSITIVE_INFINITY, LAST_BUCKET],
  ])("%d ms go into bucket %i", (ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket);
  });

  it("keeps a histogram bounded, whatever comes in", () => {
    expect(LAST_BUCKET).toBe(227);
  });
});

describe("mergeHistograms", () => {
  it("is the histogram of all samples together, in any order and grouping", () => {
    const { lognormal = [], bimodal = [] } = samplesOf(DISTRIBUTIONS, 1_000);
    const [a, b, c] = [lognormal, bimodal, [0.05, 7e9]].map(histogramOf) as [
      LatencyHistogram,
      LatencyHistogram,
      LatencyHistogram,
    ];
    const all = histogramOf([...lognormal, ...bimodal, 0.05, 7e9]);
    expect(mergeHistograms([a, b, c])).toEqual(all);
    expect(mergeHistograms([c, mergeHistograms([b, a])])).toEqual(all);
    expect(mergeHistograms([])).toEqual({});
  });
});
