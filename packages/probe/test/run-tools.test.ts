import { type ToolLists, toolsHash } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { type ConfirmedOptions, type ConfirmedRun, runConfirmed } from "../src/index.ts";
import { DEPS, target } from "./harness.ts";
import { type Era, RESULTS, scripted, validAnswer } from "./property/conversation.ts";

const SECRET = "0rders-t0ken-4711";

interface Listed {
  readonly name: string;
  readonly inputSchema: unknown;
}

const SCHEMA = { type: "object", properties: { key: { type: "string" } }, required: ["key"] };
const SOUND: readonly Listed[] = [
  { name: "lookup", inputSchema: SCHEMA },
  { name: "echo", inputSchema: { type: "object" } },
];

interface Given {
  readonly tools?: readonly Listed[];
  readonly era?: Era | "both";
  readonly options?: Partial<ConfirmedOptions>;
}

/** A run against a server that lists the given tools. */
async function run({ tools = SOUND, era = "legacy", options = {} }: Given): Promise<ConfirmedRun> {
  const clock = createFakeClock();
  const openConnection = scripted((asked) => {
    // Each era asks for itself in its own words, but for tools/list, which both do alike.
    const sound = asked.method === "server/discover" ? "modern" : "legacy";
    if (asked.method !== "tools/list") return validAnswer(sound, "json", asked);
    const result = { ...RESULTS.modern["tools/list"], tools };
    const body = JSON.stringify({ jsonrpc: "2.0", id: asked.id, result });
    return {
      status: 200,
      headers: [["content-type", "application/json"]],
      chunks: [new TextEncoder().encode(body)],
    };
  });
  const watched = target("http://127.0.0.1:1/mcp", {
    era,
    clientTimeoutMs: 10_000,
    runTimeoutMs: 15_000,
    slowMs: 9_000,
    auth: { type: "bearer", token: { secret: "env:ORDERS_TOKEN" } },
  });
  const running = runConfirmed(
    watched,
    { ...DEPS, clock, openConnection, secrets: async () => SECRET },
    {
      kind: "scheduled",
      scheduledAt: "2026-11-22T08:00:00.000Z",
      deadline: 45_000,
      eraHint: null,
      extras: [],
      knownDown: false,
      confirm: true,
      ...options,
    },
  );
  let done = false;
  void running.finally(() => {
    done = true;
  });
  for (let idle = 0; !done; idle += 1) await clock.run(idle < 20 ? 0 : 50);
  return running;
}

function list(tools: readonly Listed[]): ToolLists {
  return { legacy: { toolsHash: toolsHash(tools), toolCount: tools.length, tools } };
}

describe("what a run listed", () => {
  it("is there to be kept, without descriptions of the tools", async () => {
    const { tools, record } = await run({});
    expect(tools).toEqual(list(SOUND));
    expect(record).toMatchObject({ status: "up", toolsHash: toolsHash(SOUND), drift: null });
  });

  it("is there for each era", async () => {
    const { tools } = await run({ era: "both" });
    expect(tools).toEqual({ ...list(SOUND), modern: list(SOUND).legacy });
  });

  it("is the accepted list itself, when that is the same", async () => {
    const baseline = list(SOUND);
    expect((await run({ options: { baseline } })).tools?.legacy).toBe(baseline.legacy);
  });

  it("is held against the accepted list", async () => {
    const baseline = list([...SOUND, { name: "wipe", inputSchema: { type: "object" } }]);
    const { record } = await run({ options: { baseline } });
    expect(record).toMatchObject({
      status: "degraded",
      drift: { added: 0, removed: 1, changed: 0, breaking: true },
      failures: [{ mode: "tools-drift", summary: "wipe was removed (breaking for callers)" }],
    });
  });

  it("is free of secrets, in names too, and is no drift for that", async () => {
    const echoing: readonly Listed[] = [
      {
        name: `lookup ${SECRET}`,
        inputSchema: { type: "object", [SECRET]: 1, properties: { key: { const: SECRET } } },
      },
    ];
    const { tools } = await run({ tools: echoing });
    expect(JSON.stringify(tools)).not.toContain(SECRET);
    expect(tools?.legacy?.toolsHash).toBe(toolsHash(echoing));
    const baseline = { legacy: { ...tools?.legacy, toolsHash: "sha256:other" } } as ToolLists;
    expect((await run({ tools: echoing, options: { baseline } })).record.drift).toBeNull();
  });
});
