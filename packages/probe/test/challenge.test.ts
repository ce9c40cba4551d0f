import { headers, judge, secret } from "@vigil/core";
import {
  type Answer,
  json,
  type RunningServer,
  soundLegacy,
  soundModern,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { type Overrides, probe, target } from "./harness.ts";
import { Servers } from "./oauth-server.ts";

const servers = new Servers();
afterEach(() => servers.close());

const PATH = "/.well-known/oauth-protected-resource/mcp";
const EXPECTED: NonNullable<Overrides> = {
  expect: { unauthenticated: "challenge" },
  clientTimeoutMs: 4_000,
  slowMs: 3_999,
};
const RUN = { runTimeoutMs: 12_000 };

interface Guard {
  readonly params?: (origin: string) => string;
  readonly metadata?: (origin: string) => Answer;
}

const sound = (origin: string) => ({
  resource: `${origin}/mcp`,
  authorization_servers: ["https://auth.example", "http://127.0.0.1:9000"],
});

/** Refuses every request, and tells at `PATH` where to get a token. */
function guarded({
  params = (origin) => `resource_metadata="${origin}${PATH}"`,
  metadata = (origin) => json(sound(origin)),
}: Guard = {}) {
  return servers.start((request) => {
    const origin = `http://${request.headers.host}`;
    if (request.path === PATH) return metadata(origin);
    return text("", { status: 401, headers: [["www-authenticate", `Bearer ${params(origin)}`]] });
  });
}

const asked = ({ requests }: RunningServer) => requests.map(({ path }) => path);
const SEEN = "only the challenge was seen: the target has no credentials";

describe("a target that is to refuse strangers", () => {
  it.each(["auto", "legacy", "modern", "both"] as const)("is up when it does (%s)", async (era) => {
    const server = await guarded();
    const { verdict } = await probe(server.url, { ...EXPECTED, era }, RUN);
    const { status, depth, failures, notes } = verdict;
    expect({ status, depth, failures }).toEqual({ status: "up", depth: "none", failures: [] });
    expect(new Set(notes)).toEqual(new Set([SEEN]));
    expect(asked(server).filter((path) => path === PATH)).toHaveLength(1);
  });

  it("is asked for its metadata without the headers that are for its endpoint", async () => {
    const server = await guarded();
    await probe(`${server.url}?key=4711`, { ...EXPECTED, headers: { "X-Team": "orders" } }, RUN);
    const [first, last] = [server.requests[0], server.requests.at(-1)];
    expect([first?.headers["x-team"], last?.headers["x-team"]]).toEqual(["orders", undefined]);
    expect([last?.path, last?.headers["user-agent"]]).toEqual([PATH, "vigil/0.0.0"]);
  });

  it("may name a path above its own, as official clients accept, and that is told", async () => {
    const server = await guarded({
      metadata: (origin) => json({ ...sound(origin), resource: origin }),
    });
    const { verdict } = await probe(server.url, EXPECTED, RUN);
    expect([verdict.status, verdict.notes]).toEqual([
      "up",
      [
        `${SEEN}; its metadata is about ${server.origin}, which official clients accept, though RFC 9728 wants the URL itself`,
      ],
    ]);
  });

  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("is down when it serves them (%s)", async (era, script) => {
    const server = await servers.start(script());
    const { modes, verdict } = await probe(server.url, { ...EXPECTED, era }, RUN);
    expect([modes, verdict.status]).toEqual([["challenge-invalid"], "down"]);
    expect(verdict.failures[0]?.summary).toBe(
      "tools/list was answered without credentials: the server is open to anyone",
    );
  });

  it("keeps the name of another refusal", async () => {
    const server = await servers.start(() => text("", { status: 403 }));
    const { modes } = await probe(server.url, EXPECTED, RUN);
    expect(modes).toEqual(["http-forbidden"]);
  });

  it("is judged as any other once the run has credentials", async () => {
    const server = await servers.start(soundLegacy());
    const { run } = await probe(
      server.url,
      { ...EXPECTED, expect: {}, era: "legacy", auth: headers({ "X-Key": secret("env:KEY") }) },
      { ...RUN, deps: { secrets: async () => "4711-4711" } },
    );
    const { status, depth } = judge(run, target(server.url, EXPECTED));
    expect([status, depth]).toEqual(["up", "tools"]);
  });

  const large = JSON.stringify({ padding: "x".repeat(70_000) });

  it.each<[string, Guard, (origin: string) => string]>([
    [
      "names no metadata",
      { params: () => 'realm="orders"' },
      () => "HTTP 401, but WWW-Authenticate names no resource_metadata for Bearer tokens",
    ],
    [
      "answers 403 for it",
      { metadata: () => text("", { status: 403 }) },
      (origin) => `resource_metadata ${origin}${PATH} answers HTTP 403`,
    ],
    [
      "redirects it",
      { metadata: () => text("", { status: 302, headers: [["location", "/elsewhere"]] }) },
      (origin) => `resource_metadata ${origin}${PATH} answers HTTP 302`,
    ],
    [
      "hangs up on it",
      { metadata: () => ({ kind: "reset" }) },
      (origin) => `resource_metadata ${origin}${PATH} cannot be had (ECONNRESET)`,
    ],
    [
      "sends far too much of it",
      { metadata: () => json(large) },
      (origin) => `resource_metadata ${origin}${PATH} is too large to be metadata`,
    ],
    [
      "sends text for it",
      { metadata: () => text("log in") },
      (origin) => `resource_metadata ${origin}${PATH} is not a JSON object`,
    ],
    [
      "says no resource",
      { metadata: () => json({ authorization_servers: ["https://auth.example"] }) },
      (origin) => `resource_metadata ${origin}${PATH} says no resource`,
    ],
    [
      "says another resource",
      { metadata: (origin) => json({ ...sound(origin), resource: `${origin}/mcp/v2` }) },
      (origin) =>
        `resource_metadata ${origin}${PATH} is about ${origin}/mcp/v2, not about ${origin}/mcp`,
    ],
    [
      "says no authorization server",
      { metadata: (origin) => json({ ...sound(origin), authorization_servers: "auth" }) },
      (origin) => `resource_metadata ${origin}${PATH} names no authorization server`,
    ],
    [
      "says an authorization server that is none",
      { metadata: (origin) => json({ ...sound(origin), authorization_servers: [{}] }) },
      (origin) =>
        `resource_metadata ${origin}${PATH} names an authorization server that is no URL: [object Object]`,
    ],
  ])("is down when it %s", async (_name, guard, summary) => {
    const server = await guarded(guard);
    const { modes, verdict } = await probe(server.url, EXPECTED, RUN);
    expect([modes, verdict.status]).toEqual([["challenge-invalid"], "down"]);
    expect(verdict.failures[0]?.summary).toBe(summary(server.origin));
  });

  it("is down when its metadata does not come, within the client's patience", async () => {
    const server = await guarded({ metadata: () => ({ kind: "hang" }) });
    const { verdict, tookMs } = await probe(
      server.url,
      { ...EXPECTED, clientTimeoutMs: 600, slowMs: 599 },
      RUN,
    );
    expect(verdict.failures[0]?.summary).toBe(
      `resource_metadata ${server.origin}${PATH} did not come in time`,
    );
    expect(tookMs).toBeLessThan(6_000);
  });

  it("sends nobody elsewhere for its metadata", async () => {
    const other = await startServer(() => json({}));
    const at = `http://127.0.0.1:${other.port}${PATH}`;
    const server = await guarded({ params: () => `resource_metadata="${at}"` });
    const { verdict } = await probe(server.url, EXPECTED, RUN);
    expect(verdict.failures[0]?.summary).toBe(
      `WWW-Authenticate names resource_metadata ${at}, not at ${server.origin}`,
    );
    expect(other.requests).toEqual([]);
    await other.close();
  });
});
