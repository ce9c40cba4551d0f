import {
  json,
  type RunningServer,
  soundLegacy,
  soundModern,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
// Loaded ahead: the first load of an SDK takes time that the first run would be short of.
import "../src/legacy-leg.ts";
import "../src/modern-leg.ts";
import { systemClock } from "../src/index.ts";
import { Recorder } from "../src/recorder.ts";
import { probe } from "./harness.ts";

/** Ample, however busy the machine is. */
const PATIENT = { clientTimeoutMs: 9_000, slowMs: 8_999, runTimeoutMs: 10_000 };
const OPTIONS = { runTimeoutMs: 10_000 };

const MCP_URL = new URL("https://orders.example/mcp");
const METADATA = "https://orders.example/.well-known/oauth-protected-resource/mcp";
const STREAM = "text/event-stream";

describe("GETs that the SDKs send", () => {
  it.each<[string, string | URL, Record<string, string>, number]>([
    ["the standalone stream", MCP_URL, { accept: STREAM }, 405],
    [
      "an event stream elsewhere",
      new URL("https://orders.example/events"),
      { accept: STREAM },
      200,
    ],
    ["a resumption", MCP_URL, { accept: STREAM, "last-event-id": "7" }, 200],
    ["OAuth metadata", METADATA, { accept: "application/json" }, 200],
    ["OAuth metadata, of any type", METADATA, {}, 200],
  ])("%s: a blanket 405 would lead OAuth astray", async (_name, url, headers, status) => {
    const sent: string[] = [];
    const recorder = new Recorder({
      connection: {
        open: () => Promise.reject(new Error("not asked for")),
        fetch: async (asked) => {
          sent.push(String(asked));
          return new Response("{}");
        },
        destroy: () => {},
      },
      clock: systemClock,
      startedAt: 0,
      maxResponseBytes: 1_000,
      headers: {},
      url: MCP_URL,
      era: "legacy",
      redact: (whole) => whole,
    });
    recorder.begin(() => {});
    const response = await recorder.fetch(url, { headers });
    expect({ status: response.status, sent }).toEqual({
      status,
      sent: status === 405 ? [] : [String(url)],
    });
  });
});

describe("the v2 SDK's `auto`", () => {
  let server: RunningServer;
  afterEach(() => server.close());

  it.each([
    ["a method that is not found", 200, -32601, "era-mismatch"],
    ["a request that is not valid", 400, -32600, "era-mismatch"],
    ["headers that a proxy stripped", 400, -32020, "header-mismatch"],
  ])(
    "falls back by itself on %s: that is seen, not hidden",
    async (message, status, code, mode) => {
      const sound = soundLegacy();
      server = await startServer((request) =>
        request.rpc?.method === "server/discover"
          ? json({ jsonrpc: "2.0", id: request.rpc.id, error: { code, message } }, { status })
          : sound(request),
      );
      const { modes } = await probe(server.url, { era: "modern", ...PATIENT }, OPTIONS);
      expect(modes).toEqual([mode]);
      expect(server.requests.map(({ rpc }) => rpc?.method)).toEqual(["server/discover"]);
    },
  );
});

describe("an answer on a stream that stays open", () => {
  let server: RunningServer;
  afterEach(() => server.close());

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("does not hold its step up (%s)", async (era, sound) => {
    const script = sound({ framing: "sse" });
    server = await startServer((request) => {
      const answer = script(request);
      return answer.kind === "respond" && request.rpc?.id != null
        ? { ...answer, end: "hang" }
        : answer;
    });
    const { modes, run, verdict } = await probe(server.url, { era, ...PATIENT }, OPTIONS);
    expect({ modes, depth: verdict.depth }).toEqual({ modes: [], depth: "tools" });
    expect(run.totalMs).toBeLessThan(PATIENT.clientTimeoutMs);
  });
});

describe("error pages", () => {
  let server: RunningServer;
  afterEach(() => server.close());

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("5 MB of them make an error message of 5 MB (%s)", async (era, sound) => {
    const script = sound();
    const page = text("x".repeat(5_000_000), {
      status: 502,
      headers: [["content-type", "text/html"]],
    });
    server = await startServer((request) =>
      request.rpc?.method === "tools/list" ? page : script(request),
    );
    const { modes, run, verdict } = await probe(server.url, { era, ...PATIENT }, OPTIONS);
    expect(modes).toEqual(["http-server-error"]);
    expect(verdict.failures[0]?.evidence.body).toBe("x".repeat(2_048));
    // What is read ends with the chunk that passes the limit.
    expect(verdict.failures[0]?.evidence.bytes).toBeLessThan(3 * 65_536);
    expect(JSON.stringify({ run, verdict }).length).toBeLessThan(20_000);
  });
});
