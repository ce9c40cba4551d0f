import { describe, expect, it } from "vitest";
import { FAULT_NAMES, FAULTS, type FaultName, readFault } from "../src/faults/index.ts";
import { FaultSwitch } from "../src/faults/switch.ts";
import {
  ask,
  connect,
  ERAS,
  type Era,
  messageOf,
  open,
  post,
  type Running,
  STATELESS,
  start,
} from "./harness.ts";

interface ListedTool {
  readonly name: string;
  readonly inputSchema: { readonly required?: readonly string[] };
}

async function listOf(url: string, era: Era): Promise<readonly ListedTool[]> {
  const message = await messageOf(await ask(url, era, "tools/list"));
  return (message as { result: { tools: ListedTool[] } }).result.tools;
}

const SENTINEL = { name: "sentinel", arguments: {} };
/** Far longer than an answer takes on a busy machine. */
const PLAYED_MS = 1_000;

interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

async function answerOf(response: Response): Promise<Answer> {
  const contentType = response.headers.get("content-type");
  return { status: response.status, contentType, body: await response.text() };
}

/**
 * What faults look like on the wire, and that only that is broken, where it matters what else a
 * client gets; `probe.test.ts` holds every one of them to its name.
 */
const ON_THE_WIRE = {
  "tools-drift": async ({ url }, era) => {
    const { url: sound } = await start({ keeping: STATELESS });
    const [echo, ...others] = await listOf(url, era);
    expect(echo?.inputSchema.required).toEqual(["message", "language"]);
    expect(others).toEqual((await listOf(sound, era)).slice(1));
  },
  "session-lost": async ({ url }) => {
    const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
    const answer = await answerOf(await post(url, ping, { "mcp-session-id": "mine" }));
    expect(answer).toMatchObject({ status: 404, body: expect.stringContaining("-32001") });
    expect((await post(url, ping)).status).toBe(200);
  },
  "auth-required": async ({ url }, era) => {
    const response = await open(url, era);
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      'Bearer resource_metadata="https://orders.example/.well-known/oauth-protected-resource/mcp"',
    ]);
    const ping = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
    expect((await post(url, ping, { authorization: "Bearer t" })).status).toBe(200);
  },
  "http-forbidden": async ({ url }, era) => {
    const { status, headers } = await open(url, era);
    expect([status, headers.get("x-amzn-errortype"), headers.get("x-lambda-init")]).toEqual([
      403,
      "AccessDeniedException",
      null,
    ]);
  },
  "stream-buffered": async ({ url }, era) => {
    const client = await connect[era](url);
    const steps: number[] = [];
    const args = { steps: 2, delayMs: 10 };
    const counted = await client.call("progress", args, ({ progress }) => steps.push(progress));
    expect([steps, counted["content"]]).toEqual([[1, 2], [{ type: "text", text: "counted to 2" }]]);
    expect(await client.call("progress", { steps: 51 })).toMatchObject({ isError: true });
  },
  "stream-absent": async ({ url }, era) => {
    const args = { name: "progress", arguments: { steps: 2, delayMs: 10 } };
    const response = await ask(url, era, "tools/call", args);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.json()).toMatchObject({
      id: 7,
      result: { content: [{ type: "text", text: "counted to 2" }] },
    });
  },
  "get-stream-failed": async ({ url }) => {
    expect((await fetch(url, { headers: { accept: "text/event-stream" } })).status).toBe(500);
  },
  "cors-blocked": async ({ url }, era) => {
    const preflight = await fetch(url, { method: "OPTIONS" });
    expect([
      preflight.status,
      (await open(url, era)).headers.has("access-control-allow-origin"),
    ]).toEqual([405, false]);
  },
  "adapter-missing": async ({ url }, era) => {
    for (const response of [await open(url, era), await ask(url, era, "tools/list")]) {
      expect(await answerOf(response)).toEqual({
        status: 200,
        contentType: "application/json",
        body: '"Hello from Lambda!"',
      });
    }
  },
  "version-mismatch": async ({ url }, era) => {
    const response = await open(url, era);
    expect(response.status).toBe(200);
    expect(await messageOf(response)).toMatchObject({
      id: 7,
      result:
        era === "modern"
          ? { resultType: "complete", supportedVersions: ["1999-01-01"] }
          : { protocolVersion: "1999-01-01" },
    });
    await expect(connect[era](url)).rejects.toThrow();
  },
  "tools-empty": async ({ url }, era) => {
    const response = await ask(url, era, "tools/list");
    expect(response.status).toBe(200);
    expect(await messageOf(response)).toMatchObject({ id: 7, result: { tools: [] } });
    expect(await (await connect[era](url)).listTools()).toEqual([]);
  },
  "tool-permission": async ({ url }, era) => {
    const client = await connect[era](url);
    const result = await client.call("sentinel");
    expect(result).toMatchObject({ isError: true });
    expect(JSON.stringify(result["content"])).toContain(
      "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/McpServerRole/McpServer is not authorized to perform: dynamodb:GetItem",
    );
    expect(await client.call("echo", { message: "well" })).toMatchObject({
      content: [{ text: "well" }],
    });
  },
  "cold-start": async ({ url }, era) => {
    const waited: number[] = [];
    for (let request = 1; request <= 3; request += 1) {
      const startedAt = performance.now();
      expect((await open(url, era)).status).toBe(200);
      waited.push(performance.now() - startedAt);
    }
    const [first = 0, second = 0, third = 0] = waited;
    expect(Math.min(first, second)).toBeGreaterThanOrEqual(PLAYED_MS - 5);
    expect(third).toBeLessThan(Math.min(first, second));
  },
  "streaming-off": async ({ url }, era) => {
    for (const response of [await open(url, era), await ask(url, era, "tools/list")]) {
      expect(await answerOf(response)).toEqual({
        status: 200,
        contentType: "text/event-stream",
        body: "",
      });
    }
  },
} as const satisfies Partial<Record<FaultName, (on: Running, era: Era) => Promise<void>>>;

