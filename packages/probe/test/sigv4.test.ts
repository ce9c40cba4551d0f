import { createSigner } from "@vigil/aws/sigv4";
import { type RequestSigner, sigv4 } from "@vigil/core";
import {
  event,
  guardSignature,
  isSigned,
  json,
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
import { runConfirmed, systemClock } from "../src/index.ts";
import { DEPS, type Overrides, PATIENCE_MS, probe, target } from "./harness.ts";

const SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//////wEaCXVzLWVhc3QtMSJHMEUCIQD+4711==";
const KEY = {
  accessKeyId: "ASIAEXAMPLE4711XYZ",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: SESSION_TOKEN,
  service: "lambda",
  region: "eu-north-1",
};
const { accessKeyId, secretAccessKey, sessionToken } = KEY;
/** Patient enough for a busy machine: nothing here waits, but for what never comes. */
const AUTH = {
  auth: sigv4({ service: KEY.service, region: KEY.region }),
  clientTimeoutMs: 4_000,
  slowMs: 3_999,
};
const IMPATIENT = { clientTimeoutMs: PATIENCE_MS, slowMs: PATIENCE_MS - 1 };
const sign = signerOf(secretAccessKey);

function signerOf(secret: string): RequestSigner {
  const found = { accessKeyId, secretAccessKey: secret, sessionToken };
  return createSigner({ credentials: async () => found, clock: systemClock });
}

const SENTINEL = {
  sentinels: [
    { tool: "lookup", arguments: { key: "größe ✓ 日本" }, expect: { contains: "✓ 日本" } },
  ],
};
const ERAS = [
  ["legacy", soundLegacy],
  ["modern", soundModern],
] as const;

let server: RunningServer;
afterEach(() => server.close());

async function serve(script: Script): Promise<string> {
  server = await startServer(script);
  return server.url;
}

const TOOL = { name: "lookup", inputSchema: { type: "object" } };

/** The requests that a server that checks each signature itself found to be unsigned. */
const unsigned = () => server.requests.filter((request) => !isSigned(request, KEY));

describe("sigv4", () => {
  it.each(ERAS)("signs every request of the %s era, a UTF-8 body too", async (era, sound) => {
    const url = await serve(guardSignature(KEY, sound()));
    const { modes, run, verdict } = await probe(
      `${url}/größe%20a?b=c%20d&a=%C3%A4`,
      { ...AUTH, ...SENTINEL, era },
      { deps: { sign }, runTimeoutMs: 9_000 },
    );
    expect({ modes, status: verdict.status, unsigned: unsigned() }).toEqual({
      modes: [],
      status: "up",
      unsigned: [],
    });
    expect([run.authenticated, run.authorize.outcome]).toEqual([true, "ok"]);
    const kinds = server.requests.map(({ httpMethod, rpc }) => rpc?.method ?? httpMethod);
    expect(kinds).toContain("tools/call");
    expect(kinds.includes("DELETE")).toBe(era === "legacy");
  });

  it("signs the GET that takes a stream up again", async () => {
    const sound = soundLegacy();
    let listId: RunningServer["requests"][number] | null = null;
    const url = await serve(
      guardSignature(KEY, (request) => {
        if (request.httpMethod === "GET" && listId !== null) {
          return stream([{ bytes: event(resultReply(listId, { tools: [TOOL] }).message) }]);
        }
        if (request.rpc?.method !== "tools/list") return sound(request);
        listId = request;
        return stream([{ bytes: "retry: 10\nid: 7\ndata: \n\n" }]);
      }),
    );
    const { modes } = await probe(
      url,
      { ...AUTH, era: "legacy" },
      { deps: { sign }, runTimeoutMs: 9_000 },
    );
    expect({ modes, unsigned: unsigned() }).toEqual({ modes: [], unsigned: [] });
    expect(server.requests.map(({ httpMethod }) => httpMethod)).toContain("GET");
  });

  it.each(ERAS)("signs a redirected request anew (%s)", async (era, sound) => {
    const script = sound();
    const url = await serve(
      guardSignature(KEY, (request) =>
        request.path === "/mcp" && request.rpc?.method === "tools/list"
          ? text("", { status: 307, headers: [["location", "/mcp/there?x=1"]] })
          : script(request),
      ),
    );
    const { modes } = await probe(url, { ...AUTH, era }, { deps: { sign }, runTimeoutMs: 9_000 });
    expect({ modes, unsigned: unsigned() }).toEqual({ modes: [], unsigned: [] });
    expect(server.requests.map(({ path }) => path)).toContain("/mcp/there?x=1");
  });

  it.each(ERAS)("signs nothing for another origin (%s)", async (era, sound) => {
    const other = await startServer(sound());
    const urls: string[] = [];
    const noting: RequestSigner = (request) => {
      urls.push(request.url);
      return sign(request);
    };
    const location = other.url;
    const url = await serve(() => text("", { status: 307, headers: [["location", location]] }));
    const { verdict } = await probe(
      url,
      { ...AUTH, era },
      { deps: { sign: noting }, runTimeoutMs: 9_000 },
    );
    expect([verdict.status, other.requests, new Set(urls)]).toEqual(["down", [], new Set([url])]);
    await other.close();
  });

  it("is refused with a wrong secret: http-forbidden", async () => {
    const url = await serve(guardSignature(KEY, soundLegacy()));
    const deps = { sign: signerOf("another") };
    const { modes, verdict } = await probe(
      url,
      { ...AUTH, era: "legacy" },
      { deps, runTimeoutMs: 9_000 },
    );
    expect([modes, verdict.status]).toEqual([["http-forbidden"], "down"]);
  });

  it.each<[string, RequestSigner | null]>([
    ["there is no signer", null],
    ["there are no credentials", async () => ({ ok: false, reason: "none" })],
    ["the signer fails", () => Promise.reject(new Error("disk"))],
    ["the credentials never come", () => new Promise(() => {})],
  ])("leaves the target unjudged and unasked when %s", async (_name, signer) => {
    const url = await serve(soundLegacy());
    const deps = signer === null ? {} : { sign: signer };
    const { modes, verdict, run } = await probe(url, { ...AUTH, ...IMPATIENT }, { deps });
    expect([modes, verdict.status, server.requests]).toEqual([
      ["secret-unavailable"],
      "unknown",
      [],
    ]);
    expect(run.authorize.fault).toEqual({
      kind: "secret-unavailable",
      reference: "AWS credentials",
    });
  });
});

const gone: RequestSigner = async () => ({ ok: false, reason: "expired" });
const stalled: RequestSigner = () => new Promise(() => {});

describe("credentials that are lost during the run", () => {
  /** Signs so often, once before the first request, and then does as `after` says. */
  function losing(signatures: number, after: RequestSigner): RequestSigner {
    let made = 0;
    return (request) => {
      made += 1;
      return made > signatures ? after(request) : sign(request);
    };
  }

  it.each(
    [1, 2, 3, 4].flatMap((signatures) =>
      ERAS.flatMap(([era, sound]) => [
        { signatures, era, sound, how: "gone", after: gone },
        { signatures, era, sound, how: "stalled", after: stalled },
      ]),
    ),
  )(
    "never make the server down ($era, $how after $signatures)",
    async ({ signatures, era, sound, after }) => {
      const url = await serve(guardSignature(KEY, sound()));
      const deps = { sign: losing(signatures, after) };
      const overrides = { ...AUTH, ...IMPATIENT, ...SENTINEL, era };
      const { modes, verdict } = await probe(url, overrides, { deps });
      expect([modes, verdict.status]).toEqual([["secret-unavailable"], "unknown"]);
    },
  );

  it.each(
    [
      { name: "a redirect", answer: text("", { status: 307, headers: [["location", "/there"]] }) },
      { name: "a stream", answer: stream([{ bytes: "retry: 10\nid: 7\ndata: \n\n" }]) },
    ].flatMap((row) => [
      { ...row, how: "gone", after: gone },
      { ...row, how: "stalled", after: stalled },
    ]),
  )("never make the server down for $name that cannot be followed ($how)", async (row) => {
    const sound = soundLegacy();
    const url = await serve(
      guardSignature(KEY, (request) =>
        request.rpc?.method === "tools/list" ? row.answer : sound(request),
      ),
    );
    // One before the first request, then initialize, its notification and tools/list.
    const deps = { sign: losing(4, row.after) };
    const { modes, verdict } = await probe(url, { ...AUTH, ...IMPATIENT, era: "legacy" }, { deps });
    expect([modes, verdict.status]).toEqual([["secret-unavailable"], "unknown"]);
    expect(server.requests.at(-1)?.rpc?.method).toBe("tools/list");
  });
});

describe("what a signature is made of", () => {
  it.each<[string, Script]>([
    [
      "a JSON-RPC error and headers",
      ({ headers, rpc }) =>
        json(
          {
            jsonrpc: "2.0",
            id: rpc?.id ?? null,
            error: { code: -32603, message: JSON.stringify(headers), data: { ...headers } },
          },
          {
            status: 400,
            headers: [
              ["x-amz-echo", headers["x-amz-security-token"] ?? ""],
              ["www-authenticate", headers["authorization"] ?? ""],
            ],
          },
        ),
    ],
    ["an error page", ({ headers }) => text(JSON.stringify(headers), { status: 500 })],
  ])("is in no part of the run, though the server echoes it in %s", async (_name, script) => {
    const url = await serve(script);
    const watched = target(url, { ...AUTH, era: "legacy" } satisfies Overrides);
    const { record } = await runConfirmed(
      watched,
      { ...DEPS, sign },
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
    const written = JSON.stringify(record);
    const signatures = server.requests.flatMap(
      ({ headers }) => /Signature=(\w{64})/.exec(headers.authorization ?? "")?.[1] ?? [],
    );
    expect(written).toContain("[redacted]");
    expect(signatures).toHaveLength(server.requests.length);
    for (const secret of [SESSION_TOKEN, accessKeyId, secretAccessKey, ...signatures]) {
      expect(written).not.toContain(secret);
    }
  });
});
