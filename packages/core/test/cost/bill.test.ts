import { describe, expect, it } from "vitest";
import type { VigilConfigInput } from "../../src/config/index.ts";
import { type Bill, monthlyBill, PRICES } from "../../src/cost/index.ts";
import { configOf, targetsOf } from "../configs.ts";

const SENTINEL = { sentinels: [{ tool: "ping" }] };

function billOf(input: Partial<VigilConfigInput>): Bill {
  return monthlyBill(configOf({ vantages: ["eu-west-1"], targets: targetsOf(1), ...input }));
}

/** To a hundredth of a cent. */
function byLine({ lines }: Bill): Readonly<Record<string, number>> {
  return Object.fromEntries(lines.map(({ line, usd }) => [line, Number(usd.toFixed(4))]));
}

/** One target with one sentinel, standard, calculated by hand. */
const STANDARD_1 = {
  metrics: 1.5, // five at $0.30: success, three durations, the heartbeat
  metricRequests: 0.438, // 43,800 at $0.01 a thousand
  alarms: 0.5, // down, slow, heartbeat, unknown, spill-age
  probeCompute: 0.1752, // 43,800 × 0.6 s × 0.5 GB = 13,140 GB-s
  probeRequests: 0.0088, // 43,800 at $0.20 a million
  replayCompute: 0.035, // 8,760 × 1.2 s × 0.25 GB = 2,628 GB-s
  replayRequests: 0.0018, // 8,760 at $0.20 a million
  pagerCompute: 0.0029, // 8,760 × 0.1 s × 0.25 GB = 219 GB-s
  pagerRequests: 0.0018, // 8,760
  widgetCompute: 0.0014, // 1,200 × 0.05 s × 1.73 GB = 104 GB-s
  widgetRequests: 0.0002, // 1,200
  ticks: 0.0613, // 43,800 + 2 × 8,760 at $1 a million
  historyWrites: 0.0589, // 2 × 43,800 + 730 × 9 = 94,170 at $0.625 a million
  // 43,800 + 8,760 × (1 + 1 of states + 2 / 2 of hours) + 1,200 × (1 + 1 of states + 1 / 2 of hours)
  historyReads: 0.0094, // 74,880 at $0.125 a million
  historyStorage: 0.03, // 131,400 × 900 B + 9,490 × 1,124 B = 0.12007 GB
  recovery: 0.024, // the same at $0.20
  logs: 0.0609, // 43,800 × 2,630 B + 8,760 × (980 + 700) B + 1,200 × 700 B = 0.12177 GB at $0.50
  logStorage: 0.0037, // the same at $0.03
  polls: 0.0035, // 8,760 at $0.40 a million
  pages: 0, // 20 at $0.50 a million
  transfer: 0.0049, // 43,800 × 6,000 B = 0.24475 GB at $0.02
  targetRequests: 0.0438, // 5 × 43,800 = 219,000 at $0.20 a million
  targetCompute: 0.0292, // 219,000 × 0.02 s × 0.5 GB = 2,190 GB-s
};
const STANDARD_1_TOTAL = 2.9946;

/** Ten targets without sentinels, lean. */
const LEAN_10 = {
  metrics: 3.3, // ten and the heartbeat
  metricRequests: 0.438, // all in one request
  alarms: 1.3, // ten, heartbeat, unknown, spill-age
  probeCompute: 0.3066, // 43,800 × (0.55 s + 10 × 0.05 s) × 0.5 GB = 22,995 GB-s
  probeRequests: 0.0088,
  replayCompute: 0.035,
  replayRequests: 0.0018,
  pagerCompute: 0.0029,
  pagerRequests: 0.0018,
  widgetCompute: 0.0014,
  widgetRequests: 0.0002,
  ticks: 0.0613,
  historyWrites: 0.5886, // 941,700
  historyReads: 0.0286, // 7,000 B of states are two units: 87,600 + 8,760 × (1 + 2 + 10) + 1,200 × (2 + 1 + 20)
  historyStorage: 0.3002, // 1.20072 GB
  recovery: 0.2401,
  logs: 0.3638, // 43,800 × (980 + 10 × 1,650) B + 8,760 × 1,680 B + 1,200 × 700 B = 0.72753 GB
  logStorage: 0.0218,
  polls: 0.0035,
  pages: 0,
  transfer: 0.049, // 2.44752 GB
  targetRequests: 0.3504, // 4 × 438,000 = 1,752,000
  targetCompute: 0.2336, // 17,520 GB-s
};
const LEAN_10_TOTAL = 7.6373;

