import { DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type HourRollup, hourOf, type RunRecord, rollUp } from "@vigil/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createHistory,
  type History,
  HistoryError,
  ROLLUP_RETENTION_DAYS,
  type RollupQuery,
} from "../src/index.ts";
import { encodeRun } from "../src/run-item.ts";
import { CLOCK, failedRun, failure, healthyRun, minute } from "./fixtures.ts";
import { losingAnswers } from "./lost-answers.ts";
import { collect, useTable } from "./sandbox.ts";

const table = useTable();
const TARGET = healthyRun().target;

async function rollupsOf(target: string, query: RollupQuery = {}): Promise<HourRollup[]> {
  const listing = table.history().rollups(target, { order: "oldest", ...query });
  const rollups: HourRollup[] = [];
  for await (const rollup of listing) rollups.push(rollup);
  return rollups;
}

function documents(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(table.database().client);
}

function writer(): History {
  return createHistory({
    client: table.database().client,
    tableName: table.tableName(),
    clock: CLOCK,
  });
}

const OUTCOMES: readonly Partial<RunRecord>[] = [
  {},
  { status: "degraded", failures: [{ ...failure(), mode: "slow" }] },
  { status: "degraded", failures: [{ ...failure(), mode: "transient-timeout" }] },
  { status: "down", confirmed: true, failures: [failure()] },
  { status: "down", confirmed: false, failures: [failure(), { ...failure(), mode: "slow" }] },
  { status: "unknown", failures: [{ ...failure(), mode: "secret-unavailable" }] },
  { kind: "burst" },
];

const STEP_MS = 5_000;

interface Slot {
  readonly at: number;
  readonly vantage: string;
  readonly outcome: number;
  readonly durationMs: number;
  readonly inGap: boolean;
}

/** Runs 5 s apart around the turn of an hour, few enough times that they meet. */
const SLOT: fc.Arbitrary<Slot> = fc.record({
  at: fc.integer({ min: -8, max: 8 }),
  vantage: fc.constantFrom("local", "eu-west-1"),
  outcome: fc.nat(OUTCOMES.length - 1),
  durationMs: fc.integer({ min: 0, max: 200_000 }).map((tenths) => tenths / 10),
  inGap: fc.boolean(),
});

function recordOf(target: string, { at, vantage, outcome, durationMs, inGap }: Slot): RunRecord {
  return healthyRun({
    target,
    vantage,
    scheduledAt: new Date(Date.parse(minute(60)) + at * STEP_MS).toISOString(),
    durationMs,
    gap: inGap ? minute(50) : null,
    ...OUTCOMES[outcome],
  });
}

