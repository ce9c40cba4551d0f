import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigner } from "@vigil/aws/sigv4";
import {
  bearer,
  headers,
  nextState,
  oauthClientCredentials,
  type RunRecord,
  secret,
  sigv4,
  type Target,
  targetFromUrl,
} from "@vigil/core";
import { createTokenCache, runConfirmed, systemClock } from "@vigil/probe";
import {
  type Answer,
  json,
  type RecordedRequest,
  type RunningServer,
  type Script,
  soundIssuer,
  soundLegacy,
  startServer,
  text,
} from "@vigil/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createPalette } from "../src/palette.ts";
import { renderReport } from "../src/report.ts";
import { type OwnStore, openStore } from "../src/store.ts";

/** With what escapes differ about. */
const PLANTED = {
  token: "b3arer/t0ken+4711==&x",
  key: 'k3y "with" <odd> s1gns/47%11',
  clientSecret: "cl13nt/s3cret+47&11=",
  accessToken: "acc3ss-t0ken/47+11~",
  unusable: "unus4ble-t0ken/47+11~",
};
const AWS = {
  accessKeyId: "ASIAEXAMPLE4711XYZ",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjEXAMPLE//////wEaCXVzLWVhc3QtMSJHMEUCIQD+4711==",
};
const CLIENT = {
  clientId: "vigil",
  clientSecret: PLANTED.clientSecret,
  token: () => PLANTED.accessToken,
};

const escaped = (value: string) => JSON.stringify(value).slice(1, -1);
const unicode = (value: string) =>
  value.replace(/[^A-Za-z0-9]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** How servers spell what they echo. */
const spellings = (value: string) => [
  value,
  encodeURIComponent(value),
  btoa(value),
  btoa(`vigil:${value}`),
  escaped(value),
  escaped(escaped(value)),
  unicode(value),
  value.replaceAll("/", "\\/"),
];

/** What a request carries that nobody else may learn. */
function secretsOf({ headers: sent }: RecordedRequest): readonly string[] {
  const { authorization = "" } = sent;
  const signed = /Credential=([^/]+)\/.*Signature=(\w+)/.exec(authorization);
  const basic = /^Basic (.+)$/.exec(authorization)?.[1];
  return [
    ...(signed === null ? [] : [signed[1] ?? "", signed[2] ?? ""]),
    ...(basic === undefined ? [] : [atob(basic).split(":")[1] ?? "", basic]),
    /^Bearer (.+)$/.exec(authorization)?.[1] ?? "",
    sent["x-api-key"] ?? "",
    sent["x-amz-security-token"] ?? "",
  ].filter((value) => value !== "");
}

const echoed = (request: RecordedRequest) => secretsOf(request).flatMap(spellings).join(" | ");
const oneLine = (request: RecordedRequest) => encodeURIComponent(echoed(request));

type Echo = (request: RecordedRequest) => Answer;

const byteByByte = (body: string): Answer => ({
  ...text(""),
  status: 500,
  framing: "chunked",
  chunks: [...Buffer.from(body)].map((byte) => ({ bytes: Uint8Array.of(byte) })),
});

const result = ({ rpc }: RecordedRequest, value: object) =>
  json({ jsonrpc: "2.0", id: rpc?.id, result: value });

const ECHOES: Readonly<Record<string, Echo>> = {
  "an error page": (request) => text(echoed(request), { status: 500 }),
  "an error page that comes byte by byte": (request) => byteByByte(echoed(request)),
  "a page that is cut within it": (request) =>
    text(`${"x".repeat(2_030)}${secretsOf(request)[0]}`, { status: 500 }),
  "a page that is no MCP": (request) => text(`<html>${echoed(request)}</html>`),
  "the headers of a 401": (request) =>
    text("", {
      status: 401,
      headers: [
        ["www-authenticate", `Bearer realm="${secretsOf(request).join(" ")}"`],
        ["x-amzn-echo", oneLine(request)],
      ],
    }),
  "a redirect's location": (request) =>
    text("", { status: 302, headers: [["location", `/${oneLine(request)}?${oneLine(request)}`]] }),
  "a content type": (request) =>
    text("{}", { headers: [["content-type", `text/${oneLine(request)}`]] }),
  "a JSON-RPC error": (request) => {
    const error = {
      code: -32_603,
      message: echoed(request),
      data: { [echoed(request)]: [echoed(request)] },
    };
    return json({ jsonrpc: "2.0", id: request.rpc?.id ?? null, error });
  },
  "an event that is no JSON": (request) => ({
    ...text(`data: ${oneLine(request)}\n\n`),
    headers: [["content-type", "text/event-stream"]],
  }),
  "a protocol version": (request) =>
    result(request, {
      protocolVersion: secretsOf(request).at(-1),
      capabilities: {},
      serverInfo: { name: "x", version: "1" },
    }),
  "the server's name": (request) =>
    request.rpc?.method === "initialize"
      ? result(request, {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: echoed(request), version: secretsOf(request).at(-1) },
        })
      : text(echoed(request), { status: 500 }),
  "a tool's answer": (request) =>
    request.rpc?.method === "tools/call"
      ? result(request, { content: [{ type: "text", text: echoed(request) }], isError: true })
      : SOUND(request),
};
const SOUND = soundLegacy();

type Auth = NonNullable<Parameters<typeof targetFromUrl>[1]>["auth"];

const KINDS: Readonly<Record<string, (issuer: string) => Auth>> = {
  bearer: () => bearer(secret("env:TOKEN")),
  headers: () => headers({ "X-Api-Key": secret("env:KEY") }),
  sigv4: () => sigv4({ service: "lambda", region: "eu-north-1" }),
  oauth: (issuer) =>
    oauthClientCredentials({ issuer, clientId: "vigil", clientSecret: secret("env:SECRET") }),
};