describe("the monthly bill, by hand", () => {
  it("of one target, standard: at most $3.00", () => {
    const bill = billOf({ targets: targetsOf(1, SENTINEL) });
    expect(byLine(bill)).toEqual(STANDARD_1);
    expect(bill.totalUsd).toBeCloseTo(STANDARD_1_TOTAL, 4);
    expect(bill.totalUsd).toBeLessThanOrEqual(3);
  });

  it("of one target whose function is followed, standard", () => {
    const rest = { region: "us-east-1", lambda: { functionName: "McpServer" } };
    const bill = billOf({ targets: targetsOf(1, { ...SENTINEL, ...rest }) });
    expect(byLine(bill)).toEqual({
      ...STANDARD_1,
      correlatorCompute: 0.0847, // 43,800 × (0.3 s + 0.28 s) × 0.25 GB = 6,350 GB-s
      correlatorRequests: 0.0088, // 43,800
      ticks: 0.1051, // 61,320 + 43,800
      historyWrites: 0.1191, // 94,170 + 2 × 43,800 + 12 × 730 = 190,530
      // 74,880, of gaps 43,800 by probe and correlator each, 8,760 by the pager, 300 by the widget
      historyReads: 0.0214,
      logs: 0.0809, // 0.12177 GB + 43,800 × 980 B = 0.16175 GB
      logStorage: 0.0049,
    });
  });

  it("of ten targets, lean: at most $0.80 for each", () => {
    const bill = billOf({ profile: "lean", targets: targetsOf(10) });
    expect(byLine(bill)).toEqual(LEAN_10);
    expect(bill.totalUsd).toBeCloseTo(LEAN_10_TOTAL, 4);
    expect(bill.perTargetUsd).toBeLessThanOrEqual(0.8);
  });

  it.each([
    // 2 × (2 × 4 + 1); 2 × 43,800; downs 4, slow 2 × 2, heartbeats 2 + 2, unknown 2, spill-age 2
    ["two targets from two vantages", 2, ["eu-west-1", "us-west-2"], 5.4, 0.876, 1.6],
    // 1,000 × 4 + 1; five shards of 200 targets and 801 datapoints; 1,000 × 2 + 3
    ["a thousand from one", 1_000, ["eu-west-1"], 1_200.3, 2.19, 200.3],
  ] as const)("of %s", (_title, count, [home, ...others], metrics, requests, alarms) => {
    const targets = targetsOf(count, SENTINEL);
    const bill = byLine(billOf({ vantages: [home, ...others], targets }));
    expect(bill["metrics"]).toBeCloseTo(metrics, 4);
    expect(bill["alarms"]).toBeCloseTo(alarms, 4);
    expect(bill["metricRequests"]).toBeCloseTo(requests, 4);
  });
});

describe("the monthly bill", () => {
  it("is the sum of its targets' bills, each its own part and an even share of the rest", () => {
    const [first, ...others] = targetsOf(3);
    const bill = billOf({ targets: [{ ...first, ...SENTINEL } as never, ...others] });
    const [dearer, ...alike] = bill.targets;
    const sum = bill.targets.reduce((total, { usd }) => total + usd, 0);
    expect(sum).toBeCloseTo(bill.totalUsd, 10);
    expect(alike[0]?.usd).toBe(alike[1]?.usd);
    expect(dearer?.sharedUsd).toBe(alike[0]?.sharedUsd);
    // A metric more, and 43,800 calls of 0.2 $ a million and 0.01 GB-s each.
    const more = (dearer?.ownUsd ?? 0) - (alike[0]?.ownUsd ?? 0);
    expect(more).toBeCloseTo(0.3 + 43_800 * (0.000_000_2 + 0.01 * 0.000_013_333_4), 6);
  });

  it.each([
    [1, { count: 1, usd: 3 }],
    [200, { count: 2, usd: 6 }],
  ])("tells the dashboards of %i target(s) apart from the total", (count, expected) => {
    const bill = billOf({ targets: targetsOf(count, SENTINEL) });
    expect(bill.dashboards).toEqual(expected);
    const sum = bill.lines.reduce((total, { usd }) => total + usd, 0);
    expect(bill.totalUsd).toBe(sum);
  });

  it("shows another profile than the config's when asked", () => {
    const config = configOf({ vantages: ["eu-west-1"], targets: targetsOf(1) });
    expect(monthlyBill(config).profile).toBe("standard");
    expect(monthlyBill(config, "lean")).toEqual(
      monthlyBill(configOf({ vantages: ["eu-west-1"], profile: "lean", targets: targetsOf(1) })),
    );
  });

  it.each([
    ["both eras", { era: "both" }, 8 * 43_800],
    ["two sentinels", { sentinels: [{ tool: "a" }, { tool: "b" }] }, 6 * 43_800],
    ["a stream every hour", { stream: { tool: "s", every: "60m" } }, 4 * 43_800 + 730],
    [
      "three clients at once every hour",
      { concurrency: { every: "60m", clients: 3 } },
      4 * 43_800 + 3 * 730,
    ],
  ] as const)("counts what is asked of a target's function: %s", (_title, target, requests) => {
    const { lines } = billOf({ targets: targetsOf(1, target as never) });
    expect(lines.find(({ line }) => line === "targetRequests")?.quantity).toBe(requests);
  });
});

it("names a source of every price", () => {
  for (const { usd, unit, source } of Object.values(PRICES)) {
    expect(usd).toBeGreaterThan(0);
    expect(unit).not.toBe("");
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\//u);
  }
});
