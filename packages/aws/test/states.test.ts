import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { localClient } from "../src/embedded/client.ts";
import { createHistory, ensureTable, type History } from "../src/index.ts";
import { CLOCK, healthyRun, minute, state } from "./fixtures.ts";
import { collect, useTable } from "./sandbox.ts";

const table = useTable();

/** Stores what the history itself would never write. */
function store(item: Record<string, unknown>) {
  return DynamoDBDocumentClient.from(table.database().client).send(
    new PutCommand({ TableName: table.tableName(), Item: item }),
  );
}

describe("states", () => {
  it("are kept per target and vantage", async () => {
    const states = [
      state({ target: "a", vantage: "eu-west-1" }),
      state({ target: "a", vantage: "local", status: "down", modes: ["timeout"] }),
      state({ target: "b", vantage: "local", era: null, tools: null }),
    ];
    for (const one of states) expect(await table.history().putState(one)).toBe("written");
    expect(await table.history().states()).toEqual(states);
    expect(await table.history().getState("a", "local")).toEqual(states[1]);
    expect(await table.history().getState("b", "eu-west-1")).toBeNull();
    expect(await table.history().targets()).toEqual(["a", "b"]);
  });

  it("are empty at first", async () => {
    expect(await table.history().states()).toEqual([]);
    expect(await table.history().targets()).toEqual([]);
  });

  it.each([
    ["an older minute", minute(4), "stale"],
    ["an older minute in another form", "2026-11-22T09:04:00+01:00", "stale"],
    ["the same minute", minute(5), "written"],
    ["a newer minute", minute(6), "written"],
  ] as const)("are replaced by no older one: %s", async (_, lastRunAt, expected) => {
    const stored = state({ lastRunAt: minute(5) });
    const next = state({ lastRunAt, status: "down", modes: ["timeout"] });
    expect(await table.history().putState(stored)).toBe("written");
    expect(await table.history().putState(next)).toBe(expected);
    const kept = expected === "stale" ? stored : next;
    expect(await table.history().getState("orders", "eu-west-1")).toEqual(kept);
  });

  it("end at the newest, whatever the order of many at once", async () => {
    const minutes = [3, 9, 1, 7, 5, 0, 8, 2];
    await Promise.all(
      minutes.map((n) => table.history().putState(state({ lastRunAt: minute(n) }))),
    );
    expect((await table.history().getState("orders", "eu-west-1"))?.lastRunAt).toBe(minute(9));
  });

  const [first, second] = [state({ lastRunAt: minute(3) }), state({ lastRunAt: minute(5) })];
  it.each([
    ["nothing, over nothing", null, null, "written"],
    ["a state, over nothing", second, null, "stale"],
    ["the state that it goes on from", second, second, "written"],
    ["another than that, though older", first, second, "stale"],
    [
      "itself, as a request that is sent again does",
      state({ lastRunAt: minute(6) }),
      second,
      "written",
    ],
    ["nothing any more", null, second, "stale"],
  ] as const)("replace what they go on from alone: %s", async (_, stored, over, expected) => {
    if (stored !== null) await table.history().putState(stored);
    const next = state({ lastRunAt: minute(6), status: "down" });
    expect(await table.history().putState(next, over)).toBe(expected);
    const kept = expected === "stale" ? stored : next;
    expect(await table.history().getState("orders", "eu-west-1")).toEqual(kept);
  });

  it("of another shard are apart", async () => {
    const options = { client: table.database().client, tableName: table.tableName(), clock: CLOCK };
    await createHistory({ ...options, shard: 1 }).putState(state());
    expect(await table.history().states()).toEqual([]);
    expect(await createHistory({ ...options, shard: 1 }).targets()).toEqual(["orders"]);
  });

  describe("of every shard", () => {
    const shardOf = (shard: number, everyShard = false) =>
      createHistory({
        client: table.database().client,
        tableName: table.tableName(),
        clock: CLOCK,
        shard,
        everyShard,
      });

    it("are listed together, also past a shard that has none yet", async () => {
      const [a, b, c] = ["a", "b", "c"].map((target) => state({ target }));
      for (const [shard, one] of [
        [0, b],
        [2, a],
        [5, c],
      ] as const) {
        if (one !== undefined) await shardOf(shard).putState(one);
      }
      expect(await shardOf(0, true).states()).toEqual([a, b, c]);
      expect(await shardOf(0, true).targets()).toEqual(["a", "b", "c"]);
    });

    it.each([
      ["a later one", 0, 1],
      ["an earlier one", 1, 0],
    ])("are the newest of a target that has moved to %s", async (_, from, to) => {
      const [left, current] = [state({ lastRunAt: minute(3) }), state({ lastRunAt: minute(5) })];
      await shardOf(from).putState(left);
      await shardOf(to).putState(current);
      expect(await shardOf(0, true).states()).toEqual([current]);
    });
  });

  it("that cannot be read count as absent, are named, and can be written anew", async () => {
    const key = { pk: "STATE#0", sk: "orders#eu-west-1" };
    await store({ ...key, lastRunAt: minute(0), state: "{}" });
    expect(await table.history().getState("orders", "eu-west-1")).toBeNull();
    expect(await table.history().states()).toEqual([]);
    expect(await table.history().targets()).toEqual(["orders"]);
    const missing = { ...key, reason: 'unexpected "target"' };
    expect(table.unreadable).toEqual([missing, missing]);
    expect(await table.history().putState(state())).toBe("written");
    expect(await table.history().states()).toEqual([state()]);
  });
});

describe("ensureTable", () => {
  it("makes the table once, also when several ask at the same time", async () => {
    const name = `${table.tableName()}-shared`;
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, () => ensureTable(table.database().client, name)),
    );
    expect(outcomes.toSorted()).toEqual([...Array(5).fill("existing"), "created"].toSorted());
    expect(await ensureTable(table.database().client, name)).toBe("existing");
  });
});

describe("a fault of the table's", () => {
  const away = localClient({ endpoint: "http://127.0.0.1:1", accessKeyId: "none" });
  const faults = [
    ["not reachable", () => away, () => table.tableName(), "history-unavailable"],
    ["no such table", () => table.database().client, () => "absent", "history-table-missing"],
    [
      "not allowed",
      () => localClient({ endpoint: table.database().endpoint, accessKeyId: "intruder" }),
      () => table.tableName(),
      "history-denied",
    ],
  ] as const;
  const uses: readonly [string, (broken: History) => Promise<unknown>][] = [
    ["recordRun", (broken) => broken.recordRun(healthyRun())],
    ["runs", (broken) => collect(broken.runs(healthyRun().target))],
    ["lastRun", (broken) => broken.lastRun(healthyRun().target)],
    ["targets", (broken) => broken.targets()],
    ["getState", (broken) => broken.getState(healthyRun().target, "local")],
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
    await expect(ensureTable(away, table.tableName())).rejects.toMatchObject({
      code: "history-unavailable",
    });
  });
});
