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
  ECHOES,
  leaks,
  type RunningServer,
  type Script,
  secretsOf,
  soundIssuer,
  soundLegacy,
  startServer,
  TOKEN_ECHOES,
  text,
  UNUSABLE_TOKEN,
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

describe("an authorization server that echoes them", () => {
  it.each(Object.entries(TOKEN_ECHOES))("in %s", async (_name, echo) => {
    let asked = 0;
    const sound = soundIssuer(CLIENT);
    const issuer = await start((request) => {
      if (request.httpMethod === "GET") return sound(request);
      asked += 1;
      return echo(request);
    });
    const server = await start(soundLegacy());
    const auth = KINDS["oauth"]?.(new URL(issuer.url).origin);
    const record = await run(targetOf(server.url, auth));
    expect([asked, record.failures.map(({ mode }) => mode)]).toEqual([1, ["token-request-failed"]]);
    const basic = btoa(`vigil:${PLANTED.clientSecret}`);
    const secrets = [PLANTED.clientSecret, UNUSABLE_TOKEN, basic];
    expect(leaks(await outputsOf(record), secrets)).toEqual([]);
  });
});
