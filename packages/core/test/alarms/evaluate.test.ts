import { describe, expect, it } from "vitest";
import {
  type AlarmSpec,
  type AlarmState,
  alarmSpecs,
  evaluate,
  type MetricPoint,
  metricKey,
} from "../../src/alarms/index.ts";
import { decideState, type Rule } from "../../src/alarms/missing-data.ts";
import { configOf } from "../configs.ts";

const MINUTE = 60_000;
const START = Date.UTC(2026, 10, 22, 8);
const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const RETAIN = "retain";
type Expected = AlarmState | typeof RETAIN;

/** `0` within the threshold, `X` past it, `-` missing; oldest first. */
const rangeOf = (text: string) => text.split(" ").map((one) => (one === "-" ? null : one === "X"));

const all = (state: Expected): readonly Expected[] => [state, state, state, state];

/**
 * The tables of the Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing
 * data": the range, then the state by treatment in the order of TREATMENTS.
 */
const THREE_OF_THREE: readonly (readonly [string, readonly Expected[]])[] = [
  ["0 - X - X", all("OK")],
  ["- - - - 0", all("OK")],
  ["- - - - -", ["INSUFFICIENT_DATA", RETAIN, "ALARM", "OK"]],
  ["0 X X - X", all("ALARM")],
  ["- - X - -", ["ALARM", RETAIN, "ALARM", "OK"]],
];
const TWO_OF_THREE: readonly (readonly [string, readonly Expected[]])[] = [
  ["0 - X - X", all("ALARM")],
  ["0 0 X 0 X", all("ALARM")],
  ["0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  ["- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  ["- - - X -", ["ALARM", RETAIN, "ALARM", "OK"]],
];

describe.each([
  ["3 of 3", { datapointsToAlarm: 3, evaluationPeriods: 3 }, THREE_OF_THREE],
  ["2 of 3", { datapointsToAlarm: 2, evaluationPeriods: 3 }, TWO_OF_THREE],
] as const)("CloudWatch's documented table for %s", (_, counts, table) => {
  it.each(table)("%s", (text, expected) => {
    for (const previous of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const) {
      const states = TREATMENTS.map((missingData) => {
        const rule: Rule = { ...counts, missingData };
        return decideState(rangeOf(text), rule, previous);
      });
      expect(states).toEqual(expected.map((state) => (state === RETAIN ? previous : state)));
    }
  });
});

const CONFIG = configOf({
  vantages: ["eu-west-1", "us-west-2"],
  targets: [
    { name: "orders", url: "https://abc.lambda-url.us-east-1.on.aws/mcp", slowMs: 2_000 },
    { name: "billing", url: "https://def.lambda-url.us-east-1.on.aws/mcp" },
  ],
});
const SPECS = alarmSpecs(CONFIG);

function specOf(name: string): AlarmSpec {
  const found = SPECS.find((spec) => spec.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

type Minutes = readonly (number | null | readonly number[])[];

/** One letter a minute for the state at its end, CloudWatch's delay left out. */
function play(name: string, series: readonly Minutes[]): string {
  const spec = specOf(name);
  const sources = spec.watch.kind === "metric" ? [spec.watch] : spec.watch.sources;
  const datapoints = new Map(
    sources.map((source, n) => [metricKey(source), pointsOf(series[n] ?? [])]),
  );
  const length = Math.max(...series.map((minutes) => minutes.length));
  let previous: ReadonlyMap<string, AlarmState> = new Map();
  const letters: string[] = [];
  for (let minute = 1; minute <= length; minute += 1) {
    // Not at the minute itself: the one that goes on is not looked at.
    const now = START + minute * MINUTE + 30_000;
    previous = evaluate([spec], { datapoints, now, previous });
    letters.push(previous.get(name)?.[0] ?? "?");
  }
  return letters.join("");
}

function pointsOf(minutes: Minutes): readonly MetricPoint[] {
  return minutes.flatMap((values, minute) =>
    values === null
      ? []
      : [values].flat().map((value) => ({ at: START + minute * MINUTE + 20_000, value })),
  );
}

const _ = null;

/** O: ok, A: rings, I: not enough data. */
describe("our alarms over the minutes", () => {
  it.each([
    ["rings in the minute of a confirmed failure", [1, 1, 0, 0, 1, 1], "OOAAOO"],
    ["goes on ringing while nothing can be judged", [1, 0, _, _, _, _, _, 1], "OAAAAAAO"],
    ["does not ring for silence, which is the heartbeat's", [1, _, _, _, _, _], "OOOOOO"],
    ["has no state before a first run", [_, _, 0], "IIA"],
    ["rings when one of two values of a minute is a failure", [1, [1, 0], 1], "OAO"],
  ] as const)("down: %s", (_title, minutes, states) => {
    expect(play("orders-eu-west-1-down", [minutes])).toBe(states);
  });

  it.each([
    [
      "rings at the third minute of silence, and as long as it lasts",
      [2, 2, _, _, _, _, _, _, _, 2],
      "OOOOAAAAAO",
    ],
    ["rings at the third minute in which targets are missed", [2, 2, 2, 1, 1, 1, 2], "OOOOOAO"],
  ] as const)("heartbeat: %s", (_title, minutes, states) => {
    expect(play("heartbeat-eu-west-1", [minutes])).toBe(states);
  });

  it.each([
    ["rings at 3 of 5", [3_000, 1, 3_000, 1, 3_000, 1, 1, 1], "OOOOAOOO"],
    ["does not ring at 2 of 5", [3_000, 1, 1, 3_000, 1, 1, 3_000], "OOOOOOO"],
    ["counts minutes without a usable run as good", [3_000, 3_000, _, _, 3_000, 1], "OOOOAO"],
  ] as const)("slow, of one of two vantages: %s", (_title, minutes, states) => {
    expect(play("orders-slow", [minutes, minutes.map(() => 1)])).toBe(states);
  });

  it("slow: a vantage that is away hides nothing of the other", () => {
    expect(
      play("orders-slow", [
        [3_000, 3_000, 3_000],
        [_, _, _],
      ]),
    ).toBe("OOA");
  });

  it.each([
    ["rings after five minutes, not before", [1, 1, 1, 1, 1, 1], "OOOOAA"],
    // The newest five values decide, and CloudWatch looks back a little further than five minutes.
    ["takes no notice of a single minute without", [1, 1, 1, 1, _, 1, 1], "OOOOOAA"],
    ["ends soon after", [1, 1, 1, 1, 1, _, _, _], "OOOOAAAO"],
  ] as const)("unknown: %s", (_title, minutes, states) => {
    expect(play("unknown-eu-west-1", [minutes])).toBe(states);
  });
});
