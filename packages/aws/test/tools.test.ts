import { createHash } from "node:crypto";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { compareTools, type KeptTool, type ToolBaseline, type ToolLists } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createHistory, type UnreadableItem } from "../src/index.ts";
import { CLOCK, healthyRun, minute } from "./fixtures.ts";
import { collect, useTable } from "./sandbox.ts";

const table = useTable();

function documents() {
  return DynamoDBDocumentClient.from(table.database().client);
}

function tool(name: string, properties: object = {}): KeptTool {
  return { name, inputSchema: { type: "object", properties } };
}

function lists(tools: readonly KeptTool[], toolsHash = "sha256:00"): ToolLists {
  return { legacy: { toolsHash, toolCount: tools.length, tools } };
}

const TOOLS = [tool("query_table", { table: { type: "string", description: "Überblick 📋" } })];

function baseline(changes: Partial<ToolBaseline> = {}): ToolBaseline {
  return {
    at: minute(1),
    lists: lists(TOOLS),
    acceptedAt: minute(2),
    acceptedBy: "first-good-run",
    previousAcceptedAt: null,
    ...changes,
  };
}

describe("a baseline", () => {
  it("is absent at first, and reads back as it was, for its target alone", async () => {
    const history = table.history();
    expect(await history.getBaseline("orders")).toBeNull();
    const both = baseline({ lists: { ...lists(TOOLS), modern: { ...lists([]).legacy } as never } });
    const write = { target: "orders", baseline: both, when: "absent" } as const;
    expect(await history.putBaseline(write)).toBe("written");
    expect(await history.getBaseline("orders")).toEqual(both);
    expect(await history.getBaseline("order")).toBeNull();
    expect(await history.getTools("orders")).toBeNull();
  });

  it("is set once where it is absent, however many set it at once", async () => {
    const history = table.history();
    const set = (n: number) =>
      history.putBaseline({
        target: "orders",
        baseline: baseline({ acceptedAt: minute(n) }),
        when: "absent",
      });
    const outcomes = await Promise.all([0, 1, 2, 3].map(set));
    expect(outcomes.filter((outcome) => outcome === "written")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "present")).toHaveLength(3);
    const kept = outcomes.indexOf("written");
    expect((await history.getBaseline("orders"))?.acceptedAt).toBe(minute(kept));
  });

  it("is replaced when an operator accepts another", async () => {
    const history = table.history();
    await history.putBaseline({ target: "orders", baseline: baseline(), when: "absent" });
    const next = baseline({
      acceptedAt: minute(9),
      acceptedBy: "operator",
      previousAcceptedAt: minute(2),
      lists: lists([], "sha256:01"),
    });
    const write = { target: "orders", baseline: next, when: "always" } as const;
    expect(await history.putBaseline(write)).toBe("written");
    expect(await history.getBaseline("orders")).toEqual(next);
  });

  it("is no run, no target, and does not expire", async () => {
    const history = table.history();
    await history.putBaseline({ target: "orders", baseline: baseline(), when: "absent" });
    await history.putTools("orders", baseline());
    await history.recordRun(healthyRun({ target: "orders" }));
    expect(await collect(history.runs("orders"))).toHaveLength(1);
    expect(await history.targets()).toEqual([]);
    const { Item } = await documents().send(
      new GetCommand({
        TableName: table.tableName(),
        Key: { pk: "TARGET#orders", sk: "BASELINE" },
      }),
    );
    expect(Object.keys(Item ?? {}).sort()).toEqual(
      ["acceptedAt", "pk", "seenAt", "sk", "tools", "toolsHash"].sort(),
    );
  });
});

describe("the latest tools", () => {
  it.each([
    ["later ones", minute(6), "written"],
    ["those of the same minute", minute(5), "written"],
    ["earlier ones", minute(4), "stale"],
    ["earlier ones, told in another form", "2026-11-22T09:04:00+01:00", "stale"],
  ] as const)("give way to %s: %s %s", async (_, at, expected) => {
    const history = table.history();
    const first = { at: minute(5), lists: lists(TOOLS) };
    const second = { at, lists: lists([]) };
    expect(await history.putTools("orders", first)).toBe("written");
    expect(await history.putTools("orders", second)).toBe(expected);
    expect(await history.getTools("orders")).toEqual(expected === "stale" ? first : second);
  });
});