const ENV: Readonly<Record<string, string>> = {
  "env:TOKEN": PLANTED.token,
  "env:KEY": PLANTED.key,
  "env:SECRET": PLANTED.clientSecret,
};

let dir: string;
let store: OwnStore;
const running: RunningServer[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "vigil-redaction-"));
  const opened = await openStore({ cwd: dir, data: "data", clock: systemClock });
  if (!opened.ok) throw new Error(JSON.stringify(opened.complaint));
  store = opened.value;
});
afterEach(async () => void (await Promise.all(running.splice(0).map((server) => server.close()))));
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true });
});

async function start(script: Script): Promise<RunningServer> {
  const server = await startServer(script);
  running.push(server);
  return server;
}

function targetOf(url: string, auth: Auth): Target {
  const read = targetFromUrl(url, {
    name: "orders",
    era: "legacy",
    ...(auth !== undefined && { auth }),
    clientTimeoutMs: 4_000,
    slowMs: 3_999,
    sentinels: [{ tool: "lookup", arguments: { key: "health" } }],
  });
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return read.target;
}

let minute = Date.UTC(2026, 10, 22, 8);

async function run(target: Target): Promise<RunRecord> {
  minute += 60_000;
  const sign = createSigner({ credentials: async () => AWS, clock: systemClock });
  const deps = {
    vantage: "local",
    clock: systemClock,
    secrets: async (reference: string) => ENV[reference] ?? null,
    sign,
    tokens: createTokenCache(),
    version: "0.0.0",
    randomId: () => "0123456789abcdef0123456789abcdef",
  };
  const { record } = await runConfirmed(target, deps, {
    kind: "scheduled",
    scheduledAt: new Date(minute).toISOString(),
    deadline: systemClock.monotonic() + 20_000,
    eraHint: null,
    knownDown: true,
    extras: [],
    confirm: true,
  });
  return record;
}

/** All that anyone gets to see or keep of a run. */
async function outputsOf(record: RunRecord): Promise<Readonly<Record<string, string>>> {
  const report = (verbose: boolean, width: number) =>
    renderReport(record, { label: "orders", palette: createPalette(false), verbose, width });
  await store.history.recordRun(record);
  await store.history.putState(nextState(null, record).state);
  const kept = [
    await store.history.lastRun("orders"),
    await store.history.getState("orders", "local"),
  ];
  return {
    json: JSON.stringify(record),
    text: report(false, 10_000),
    narrow: report(true, 100),
    verbose: report(true, 10_000),
    history: JSON.stringify(kept),
  };
}

function leaks(outputs: Readonly<Record<string, string>>, secrets: Iterable<string>): string[] {
  return [...secrets].flatMap((value) =>
    [...new Set(spellings(value))].flatMap((spelling) =>
      Object.entries(outputs)
        .filter(([, output]) => [spelling, escaped(spelling)].some((s) => output.includes(s)))
        .map(([name]) => `${name}: ${spelling}`),
    ),
  );
}

describe("a server that echoes credentials", () => {
  const rows = Object.keys(KINDS).flatMap((kind) =>
    Object.keys(ECHOES).map((echo) => [kind, echo] as const),
  );

  it.each(rows)("%s in %s: they are in nothing that is written", async (kind, echo) => {
    const planted = new Set<string>(Object.values(AWS));
    const issuer = await start(soundIssuer(CLIENT));
    const server = await start((request) => {
      for (const value of secretsOf(request)) planted.add(value);
      return ECHOES[echo]?.(request) ?? text("");
    });
    const auth = KINDS[kind]?.(new URL(issuer.url).origin);
    const outputs = await outputsOf(await run(targetOf(server.url, auth)));
    expect(planted.size).toBeGreaterThan(Object.keys(AWS).length);
    expect(outputs["json"]).toContain("[redacted]");
    expect(leaks(outputs, [...planted, PLANTED.clientSecret])).toEqual([]);
  });
});

const TOKEN_ECHOES: Readonly<Record<string, Echo>> = {
  "an error's code": (request) => json({ error: echoed(request) }, { status: 400 }),
  "an error's description": (request) =>
    json({ error: "invalid_client", error_description: echoed(request) }, { status: 401 }),
  "an error page that comes byte by byte": (request) => byteByByte(echoed(request)),
  "a redirect": (request) =>
    text("", { status: 307, headers: [["location", `/${oneLine(request)}`]] }),
  "a page": (request) => text(`<html>${echoed(request)}</html>`),
  "a token of another type": (request) =>
    json({ access_token: PLANTED.unusable, token_type: echoed(request) }),
  "a token of no type": () => json({ access_token: PLANTED.unusable }),
};

describe("an authorization server that echoes them", () => {
  it.each(Object.entries(TOKEN_ECHOES))("in %s", async (_name, echo) => {
    let asked = 0;
    const sound = soundIssuer(CLIENT);
    const issuer = await start((request) => {
      if (request.httpMethod === "GET") return sound(request);
      asked += 1;
      return echo(request);
    });
    const server = await start(SOUND);
    const auth = KINDS["oauth"]?.(new URL(issuer.url).origin);
    const record = await run(targetOf(server.url, auth));
    expect([asked, record.failures.map(({ mode }) => mode)]).toEqual([1, ["token-request-failed"]]);
    const basic = btoa(`vigil:${PLANTED.clientSecret}`);
    const secrets = [PLANTED.clientSecret, PLANTED.unusable, basic];
    expect(leaks(await outputsOf(record), secrets)).toEqual([]);
  });
});