describe("an hour", () => {
  it("is exactly its distinct runs, whatever comes twice, late, at once or unanswered", async () => {
    let cases = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(SLOT, { minLength: 1, maxLength: 12 }),
        fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        async (slots, repeats, losses) => {
          cases += 1;
          const target = `case-${cases}`;
          const records = slots.map((slot) => recordOf(target, slot));
          const again = repeats.map(([n, second]) => ({ n: n % records.length, second }));
          const deliveries = [
            ...records.map((record, n) => ({ record, second: n % 2 === 1 })),
            ...again.flatMap(({ n, second }) =>
              records.slice(n, n + 1).map((record) => ({ record, second })),
            ),
          ];
          await losingAnswers(table.database().client, losses, () =>
            Promise.all([deliver(deliveries, false), deliver(deliveries.toReversed(), true)]),
          );
          const kept = await collect(table.history().runs(target));
          expect(new Set(kept.map(timeAndVantage))).toEqual(new Set(records.map(timeAndVantage)));
          expect(await rollupsOf(target)).toEqual(rollUp(kept, STEP_MS));
        },
      ),
      { numRuns: 25 },
    );
  });

  function timeAndVantage({ scheduledAt, vantage }: RunRecord): string {
    return `${scheduledAt} ${vantage}`;
  }

  async function deliver(
    deliveries: readonly { readonly record: RunRecord; readonly second: boolean }[],
    second: boolean,
  ): Promise<void> {
    const history = writer();
    for (const { record } of deliveries.filter((delivery) => delivery.second === second)) {
      await untilAnswered(() => history.recordRun(record, { everyMs: STEP_MS }));
    }
  }

  /** As what could not be written is delivered again. */
  async function untilAnswered(write: () => Promise<unknown>): Promise<void> {
    const error: unknown = await write().then(
      () => null,
      (reason: unknown) => reason,
    );
    if (error === null) return;
    if (!(error instanceof HistoryError)) throw error;
    await untilAnswered(write);
  }

  it("takes many writers at once, each with a slower run", async () => {
    const records = Array.from({ length: 24 }, (_, n) =>
      healthyRun({ scheduledAt: minute(n), durationMs: 100 + n }),
    );
    await Promise.all(records.map((record) => writer().recordRun(record)));
    expect(await rollupsOf(TARGET)).toEqual(rollUp(records, 60_000));
  });

  it("is repaired by a duplicate when the first writer ended before it got there", async () => {
    const record = failedRun({ kind: "scheduled" });
    await documents().send(
      new PutCommand({ TableName: table.tableName(), Item: { ...encodeRun(record) } }),
    );
    expect(await rollupsOf(TARGET)).toEqual([]);
    expect(await table.history().recordRun(record)).toBe("duplicate");
    expect(await rollupsOf(TARGET)).toEqual(rollUp([record], 60_000));
  });

  it("counts the run that history keeps, not another one for the same time", async () => {
    const kept = healthyRun();
    await table.history().recordRun(kept);
    await table.history().recordRun(failedRun({ kind: "scheduled", scheduledAt: minute(0) }));
    expect(await rollupsOf(TARGET)).toEqual(rollUp([kept], 60_000));
  });

  it("counts nothing for a run that it cannot read", async () => {
    const record = healthyRun();
    const item = { ...encodeRun(record), run: "{" };
    await documents().send(new PutCommand({ TableName: table.tableName(), Item: item }));
    expect(await table.history().recordRun(record)).toBe("duplicate");
    expect(await rollupsOf(TARGET)).toEqual([]);
    expect(table.unreadable).toMatchObject([{ reason: "body is not JSON" }]);
  });

  it("fits into one write unit when the target is healthy", async () => {
    for (let n = 0; n < 60; n += 1) {
      const durationMs = 150 * 1.05 ** (n % 30);
      await table.history().recordRun(healthyRun({ scheduledAt: minute(n), durationMs }));
    }
    const { Items = [], ConsumedCapacity } = await documents().send(
      new QueryCommand({
        TableName: table.tableName(),
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :hour)",
        ExpressionAttributeValues: { ":pk": `TARGET#${TARGET}`, ":hour": "HOUR#" },
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    expect(Items).toMatchObject([
      {
        sk: `HOUR#${hourOf(minute(0))}#eu-west-1`,
        expiresAt: Date.parse(hourOf(minute(0))) / 1_000 + ROLLUP_RETENTION_DAYS * 86_400,
      },
    ]);
    expect(ConsumedCapacity?.CapacityUnits).toBe(0.5);
    expect(sizeOf(Items[0] ?? {})).toBeLessThanOrEqual(1_024);
  });
});

/** As DynamoDB counts: names, text as UTF-8, and numbers at half a byte a digit and one more. */
function sizeOf(item: Readonly<Record<string, unknown>>): number {
  const sizeOfValue = (value: unknown): number => {
    if (value instanceof Set) return [...value].reduce((sum, one) => sum + sizeOfValue(one) + 1, 0);
    if (typeof value !== "number") return Buffer.byteLength(String(value));
    const digits = String(value).replace(/[.-]/gu, "").replace(/0+$/u, "").length;
    return Math.ceil(digits / 2) + 2;
  };
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + sizeOfValue(value),
    0,
  );
}

describe("the times of an hour", () => {
  it.each([
    [0, "00"],
    [31 * 60_000, "31"],
    [31 * 60_000 + 5_000, "31:05"],
    [5_000, "00:05"],
    [31 * 60_000 + 250, "31:00.250"],
    [3_599_999, "59:59.999"],
  ])("%d ms are kept as %s", async (offset, kept) => {
    const scheduledAt = new Date(Date.parse(minute(0)) + offset).toISOString();
    await table.history().recordRun(healthyRun({ scheduledAt }));
    const { Items = [] } = await documents().send(
      new QueryCommand({
        TableName: table.tableName(),
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :hour)",
        ExpressionAttributeValues: { ":pk": `TARGET#${TARGET}`, ":hour": "HOUR#" },
      }),
    );
    expect(Items).toMatchObject([{ seen: new Set([kept]) }]);
    expect(await rollupsOf(TARGET)).toMatchObject([{ seen: [offset] }]);
  });
});

