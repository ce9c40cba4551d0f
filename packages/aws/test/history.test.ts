import { rm } from "node:fs/promises";
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { RunRecord } from "@vigil/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { localClient } from "../src/embedded/client.ts";
import { type OpenDatabase, openEmbedded } from "../src/embedded.ts";
import {
  createHistory,
  ensureTable,
  type History,
  type RunListing,
  type RunQuery,
  runKey,
  type UnreadableItem,
} from "../src/index.ts";
import { CLOCK, failedRun, failure, healthyRun, minute, state } from "./fixtures.ts";
import { temporaryFolder } from "./processes.ts";

const dir = temporaryFolder();
let database: OpenDatabase;
let documents: DynamoDBDocumentClient;
let tableName: string;
let history: History;
let unreadable: UnreadableItem[];
let tables = 0;

beforeAll(async () => {
  const opened = await openEmbedded({ dir });
  if (opened.kind !== "open") throw new Error(JSON.stringify(opened));
  database = opened;
  documents = DynamoDBDocumentClient.from(database.client);
});

afterAll(async () => {
  await database.close();
  await rm(dir, { recursive: true });
});

beforeEach(async () => {
  tables += 1;
  tableName = `history-${tables}`;
  await ensureTable(database.client, tableName);
  unreadable = [];
  const onUnreadable = (item: UnreadableItem) => void unreadable.push(item);
  history = createHistory({ client: database.client, tableName, clock: CLOCK, onUnreadable });
});

const TARGET = healthyRun().target;

function run(n: number, changes: Partial<RunRecord> = {}): RunRecord {
  return healthyRun({ scheduledAt: minute(n), ...changes });
}

async function recordAll(records: readonly RunRecord[]): Promise<void> {
  for (const record of records) expect(await history.recordRun(record)).toBe("written");
}

async function all(listing: RunListing): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const record of listing) records.push(record);
  return records;
}

async function minutesOf(query: RunQuery): Promise<string[]> {
  const records = await all(history.runs(TARGET, query));
  return records.map(({ scheduledAt, vantage }) => `${scheduledAt.slice(11, 16)} ${vantage}`);
}

/** Stores what the history itself would never write. */
function store(item: Record<string, unknown>) {
  return documents.send(new PutCommand({ TableName: tableName, Item: item }));
}

describe("recordRun", () => {
  it.each([
    ["healthy", healthyRun()],
    ["failed", failedRun()],
  ])("keeps a run as it is: %s", async (_, record) => {
    expect(await history.recordRun(record)).toBe("written");
    expect(await all(history.runs(TARGET))).toEqual([record]);
  });

  it("keeps the first of two runs for one minute, target and vantage", async () => {
    const first = run(0);
    expect(await history.recordRun(first)).toBe("written");
    expect(await history.recordRun(run(0, { runId: "second", status: "down" }))).toBe("duplicate");
    expect(await all(history.runs(TARGET))).toEqual([first]);
  });

  it("writes one of many at once", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) => history.recordRun(run(0, { runId: `run-${n}` }))),
    );
    expect(outcomes.toSorted()).toEqual([...Array(7).fill("duplicate"), "written"]);
  });

  it("tells targets, vantages and minutes apart", async () => {
    await recordAll([run(0), run(1), run(0, { vantage: "local" }), run(0, { target: "other" })]);
  });

  it("stores a run larger than an item may be, shortened", async () => {
    const failures = Array.from({ length: 300 }, () => failure({ body: "é".repeat(2_048) }));
    await recordAll([failedRun({ failures })]);
    const [stored] = await all(history.runs(TARGET));
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
    expect(await all(history.runs("nobody"))).toEqual([]);
    expect(await history.lastRun("nobody")).toBeNull();
  });

  it("lists one target's runs, though another's name begins alike", async () => {
    await recordAll([run(0), run(1, { target: `${TARGET}-2` })]);
    expect(await minutesOf({})).toEqual(["08:00 eu-west-1"]);
  });

  it("walks all pages, in both directions", async () => {
    const failures = Array.from({ length: 9 }, () => failure({ body: "x".repeat(2_048) }));
    const records = Array.from({ length: 90 }, (_, n) => run(n, { failures }));
    await recordAll(records);
    const firstPage = await documents.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": `TARGET#${TARGET}` },
      }),
    );
    expect(firstPage.LastEvaluatedKey).toBeDefined();
    expect(await all(history.runs(TARGET, { order: "oldest" }))).toEqual(records);
    expect(await all(history.runs(TARGET))).toEqual(records.toReversed());
    const span = { since: minute(3), until: minute(88), order: "oldest" } as const;
    expect(await all(history.runs(TARGET, span))).toEqual(records.slice(3, 88));
  });

  it("leaves out what has expired, and still fills its limit", async () => {
    await recordAll([run(0), run(1), run(2)]);
    const expiryOf = (n: number) => Date.parse(minute(n)) + 90 * 86_400_000;
    const at = (now: number) =>
      createHistory({ client: documents, tableName, clock: { now: () => now } });
    expect(await all(at(expiryOf(1) - 1).runs(TARGET, { limit: 5, order: "oldest" }))).toEqual([
      run(1),
      run(2),
    ]);
    expect(await all(at(expiryOf(1)).runs(TARGET, { limit: 1, order: "oldest" }))).toEqual([
      run(2),
    ]);
    expect(await at(expiryOf(2)).lastRun(TARGET)).toBeNull();
  });

  it("goes past what it cannot read, and names it", async () => {
    await recordAll([run(0), run(2)]);
    const key = runKey(run(1));
    await store({ ...key, run: "{" });
    const listing = history.runs(TARGET, { limit: 2 });
    const missing = { ...key, reason: "body is not JSON" };
    expect(await all(listing)).toEqual([run(2), run(0)]);
    expect(listing.unreadable).toEqual([missing]);
    expect(await all(listing)).toHaveLength(2);
    expect(listing.unreadable).toEqual([missing]);
    expect(unreadable).toEqual([missing, missing]);
  });

  it("fetches no more than is asked of it", async () => {
    await recordAll([run(0), run(1)]);
    for await (const record of history.runs(TARGET)) {
      expect(record).toEqual(run(1));
      break;
    }
  });
});

