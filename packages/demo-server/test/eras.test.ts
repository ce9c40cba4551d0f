import { describe, expect, it } from "vitest";
import { PROGRESS } from "../src/tools.ts";
import { ask, connect, ERAS, messageOf, open, post, STATELESS, start } from "./harness.ts";

const VERSIONS = { legacy: "2025-11-25", modern: "2026-07-28" };

describe.each(ERAS)("a client of the %s era", (era) => {
  it("negotiates its revision and finds the tools", async () => {
    const client = await connect[era]((await start()).url);
    expect(client.version()).toBe(VERSIONS[era]);
    expect(await client.listTools()).toEqual(["echo", "sentinel", "progress"]);
  });

  it("gets an answer of each tool", async () => {
    const client = await connect[era]((await start()).url);
    expect(await client.call("echo", { message: "hi" })).toMatchObject({
      content: [{ type: "text", text: "hi" }],
    });
    expect(await client.call("sentinel")).toMatchObject({
      content: [{ type: "text", text: "ok" }],
      structuredContent: { ok: true },
    });
    expect(await client.call("progress", { steps: 2, delayMs: 0 })).toMatchObject({
      content: [{ type: "text", text: "counted to 2" }],
    });
  });

  it("is told that arguments do not fit", async () => {
    const client = await connect[era]((await start()).url);
    expect(await client.call("progress", { steps: 51 })).toMatchObject({ isError: true });
  });

  it("gets each step when it is taken, not all at the end", async () => {
    const client = await connect[era]((await start()).url);
    const arrivals: number[] = [];
    const steps: unknown[] = [];
    await client.call("progress", { steps: 3, delayMs: 500 }, ({ progress, total }) => {
      arrivals.push(performance.now());
      steps.push({ progress, total });
    });
    expect(steps).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3 })));
    // 1,500 ms; next to nothing if all came at the end. A busy machine may read some of them late.
    expect(performance.now() - (arrivals[0] ?? 0)).toBeGreaterThan(500);
  });

  it("finds every tool marked as one that does no harm", async () => {
    const { url } = await start({ keeping: STATELESS });
    const message = await messageOf(await ask(url, era, "tools/list"));
    const { tools } = (message as { result: { tools: { annotations: object }[] } }).result;
    const harmless = { readOnlyHint: true };
    expect(tools.map(({ annotations }) => annotations)).toEqual([harmless, harmless, harmless]);
  });
});

describe("progress", () => {
  it("stops counting when its caller has gone", async () => {
    const caller = new AbortController();
    const steps: number[] = [];
    const counting = PROGRESS.run(
      { steps: 50, delayMs: 2_000 },
      {
        notify: async (step) => {
          steps.push(step);
          caller.abort();
        },
        signal: caller.signal,
      },
    );
    await expect(counting).rejects.toMatchObject({ name: "AbortError" });
    expect(steps).toEqual([1]);
  });
});

describe("steps, for a client that gave no token", () => {
  const args = { name: "progress", arguments: { steps: 2, delayMs: 0 } };
  const messages = async (response: Response) =>
    [...(await response.text()).matchAll(/"data":"(step \d of \d)"/g)].map(([, told]) => told);

  it("come as log messages in the legacy era", async () => {
    const { url } = await start({ keeping: STATELESS });
    const response = await ask(url, "legacy", "tools/call", args);
    expect(await messages(response)).toEqual(["step 1 of 2", "step 2 of 2"]);
  });

  it("come in the modern era when the request asks for logs, and only then", async () => {
    const { url } = await start();
    const quiet = await ask(url, "modern", "tools/call", args);
    expect(await messages(quiet)).toEqual([]);
    const asking = { ...args, _meta: { "io.modelcontextprotocol/logLevel": "info" } };
    const told = await ask(url, "modern", "tools/call", asking);
    expect(await messages(told)).toEqual(["step 1 of 2", "step 2 of 2"]);
  });
});

describe("MCP_ERA", () => {
  const opened = async (served: "dual" | "legacy" | "modern") => {
    const { url } = await start({ era: served });
    const [legacy, modern] = await Promise.all([open(url, "legacy"), open(url, "modern")]);
    return {
      legacy: { status: legacy.status, message: await messageOf(legacy) },
      modern: { status: modern.status, message: await messageOf(modern) },
    };
  };
  const SOUND = {
    legacy: { status: 200, message: { result: { protocolVersion: "2025-11-25" } } },
    modern: { status: 200, message: { result: { supportedVersions: ["2026-07-28"] } } },
  };

  it("dual serves both", async () => {
    expect(await opened("dual")).toMatchObject(SOUND);
  });

  it("dual takes even a bare server/discover for a modern request", async () => {
    const { url } = await start({ era: "dual" });
    const bare = await post(url, '{"jsonrpc":"2.0","id":7,"method":"server/discover"}');
    expect([bare.status, await messageOf(bare)]).toMatchObject([
      400,
      { id: 7, error: { code: -32022, data: { supported: ["2026-07-28"] } } },
    ]);
  });

  it("legacy knows no server/discover", async () => {
    expect(await opened("legacy")).toMatchObject({
      legacy: SOUND.legacy,
      modern: { status: 400, message: { error: { code: -32000 } } },
    });
  });

  it("modern refuses initialize by the name of its revision", async () => {
    expect(await opened("modern")).toMatchObject({
      legacy: { status: 400, message: { error: { code: -32022 } } },
      modern: SOUND.modern,
    });
  });
});