async function expectSound(url: string, era: Era): Promise<void> {
  const client = await connect[era](url);
  expect(await client.listTools()).toEqual(["echo", "sentinel", "progress"]);
  expect(await client.call("sentinel")).toMatchObject({ structuredContent: { ok: true } });
}

const CELLS = (Object.keys(ON_THE_WIRE) as (keyof typeof ON_THE_WIRE)[]).flatMap((name) =>
  ERAS.map((era) => [name, era] as const),
);

describe.each(CELLS)("%s, %s", (name, era) => {
  it("shows on the wire, and none mends it", async () => {
    const faults = new FaultSwitch(null, { delayMs: PLAYED_MS, requests: 2 });
    const running = await start({ faults, keeping: STATELESS });
    await expectSound(running.url, era);
    faults.set(name);
    await ON_THE_WIRE[name](running, era);
    faults.set(null);
    await expectSound(running.url, era);
  });
});

describe("a fault", () => {
  it.each(ERAS)(
    "lists tools as the real server does, where it is not about them (%s)",
    async (era) => {
      const faults = new FaultSwitch(null);
      const lookup = async () => ({ content: [] });
      const { url } = await start({ faults, lookup, keeping: STATELESS });
      const sound = await listOf(url, era);
      expect(sound).toHaveLength(4);
      faults.set("pagination-loop");
      expect(await listOf(url, era)).toEqual(sound);
    },
  );

  it("empties no answer that is no stream: a notification is taken as ever", async () => {
    const { url, faults } = await start();
    const id = (await open(url, "legacy")).headers.get("mcp-session-id") ?? "";
    faults.set("streaming-off");
    const body = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
    expect((await post(url, body, { "mcp-session-id": id })).status).toBe(202);
  });

  it("is put on from the start", async () => {
    const { url } = await start({ fault: "adapter-missing" });
    expect(await (await ask(url, "modern", "tools/call", SENTINEL)).json()).toBe(
      "Hello from Lambda!",
    );
  });

  it("lets an abandoned cold start go, and is used up by it", async () => {
    const faults = new FaultSwitch("cold-start", { delayMs: 60_000, requests: 1 });
    const { url } = await start({ faults });
    const impatient = { method: "POST", body: "{}", signal: AbortSignal.timeout(50) };
    await expect(fetch(url, impatient)).rejects.toMatchObject({ name: "TimeoutError" });
    expect((await open(url, "modern")).status).toBe(200);
  });
});

describe("the switch", () => {
  it("plays a cold start anew each time it is switched on", () => {
    const faults = new FaultSwitch("cold-start", { delayMs: 20_000, requests: 1 });
    const taken = [faults.takeDelayMs(), faults.takeDelayMs()];
    faults.set("cold-start");
    taken.push(faults.takeDelayMs(), faults.takeDelayMs());
    faults.set("tools-empty");
    taken.push(faults.takeDelayMs());
    expect(taken).toEqual([20_000, 0, 20_000, 0, 0]);
  });

  it.each([...FAULT_NAMES, "none"])("knows %s by name", (name) => {
    expect(readFault(name)).toEqual({ ok: true, fault: name === "none" ? null : name });
  });

  it.each(FAULT_NAMES)("knows %s by Vigil's code too", (name) => {
    expect(readFault(FAULTS[name].code)).toEqual({ ok: true, fault: name });
  });

  it.each([
    ["tools-emtpy", "tools-empty"],
    ["Timeout", "timeout"],
    ["not-mcp-respons", "not-mcp-response"],
    ["envelope", "lambda-envelope"],
    ["noen", "none"],
    ["zzz", undefined],
    ["lost", "session-lost"],
    ["", undefined],
  ])("takes %j for %j", (word, meant) => {
    const suggestion = meant === undefined ? "" : `; did you mean ${meant}?`;
    const problem = `there is no fault ${JSON.stringify(word)}${suggestion} (npm run demo:break -- --list tells all)`;
    expect(readFault(word)).toEqual({ ok: false, problem });
  });

  it.each(["", "NONE", "toString", null, undefined, ["none"], { fault: "none" }])(
    "knows no fault %j",
    (value) => {
      expect(readFault(value)).toMatchObject({ ok: false });
    },
  );

  it("shows no more of an unknown name than is needed", () => {
    const read = readFault("x".repeat(10_000));
    expect(read.ok ? "" : read.problem.length).toBeLessThan(250);
  });
});

it("messages of an unfit shape are left to the servers", async () => {
  const { url } = await start({ fault: "tools-empty", keeping: STATELESS });
  const batch = await post(url, "[]");
  expect(batch.status).toBe(400);
  expect(await messageOf(batch)).toMatchObject({ jsonrpc: "2.0", error: {} });
});
