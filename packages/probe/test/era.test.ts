import { bearer, secret } from "@vigil/core";
import {
  json,
  type RunningServer,
  type Script,
  soundLegacy,
  soundModern,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { PATIENCE_MS, probe } from "./harness.ts";

let server: RunningServer;
afterEach(() => server.close());

/** Serves both eras at one address. */
function soundDual(): Script {
  const legacy = soundLegacy();
  const modern = soundModern();
  return (request) =>
    request.headers["mcp-protocol-version"] === "2026-07-28" ? modern(request) : legacy(request);
}

function asked(): readonly string[] {
  return server.requests.map(({ rpc, httpMethod }) => rpc?.method ?? httpMethod);
}

const OPENING = (era: "legacy" | "modern") => (era === "legacy" ? "initialize" : "server/discover");

describe("the era is found on the wire", () => {
  it.each<[string, () => Script, "legacy" | "modern" | null, "legacy" | "modern", string[]]>([
    ["a legacy server, unknown", soundLegacy, null, "legacy", ["server/discover", "initialize"]],
    ["a modern server, unknown", soundModern, null, "modern", ["server/discover", "tools/list"]],
    ["a dual server, unknown", soundDual, null, "modern", ["server/discover", "tools/list"]],
    [
      "a legacy server, remembered",
      soundLegacy,
      "legacy",
      "legacy",
      ["initialize", "notifications/initialized"],
    ],
    ["a dual server, remembered as legacy", soundDual, "legacy", "legacy", ["initialize"]],
    [
      "a server that left the legacy era",
      soundModern,
      "legacy",
      "modern",
      ["initialize", "server/discover"],
    ],
    [
      "a server that left the modern era",
      soundLegacy,
      "modern",
      "legacy",
      ["server/discover", "initialize"],
    ],
  ])("%s", async (_name, sound, eraHint, era, first) => {
    server = await startServer(sound());
    const { verdict } = await probe(server.url, { era: "auto" }, { eraHint });
    expect({ status: verdict.status, era: verdict.era }).toEqual({ status: "up", era });
    expect(asked().slice(0, first.length)).toEqual(first);
  });

  it("a legacy server that stays silent at server/discover is asked in its own era", async () => {
    const legacy = soundLegacy();
    server = await startServer((request) =>
      request.rpc?.method === "server/discover" ? { kind: "hang" } : legacy(request),
    );
    const { verdict, run } = await probe(server.url, { era: "auto" });
    expect({ status: verdict.status, era: verdict.era }).toEqual({ status: "up", era: "legacy" });
    // Finding out is our time, not the server's.
    expect(run.detectionMs).toBeGreaterThan(PATIENCE_MS / 2);
    expect(verdict.durationMs).toBeLessThan(run.detectionMs);
  });

  it.each<[string, number]>([
    ["auth-required", 401],
    ["http-forbidden", 403],
    ["http-throttled", 429],
    ["http-unexpected", 407],
    ["http-unexpected", 408],
  ])("%s (%i) says nothing of the era, so nothing more is asked", async (mode, status) => {
    server = await startServer(() => text("no", { status }));
    const { modes } = await probe(server.url, { era: "auto" });
    expect(modes).toEqual([mode]);
    expect(asked()).toEqual(["server/discover"]);
  });

  it("an expired token says nothing of the era either", async () => {
    server = await startServer(() => text("no", { status: 401 }));
    const token = `e30.${btoa('{"exp":1}').replace(/=+$/, "")}.c2ln`;
    const { modes } = await probe(
      server.url,
      { era: "auto", auth: bearer(secret("env:TOKEN")) },
      { deps: { secrets: async () => token } },
    );
    expect([modes, asked()]).toEqual([["credential-expired"], ["server/discover"]]);
  });

  it.each(["legacy", "modern"] as const)(
    "a silent server remembered as %s is not asked in the other era",
    async (era) => {
      server = await startServer(() => ({ kind: "hang" }));
      const { modes } = await probe(server.url, { era: "auto" }, { eraHint: era });
      expect(modes).toEqual(["timeout"]);
      expect(asked()).toEqual([OPENING(era)]);
    },
  );

  it("a slow modern server of unknown era is called slow, not of the wrong era", async () => {
    const modern = soundModern();
    server = await startServer((request) =>
      request.rpc?.method === "server/discover" ? { kind: "hang" } : modern(request),
    );
    const { modes, verdict } = await probe(server.url, { era: "auto" });
    expect(modes).toEqual(["timeout"]);
    expect(verdict.failures[0]?.era).toBe("modern");
  });

  it("a silent server of unknown era is silent in both, however short the run", async () => {
    server = await startServer(() => ({ kind: "hang" }));
    for (const runTimeoutMs of [1_000, 400, 250, 120]) {
      const { modes, verdict } = await probe(server.url, { era: "auto" }, { runTimeoutMs });
      expect({ modes, status: verdict.status }).toEqual({ modes: ["timeout"], status: "down" });
    }
  });

  it("both eras are judged apart, and the worse counts", async () => {
    const dual = soundDual();
    server = await startServer((request) => {
      const modern = request.headers["mcp-protocol-version"] === "2026-07-28";
      if (!modern || request.rpc?.method !== "tools/list") return dual(request);
      return json({ jsonrpc: "2.0", id: request.rpc.id, error: { code: -32603, message: "no" } });
    });
    const { verdict } = await probe(server.url, { era: "both" });
    expect(verdict).toMatchObject({
      status: "down",
      era: "both",
      failures: [{ mode: "rpc-error", era: "modern", step: "listTools" }],
    });
  });
});