describe("lastRun", () => {
  it("is the newest run, of any vantage or of one", async () => {
    await recordAll([run(0, { vantage: "local" }), run(1), run(2)]);
    expect(await history.lastRun(TARGET)).toEqual(run(2));
    expect(await history.lastRun(TARGET, "local")).toEqual(run(0, { vantage: "local" }));
    expect(await history.lastRun(TARGET, "mars")).toBeNull();
  });
});

describe("states", () => {
  it("are kept per target and vantage", async () => {
    const states = [
      state({ target: "a", vantage: "eu-west-1" }),
      state({ target: "a", vantage: "local", status: "down", modes: ["timeout"] }),
      state({ target: "b", vantage: "local", era: null, baseline: null }),
    ];
    for (const one of states) expect(await history.putState(one)).toBe("written");
    expect(await history.states()).toEqual(states);
    expect(await history.getState("a", "local")).toEqual(states[1]);
    expect(await history.getState("b", "eu-west-1")).toBeNull();
    expect(await history.targets()).toEqual(["a", "b"]);
  });

  it("are empty at first", async () => {
    expect(await history.states()).toEqual([]);
    expect(await history.targets()).toEqual([]);
  });

  it.each([
    ["an older minute", minute(4), "stale"],
    ["an older minute in another form", "2026-11-22T09:04:00+01:00", "stale"],
    ["the same minute", minute(5), "written"],
    ["a newer minute", minute(6), "written"],
  ] as const)("are replaced by no older one: %s", async (_, lastRunAt, expected) => {
    const stored = state({ lastRunAt: minute(5) });
    const next = state({ lastRunAt, status: "down", modes: ["timeout"] });
    expect(await history.putState(stored)).toBe("written");
    expect(await history.putState(next)).toBe(expected);
    const kept = expected === "stale" ? stored : next;
    expect(await history.getState("orders", "eu-west-1")).toEqual(kept);
  });

  it("end at the newest, whatever the order of many at once", async () => {
    const minutes = [3, 9, 1, 7, 5, 0, 8, 2];
    await Promise.all(minutes.map((n) => history.putState(state({ lastRunAt: minute(n) }))));
    expect((await history.getState("orders", "eu-west-1"))?.lastRunAt).toBe(minute(9));
  });

  it("of another shard are apart", async () => {
    const options = { client: database.client, tableName, clock: CLOCK };
    await createHistory({ ...options, shard: 1 }).putState(state());
    expect(await history.states()).toEqual([]);
    expect(await createHistory({ ...options, shard: 1 }).targets()).toEqual(["orders"]);
  });

  it("that cannot be read count as absent, are named, and can be written anew", async () => {
    const key = { pk: "STATE#0", sk: "orders#eu-west-1" };
    await store({ ...key, lastRunAt: minute(0), state: "{}" });
    expect(await history.getState("orders", "eu-west-1")).toBeNull();
    expect(await history.states()).toEqual([]);
    expect(await history.targets()).toEqual(["orders"]);
    const missing = { ...key, reason: 'unexpected "target"' };
    expect(unreadable).toEqual([missing, missing]);
    expect(await history.putState(state())).toBe("written");
    expect(await history.states()).toEqual([state()]);
  });
});

describe("ensureTable", () => {
  it("makes the table once, also when several ask at the same time", async () => {
    const name = `${tableName}-shared`;
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => ensureTable(database.client, name)),
    );
    expect(outcomes.toSorted()).toEqual([...Array(5).fill("existing"), "created"].toSorted());
    expect(await ensureTable(database.client, name)).toBe("existing");
  });
});

describe("a fault of the table's", () => {
  const away = localClient({ endpoint: "http://127.0.0.1:1", accessKeyId: "none" });
  const faults = [
    ["not reachable", () => away, () => tableName, "history-unavailable"],
    ["no such table", () => database.client, () => "absent", "history-table-missing"],
    [
      "not allowed",
      () => localClient({ endpoint: database.endpoint, accessKeyId: "intruder" }),
      () => tableName,
      "history-denied",
    ],
  ] as const;
  const uses: readonly [string, (broken: History) => Promise<unknown>][] = [
    ["recordRun", (broken) => broken.recordRun(run(0))],
    ["runs", (broken) => all(broken.runs(TARGET))],
    ["lastRun", (broken) => broken.lastRun(TARGET)],
    ["targets", (broken) => broken.targets()],
    ["getState", (broken) => broken.getState(TARGET, "local")],
    ["states", (broken) => broken.states()],
    ["putState", (broken) => broken.putState(state())],
  ];

  it.each(faults)("has a code and keeps its cause: %s", async (_, client, name, code) => {
    const broken = createHistory({ client: client(), tableName: name(), clock: CLOCK });
    for (const [method, use] of uses) {
      const thrown: unknown = await use(broken).catch((error: unknown) => error);
      expect({ method, thrown }).toMatchObject({
        method,
        thrown: { name: "HistoryError", code, cause: expect.any(Error) },
      });
    }
  });

  it("reaches who asks for the table", async () => {
    await expect(ensureTable(away, tableName)).rejects.toMatchObject({
      code: "history-unavailable",
    });
  });
});
