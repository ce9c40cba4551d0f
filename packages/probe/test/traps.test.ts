import {
  type Answer,
  event,
  json,
  type RecordedRequest,
  type RunningServer,
  resultReply,
  type Script,
  soundLegacy,
  soundModern,
  startServer,
  stream,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { probe } from "./harness.ts";

/**
 * What the official SDKs do that a monitor must not: each case is red without its cure in the
 * probe. The measured behaviour stands in the case's name.
 */
const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** A sound server, except where `fault` has an answer of its own. */
async function serve(
  sound: Script,
  fault: (request: RecordedRequest) => Answer | null = () => null,
): Promise<RunningServer> {
  const server = await startServer((request) => fault(request) ?? sound(request));
  running.push(server);
  return server;
}

function on(method: string, answer: (request: RecordedRequest) => Answer) {
  return (request: RecordedRequest) => (request.rpc?.method === method ? answer(request) : null);
}

function asked(server: RunningServer, method: string): number {
  return server.requests.filter(({ rpc }) => rpc?.method === method).length;
}

const LOOKUP = { tool: "lookup", arguments: { key: "health" }, expect: { contains: "ok" } };
const SENTINEL = { sentinels: [LOOKUP] };

describe("traps of both SDKs", () => {
  it("connect() hangs for ever when notifications/initialized gets no response", async () => {
    const server = await serve(
      soundLegacy(),
      on("notifications/initialized", () => ({ kind: "hang" })),
    );
    const { verdict, modes, tookMs } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual(["timeout"]);
    expect(verdict.failures[0]).toMatchObject({ step: "negotiate" });
    expect(verdict.failures[0]?.evidence.rpcMethod).toBe("notifications/initialized");
    expect(tookMs).toBeLessThan(3_000);
  });

  it("connect() hangs when the body of the answer to notifications/initialized never ends", async () => {
    const server = await serve(
      soundLegacy(),
      on("notifications/initialized", () => ({
        ...text("x", { status: 202 }),
        framing: "chunked",
        end: "hang",
      })),
    );
    const { modes } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual([]);
  });

  it("a GET that is answered 200 and ended is opened again every second", async () => {
    const server = await serve(soundLegacy(), ({ httpMethod }) =>
      httpMethod === "GET" ? stream([]) : null,
    );
    const { modes } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual([]);
    expect(server.requests.filter(({ httpMethod }) => httpMethod === "GET")).toEqual([]);
  });

  it("a GET with Last-Event-ID is let through: the answer may come on it", async () => {
    const server = await serve(soundLegacy(), (request) => {
      if (request.httpMethod === "GET") {
        const list = server.requests.find(({ rpc }) => rpc?.method === "tools/list");
        if (list === undefined) return null;
        return stream([{ bytes: event(resultReply(list, { tools: [TOOL] }).message) }]);
      }
      if (request.rpc?.method !== "tools/list") return null;
      return stream([{ bytes: "retry: 20\nid: 7\ndata: \n\n" }]);
    });
    const { modes, run } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual([]);
    expect(run.legs[0]?.tools?.map(({ name }) => name)).toEqual(["lookup"]);
    expect(server.requests.find(({ httpMethod }) => httpMethod === "GET")?.headers).toMatchObject({
      "last-event-id": "7",
    });
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)(
    "a redirect within the origin is followed, for notifications too (%s)",
    async (era, sound) => {
      const serve_ = sound();
      const server = await serve((request) =>
        request.path === "/mcp"
          ? text("", { status: 307, headers: [["location", "/moved"]] })
          : serve_(request),
      );
      const { modes } = await probe(server.url, { era });
      expect(modes).toEqual([]);
    },
  );

  it("close() never sends DELETE", async () => {
    const server = await serve(soundLegacy());
    const { run } = await probe(server.url, { era: "legacy" });
    const ends = server.requests.filter(({ httpMethod }) => httpMethod === "DELETE");
    expect(ends.map(({ headers }) => headers["mcp-session-id"])).toHaveLength(1);
    expect(run.legs[0]?.sessionLeft).toBe(false);
  });

  it.each([
    ["refused", text("no", { status: 500 })],
    ["never answered", { kind: "hang" } as const],
  ])("a DELETE that is %s leaves the session and changes no verdict", async (_name, answer) => {
    const server = await serve(soundLegacy(), ({ httpMethod }) =>
      httpMethod === "DELETE" ? answer : null,
    );
    const { run, verdict } = await probe(server.url, { era: "legacy" });
    expect({ status: verdict.status, left: run.legs[0]?.sessionLeft }).toEqual({
      status: "up",
      left: true,
    });
  });

  it("-32001 is the SDK's own time-out and the server's lost session: the wire tells", async () => {
    const error = { code: -32001, message: "Session not found" };
    const server = await serve(
      soundLegacy(),
      on("tools/list", ({ rpc }) => json({ jsonrpc: "2.0", id: rpc?.id, error })),
    );
    const { modes } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual(["session-lost"]);
  });

  it.each([
    [
      "API Gateway's 504 reads like a time-out",
      json('{"message": "Endpoint request timed out"}', {
        status: 504,
        headers: [["x-amz-apigw-id", "abc"]],
      }),
      "gateway-timeout",
    ],
    [
      "a page that quotes a modern error code",
      text("<p>error -32022 unsupported</p>", {
        status: 400,
        headers: [["content-type", "text/html"]],
      }),
      "http-unexpected",
    ],
  ])("error messages embed bodies: %s", async (_name, answer, mode) => {
    const server = await serve(
      soundLegacy(),
      on("initialize", () => answer),
    );
    expect((await probe(server.url, { era: "legacy" })).modes).toEqual([mode]);
  });

  it("a body of 30 MB is accepted", async () => {
    const piece = "x".repeat(1_000_000);
    let sent = 0;
    function* chunks() {
      yield { bytes: '{"jsonrpc":"2.0","id":1,"result":{"tools":[],"pad":"' };
      for (let i = 0; i < 30; i += 1) {
        sent += piece.length;
        yield { bytes: piece };
      }
      yield { bytes: '"}}' };
    }
    const server = await serve(
      soundLegacy(),
      on("tools/list", () => ({ ...json("{}"), chunks: chunks(), framing: "chunked" })),
    );
    const { modes, verdict } = await probe(server.url, { era: "legacy", clientTimeoutMs: 900 });
    expect(modes).toEqual(["response-too-large"]);
    expect(verdict.failures[0]?.evidence.bytes).toBeLessThan(2 * 1_048_576);
    expect(verdict.failures[0]?.evidence.body?.length).toBeLessThanOrEqual(2_048);
    expect(sent).toBeLessThan(30_000_000);
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("a tools/call result without content is taken for one (%s)", async (era, sound) => {
    const server = await serve(
      sound({
        edit: (request, reply) =>
          request.rpc?.method === "tools/call"
            ? resultReply(request, { resultType: "complete", foo: 1 })
            : reply,
      }),
    );
    const { modes, verdict } = await probe(server.url, { era, ...SENTINEL });
    expect(modes).toEqual(["invalid-result"]);
    expect(verdict.failures[0]?.step).toBe("callTool");
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("pages: v1 reads the first only (%s)", async (era, sound) => {
    const server = await serve(sound());
    const { run } = await probe(server.url, { era });
    expect(run.legs[0]?.tools?.map(({ name }) => name)).toEqual(["lookup", "echo", "wipe"]);
    expect(asked(server, "tools/list")).toBe(2);
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("pages that never end are bounded (%s)", async (era, sound) => {
    let page = 0;
    const edit: NonNullable<Parameters<typeof soundLegacy>[0]>["edit"] = (request, reply) => {
      if (request.rpc?.method !== "tools/list") return reply;
      page += 1;
      const list = { resultType: "complete", ttlMs: 0, cacheScope: "private", tools: [TOOL] };
      return resultReply(request, { ...list, nextCursor: `page-${page}` });
    };
    const server = await serve(sound({ edit }));
    const { modes } = await probe(server.url, { era }, { runTimeoutMs: 5_000 });
    expect(modes).toEqual(["pagination-loop"]);
    expect(asked(server, "tools/list")).toBeLessThanOrEqual(50);
  });

  it("v2 repeats a call that keeps asking for input", async () => {
    const server = await serve(
      soundModern({
        edit: (request, reply) =>
          request.rpc?.method === "tools/call"
            ? resultReply(request, { resultType: "input_required", requestState: "again" })
            : reply,
      }),
    );
    const { modes } = await probe(server.url, { era: "modern", ...SENTINEL });
    expect(modes).toEqual(["sentinel-unsuitable"]);
    expect(asked(server, "tools/call")).toBe(1);
  });

  it("v2 lists the tools and calls again after -32020", async () => {
    const server = await serve(
      soundModern(),
      on("tools/call", ({ rpc }) =>
        json(
          { jsonrpc: "2.0", id: rpc?.id, error: { code: -32020, message: "Header mismatch" } },
          { status: 400 },
        ),
      ),
    );
    const { modes } = await probe(server.url, { era: "modern", ...SENTINEL });
    expect(modes).toEqual(["header-mismatch"]);
    expect(asked(server, "tools/call")).toBe(1);
  });

  it("v2 answers [] without asking when the tools capability is missing", async () => {
    const server = await serve(
      soundModern({
        edit: (request, reply) => {
          if (request.rpc?.method !== "server/discover") return reply;
          const result = { ...(reply.message?.result as object), capabilities: {} };
          return { ...reply, message: { ...reply.message, result } };
        },
      }),
    );
    const { run } = await probe(server.url, { era: "modern" });
    expect(run.legs[0]?.tools).toHaveLength(3);
  });

  it("a server that asks for sampling and waits reads as a time-out", async () => {
    const ask = { jsonrpc: "2.0", id: 77, method: "sampling/createMessage", params: {} };
    const server = await serve(
      soundLegacy(),
      on("tools/call", () => stream([{ bytes: event(ask) }], "hang")),
    );
    const { modes, verdict } = await probe(server.url, { era: "legacy", ...SENTINEL });
    expect(modes).toEqual(["sentinel-unsuitable"]);
    expect(verdict.status).toBe("unknown");
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("an empty stream looks like silence until the time-out (%s)", async (era, sound) => {
    const server = await serve(
      sound(),
      on("tools/list", () => stream([])),
    );
    const patient = { era, clientTimeoutMs: 10_000, slowMs: 9_999, runTimeoutMs: 20_000 };
    const { modes, tookMs } = await probe(server.url, patient, { runTimeoutMs: 20_000 });
    expect(modes).toEqual(["empty-stream"]);
    expect(tookMs).toBeLessThan(patient.clientTimeoutMs / 2);
  });

  it("on a time-out the SDK posts notifications/cancelled", async () => {
    const server = await serve(
      soundLegacy(),
      on("tools/list", () => ({ kind: "hang" })),
    );
    const { modes } = await probe(server.url, { era: "legacy" });
    expect(modes).toEqual(["timeout"]);
    expect(asked(server, "notifications/cancelled")).toBe(0);
  });
});

const TOOL = { name: "lookup", inputSchema: { type: "object" } };
