import { bearer, headers, secret } from "@vigil/core";
import { json, type RunningServer, soundLegacy, startServer, text } from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { runConfirmed, systemClock } from "../src/index.ts";
import { DEPS, type Overrides, probe, target } from "./harness.ts";

const TOKEN = "s3cr3t-t0ken-4711";
const ENV: Readonly<Record<string, string>> = { "env:TOKEN": TOKEN };
const clockAt = (now: number) => ({ ...systemClock, now: () => now });
const deps = { secrets: async (reference: string) => ENV[reference] ?? null };

let server: RunningServer;
afterEach(() => server.close());

describe("credentials", () => {
  it.each<[string, NonNullable<Overrides>, string, string]>([
    ["bearer", { auth: bearer(secret("env:TOKEN")) }, "authorization", `Bearer ${TOKEN}`],
    ["headers", { auth: headers({ "X-Api-Key": secret("env:TOKEN") }) }, "x-api-key", TOKEN],
  ])("%s goes with every request", async (_name, overrides, header, value) => {
    server = await startServer(soundLegacy());
    const { modes } = await probe(server.url, { era: "legacy", ...overrides }, { deps });
    expect(modes).toEqual([]);
    expect(new Set(server.requests.map((request) => request.headers[header]))).toEqual(
      new Set([value]),
    );
  });

  it("that are not there leave the target unjudged and unasked", async () => {
    server = await startServer(soundLegacy());
    const { modes, verdict } = await probe(server.url, { auth: bearer(secret("env:NONE")) });
    expect([modes, verdict.status]).toEqual([["secret-unavailable"], "unknown"]);
    expect(server.requests).toEqual([]);
  });

  const NOW = Date.UTC(2026, 10, 22, 8);
  const jwt = (exp: number) => `e30.${btoa(JSON.stringify({ exp })).replace(/=+$/, "")}.c2ln`;
  const EXPIRES = "2026-11-24T01:30:00.000Z";

  it.each<[string, NonNullable<Overrides>]>([
    ["bearer", { auth: bearer(secret("env:JWT")) }],
    ["a header", { headers: { Authorization: secret("env:JWT_HEADER") } }],
  ])("that soon expire are told of in time (%s)", async (_name, overrides) => {
    server = await startServer(soundLegacy());
    const token = jwt(Date.parse(EXPIRES) / 1_000);
    const env: Record<string, string> = { "env:JWT": token, "env:JWT_HEADER": `Bearer ${token}` };
    const { verdict } = await probe(
      server.url,
      { era: "legacy", ...overrides },
      { deps: { secrets: async (ref) => env[ref] ?? null, clock: clockAt(NOW) } },
    );
    expect([verdict.status, verdict.notes[0]]).toEqual([
      "up",
      `the bearer token expires in 41 h, at ${EXPIRES}`,
    ]);
  });

  it("that have expired are the monitor's own fault", async () => {
    server = await startServer(() => text("", { status: 401 }));
    const { modes, verdict } = await probe(
      server.url,
      { era: "legacy", auth: bearer(secret("env:JWT")) },
      { deps: { secrets: async () => jwt(NOW / 1_000 - 60), clock: clockAt(NOW) } },
    );
    expect([modes, verdict.status]).toEqual([["credential-expired"], "unknown"]);
    expect(verdict.failures[0]?.summary).toBe(
      "HTTP 401: the token that was sent expired at 2026-11-22T07:59:00.000Z",
    );
    expect(verdict.notes).toEqual([]);
  });

  it("that a server echoes are in no part of the record", async () => {
    const echo = (request: { headers: Readonly<Record<string, string>> }) =>
      json(
        {
          jsonrpc: "2.0",
          id: null,
          error: { code: -32603, message: `bad ${request.headers.authorization}`, data: TOKEN },
        },
        { status: 400, headers: [["www-authenticate", `Bearer token="${TOKEN}"`]] },
      );
    server = await startServer(echo);
    const watched = target(server.url, { auth: bearer(secret("env:TOKEN")) });
    const { record } = await runConfirmed(
      watched,
      { ...DEPS, ...deps },
      {
        kind: "manual",
        scheduledAt: "2026-11-22T08:00:00.000Z",
        deadline: DEPS.clock.monotonic() + 5_000,
        eraHint: null,
        extras: [],
        knownDown: true,
        confirm: true,
      },
    );
    expect(record.failures).toHaveLength(1);
    expect(JSON.stringify(record)).toContain("[redacted]");
    expect(JSON.stringify(record)).not.toContain(TOKEN);
  });
});
