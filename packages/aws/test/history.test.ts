import { DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createHistory, type RunQuery, runKey } from "../src/index.ts";
import { failedRun, failure, healthyRun, minute } from "./fixtures.ts";
import { losingAnswers } from "./lost-answers.ts";
import { collect, useTable } from "./sandbox.ts";

const table = useTable();
const TARGET = healthyRun().target;

function run(n: number, changes: Partial<RunRecord> = {}): RunRecord {
  return healthyRun({ scheduledAt: minute(n), ...changes });
}

async function recordAll(records: readonly RunRecord[]): Promise<void> {
  for (const record of records) expect(await table.history().recordRun(record)).toBe("written");
}

async function minutesOf(query: RunQuery): Promise<string[]> {
  const records = await collect(table.history().runs(TARGET, query));
  return records.map(({ scheduledAt, vantage }) => `${scheduledAt.slice(11, 16)} ${vantage}`);
}

function documents(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(table.database().client);
}

/** Stores what the history itself would never write. */
function store(item: Record<string, unknown>) {
  return documents().send(new PutCommand({ TableName: table.tableName(), Item: item }));
}

describe("recordRun", () => {
  it.each([
    ["healthy", healthyRun()],
    ["failed", failedRun()],
  ])("keeps a run as it is: %s", async (_, record) => {
    expect(await table.history().recordRun(record)).toBe("written");
    expect(await collect(table.history().runs(TARGET))).toEqual([record]);
  });

  it("keeps the first of two runs for one minute, target and vantage", async () => {
    const first = run(0);
    expect(await table.history().recordRun(first)).toBe("written");
    expect(await table.history().recordRun(run(0, { runId: "second", status: "down" }))).toBe(
      "duplicate",
    );
    expect(await collect(table.history().runs(TARGET))).toEqual([first]);
  });

  it("writes one of many at once", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => table.history().recordRun(run(0, { runId: `run-${n}` }))),
    );
    expect(outcomes.toSorted()).toEqual([...Array(7).fill("duplicate"), "written"]);
  });

  it.each([
    ["its own, whose answer was lost", run(0), "written"],
    ["another's", run(0, { runId: "second" }), "duplicate"],
  ])("tells a repeat that finds %s", async (_, first, outcome) => {
    if (outcome === "duplicate") await table.history().recordRun(first);
    const record = () => table.history().recordRun(run(0));
    expect(await losingAnswers(table.database().client, [true], record)).toBe(outcome);
    expect(await collect(table.history().runs(TARGET))).toEqual([first]);
  });

  it("tells targets, vantages and minutes apart", async () => {
    await recordAll([run(0), run(1), run(0, { vantage: "local" }), run(0, { target: "other" })]);
  });

  it("stores a run larger than an item may be, shortened", async () => {
    const failures = Array.from({ length: 300 }, () => failure({ body: "é".repeat(2_048) }));
    await recordAll([failedRun({ failures })]);
    const [stored] = await collect(table.history().runs(TARGET));
    expect(stored?.notes).toEqual([
      "no sentinel was called: the tool is missing",
      "Shortened for history: the whole run is larger than one item may be.",
    ]);
    expect(stored?.failures.length).toBeGreaterThan(0);
  });
});