describe("rollups", () => {
  const both = [0, 59, 60, 150].flatMap((n) => [
    healthyRun({ scheduledAt: minute(n) }),
    healthyRun({ scheduledAt: minute(n), vantage: "local" }),
  ]);

  it.each<[string, RollupQuery, string[]]>([
    [
      "all, newest first",
      { order: "newest" },
      ["10 local", "10 eu-west-1", "09 local", "09 eu-west-1", "08 local", "08 eu-west-1"],
    ],
    ["one vantage", { vantage: "local" }, ["08 local", "09 local", "10 local"]],
    ["the oldest of one vantage", { vantage: "local", limit: 1 }, ["08 local"]],
    ["the hour that `since` is in", { since: minute(119), limit: 1 }, ["09 eu-west-1"]],
    [
      "the hour that `until` is in, but not one that it starts",
      { since: minute(60), until: minute(120) },
      ["09 eu-west-1", "09 local"],
    ],
    ["`until` within an hour", { until: minute(1) }, ["08 eu-west-1", "08 local"]],
    ["a span the wrong way round", { since: minute(120), until: minute(1) }, []],
  ])("lists %s", async (_name, query, expected) => {
    for (const record of both) await table.history().recordRun(record);
    const rollups = await rollupsOf(TARGET, query);
    expect(rollups.map(({ hour, vantage }) => `${hour.slice(11, 13)} ${vantage}`)).toEqual(
      expected,
    );
  });

  it.each<[string, "newest" | "oldest"]>([
    ["newest first", "newest"],
    ["oldest first", "oldest"],
  ])("reads months at once as it reads them in turn: %s", async (_name, order) => {
    const days = Array.from({ length: 61 }, (_, day) => minute(day * 1_440 + 59));
    for (const scheduledAt of days) await table.history().recordRun(healthyRun({ scheduledAt }));
    const key = { pk: `TARGET#${TARGET}`, sk: `HOUR#${hourOf(minute(600))}#local` };
    await documents().send(new PutCommand({ TableName: table.tableName(), Item: key }));
    const later = Date.parse(minute(61 * 1_440));
    const { client } = table.database();
    const clock = { now: () => later };
    const history = createHistory({ client, tableName: table.tableName(), clock });
    const listing = history.rollups(TARGET, { since: minute(30), order });
    const hours: string[] = [];
    for await (const { hour } of listing) hours.push(hour);
    const expected = days.map(hourOf);
    expect(hours).toEqual(order === "oldest" ? expected : expected.toReversed());
    expect(listing.unreadable).toEqual([{ ...key, reason: 'no "seen"' }]);
  });

  it("leaves out what has expired", async () => {
    await table.history().recordRun(healthyRun());
    const expiry = Date.parse(hourOf(minute(0))) + ROLLUP_RETENTION_DAYS * 86_400_000;
    const at = (now: number) =>
      createHistory({
        client: table.database().client,
        tableName: table.tableName(),
        clock: { now: () => now },
      });
    const count = async (now: number) => {
      let hours = 0;
      for await (const _ of at(now).rollups(TARGET)) hours += 1;
      return hours;
    };
    expect([await count(expiry - 1), await count(expiry)]).toEqual([1, 0]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["without a run", {}, 'no "seen"'],
    ["with a list in place of its set of times", { seen: ["00"] }, 'unexpected "seen"'],
    ["with a time that is none", { seen: new Set(["00", "60"]) }, 'unexpected "seen"'],
    ["with a count that is none", { seen: new Set(["00"]), ms_3: "many" }, 'unexpected "ms_3"'],
  ])("goes past an hour %s, and names it", async (_name, attributes, reason) => {
    await table.history().recordRun(healthyRun());
    const key = { pk: `TARGET#${TARGET}`, sk: "HOUR#2026-11-22T07:00:00.000Z#local" };
    await documents().send(
      new PutCommand({ TableName: table.tableName(), Item: { ...key, ...attributes } }),
    );
    expect(await rollupsOf(TARGET)).toHaveLength(1);
    expect(table.unreadable).toEqual([{ ...key, reason }]);
  });

  it("reads what a later version adds, and keeps its modes", async () => {
    await table.history().recordRun(healthyRun());
    const key = { pk: `TARGET#${TARGET}`, sk: "HOUR#2026-11-22T07:00:00.000Z#local" };
    const item = { ...key, seen: new Set(["00"]), coveredMs: 60_000, mode_new: 2, weather: "fine" };
    await documents().send(new PutCommand({ TableName: table.tableName(), Item: item }));
    expect((await rollupsOf(TARGET))[0]).toMatchObject({ seen: [0], modes: { new: 2 } });
    expect(table.unreadable).toEqual([]);
  });
});