/** Text that compresses to hardly less. */
function noise(seed: string, length: number): string {
  let text = "";
  for (let n = 0; text.length < length; n += 1) {
    text += createHash("sha256").update(`${seed} ${n}`).digest("hex");
  }
  return text.slice(0, length);
}

function many(count: number, of: (n: number) => KeptTool): readonly KeptTool[] {
  return Array.from({ length: count }, (_, n) => of(n));
}

describe("tools that are too large for an item", () => {
  it("keep the hashes of their schemas, so that a change is seen though not what it is", async () => {
    const history = table.history();
    const large = many(100, (n) => tool(`t${n}`, { x: { const: noise(`${n}`, 10_000) } }));
    const write = { target: "orders", baseline: baseline({ lists: lists(large) }) };
    expect(await history.putBaseline({ ...write, when: "absent" })).toBe("written");
    const kept = (await history.getBaseline("orders"))?.lists.legacy;
    expect(kept).toMatchObject({ toolsHash: "sha256:00", toolCount: 100 });
    expect(Object.keys(kept?.tools[0] ?? {})).toEqual(["name", "schemaHash"]);
    expect(compareTools(kept?.tools ?? [], large).changed).toEqual([]);
    const other = large.map((one, n) => (n === 7 ? tool("t7") : one));
    expect(compareTools(kept?.tools ?? [], other)).toMatchObject({
      changed: [{ tool: "t7", breaking: true }],
    });
  });

  it("are not kept when not even their names fit", async () => {
    const history = table.history();
    const names = many(1_000, (n) => tool(noise(`${n}`, 2_000)));
    const write = { target: "orders", baseline: baseline({ lists: lists(names) }) };
    expect(await history.putBaseline({ ...write, when: "always" })).toBe("too-large");
    expect(await history.putTools("orders", write.baseline)).toBe("too-large");
    expect(await history.getBaseline("orders")).toBeNull();
  });

  it("fit whole when they are only many and alike, as tools are", async () => {
    const history = table.history();
    const alike = many(2_000, (n) =>
      tool(`t${n}`, { x: { type: "string", description: "x".repeat(500) } }),
    );
    await history.putTools("orders", { at: minute(1), lists: lists(alike) });
    expect((await history.getTools("orders"))?.lists.legacy?.tools).toEqual(alike);
  });
});

describe("an item that no tools can be read from", () => {
  it.each([
    ["no body", { tools: undefined }, "no body"],
    ["a body of another kind", { tools: "text" }, "no body"],
    ["a body that is not packed", { tools: new Uint8Array([1, 2, 3]) }, "body cannot be unpacked"],
  ])(
    "counts as absent, is told, and is not written over unasked: %s",
    async (_, fields, reason) => {
      const unreadable: UnreadableItem[] = [];
      const key = { pk: "TARGET#orders", sk: "BASELINE" };
      const Item = { ...key, ...fields };
      await documents().send(
        new PutCommand({
          TableName: table.tableName(),
          Item: Object.fromEntries(Object.entries(Item).filter(([, value]) => value !== undefined)),
        }),
      );
      const history = createHistory({
        client: table.database().client,
        tableName: table.tableName(),
        clock: CLOCK,
        onUnreadable: (item) => unreadable.push(item),
      });
      expect(await history.getBaseline("orders")).toBeNull();
      expect(unreadable).toEqual([{ ...key, reason }]);
      const write = { target: "orders", baseline: baseline() };
      expect(await history.putBaseline({ ...write, when: "absent" })).toBe("present");
    },
  );

  it.each([
    ["lists of no era", { lists: {} }, 'unexpected "lists"'],
    ["lists of an unknown era", { lists: { later: {} } }, 'unexpected "lists"'],
    ["a tool without a schema", { lists: lists([{ name: "x" } as never]) }, 'unexpected "lists"'],
    ["an unknown acceptor", { acceptedBy: "nobody" }, 'unexpected "acceptedBy"'],
  ])("names what is wrong: %s", async (_, changes, reason) => {
    const unreadable: UnreadableItem[] = [];
    const history = createHistory({
      client: table.database().client,
      tableName: table.tableName(),
      clock: CLOCK,
      onUnreadable: (item) => unreadable.push(item),
    });
    const broken = { ...baseline(), ...changes } as ToolBaseline;
    await history.putBaseline({ target: "orders", baseline: broken, when: "always" });
    expect(await history.getBaseline("orders")).toBeNull();
    expect(unreadable.map((item) => item.reason)).toEqual([reason]);
  });
});