describe("runs", () => {
  const both = [run(0), run(0, { vantage: "local" }), run(1), run(2), run(2, { vantage: "local" })];

  it.each<[string, RunQuery, string[]]>([
    [
      "all, newest first",
      {},
      ["08:02 local", "08:02 eu-west-1", "08:01 eu-west-1", "08:00 local", "08:00 eu-west-1"],
    ],
    [
      "all, oldest first",
      { order: "oldest" },
      ["08:00 eu-west-1", "08:00 local", "08:01 eu-west-1", "08:02 eu-west-1", "08:02 local"],
    ],
    [
      "since, inclusive",
      { since: minute(1) },
      ["08:02 local", "08:02 eu-west-1", "08:01 eu-west-1"],
    ],
    ["until, exclusive", { until: minute(1), order: "oldest" }, ["08:00 eu-west-1", "08:00 local"]],
    [
      "one minute, in another form",
      { since: "2026-11-22T09:01+01:00", until: minute(2) },
      ["08:01 eu-west-1"],
    ],
    ["one vantage", { vantage: "local" }, ["08:02 local", "08:00 local"]],
    ["the newest of one vantage", { vantage: "eu-west-1", limit: 1 }, ["08:02 eu-west-1"]],
    ["the oldest two", { limit: 2, order: "oldest" }, ["08:00 eu-west-1", "08:00 local"]],
    ["none", { limit: 0 }, []],
    ["an empty span", { since: minute(1), until: minute(1) }, []],
    ["a span the wrong way round", { since: minute(2), until: minute(1) }, []],
    ["an unknown vantage", { vantage: "mars" }, []],
  ])("lists %s", async (_, query, expected) => {
    await recordAll(both);
    expect(await minutesOf(query)).toEqual(expected);
  });

  it("lists nothing for a target without runs", async () => {
    expect(await collect(table.history().runs("nobody"))).toEqual([]);
    expect(await table.history().lastRun("nobody")).toBeNull();
  });

  it("lists one target's runs, though another's name begins alike", async () => {
    await recordAll([run(0), run(1, { target: `${TARGET}-2` })]);
    expect(await minutesOf({})).toEqual(["08:00 eu-west-1"]);
  });

  it("walks all pages, in both directions", async () => {
    const failures = Array.from({ length: 9 }, () => failure({ body: "x".repeat(2_048) }));
    const records = Array.from({ length: 90 }, (_, n) => run(n, { failures }));
    await recordAll(records);
    const firstPage = await documents().send(
      new QueryCommand({
        TableName: table.tableName(),
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": `TARGET#${TARGET}` },
      }),
    );
    expect(firstPage.LastEvaluatedKey).toBeDefined();
    expect(await collect(table.history().runs(TARGET, { order: "oldest" }))).toEqual(records);
    expect(await collect(table.history().runs(TARGET))).toEqual(records.toReversed());
    const span = { since: minute(3), until: minute(88), order: "oldest" } as const;
    expect(await collect(table.history().runs(TARGET, span))).toEqual(records.slice(3, 88));
  });

  it("leaves out what has expired, and still fills its limit", async () => {
    await recordAll([run(0), run(1), run(2)]);
    const expiryOf = (n: number) => Date.parse(minute(n)) + 90 * 86_400_000;
    const at = (now: number) =>
      createHistory({
        client: documents(),
        tableName: table.tableName(),
        clock: { now: () => now },
      });
    expect(await collect(at(expiryOf(1) - 1).runs(TARGET, { limit: 5, order: "oldest" }))).toEqual([
      run(1),
      run(2),
    ]);
    expect(await collect(at(expiryOf(1)).runs(TARGET, { limit: 1, order: "oldest" }))).toEqual([
      run(2),
    ]);
    expect(await at(expiryOf(2)).lastRun(TARGET)).toBeNull();
  });

  it("goes past what it cannot read, and names it", async () => {
    await recordAll([run(0), run(2)]);
    const key = runKey(run(1));
    await store({ ...key, run: "{" });
    const listing = table.history().runs(TARGET, { limit: 2 });
    const missing = { ...key, reason: "body is not JSON" };
    expect(await collect(listing)).toEqual([run(2), run(0)]);
    expect(listing.unreadable).toEqual([missing]);
    expect(await collect(listing)).toHaveLength(2);
    expect(listing.unreadable).toEqual([missing]);
    expect(table.unreadable).toEqual([missing, missing]);
  });

  it("fetches no more than is asked of it", async () => {
    await recordAll([run(0), run(1)]);
    for await (const record of table.history().runs(TARGET)) {
      expect(record).toEqual(run(1));
      break;
    }
  });
});

describe("lastRun", () => {
  it("is the newest run, of any vantage or of one", async () => {
    await recordAll([run(0, { vantage: "local" }), run(1), run(2)]);
    expect(await table.history().lastRun(TARGET)).toEqual(run(2));
    expect(await table.history().lastRun(TARGET, "local")).toEqual(run(0, { vantage: "local" }));
    expect(await table.history().lastRun(TARGET, "mars")).toBeNull();
  });
});
