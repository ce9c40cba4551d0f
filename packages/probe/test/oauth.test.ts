import {
  guardBearer,
  json,
  type RunningServer,
  soundLegacy,
  soundModern,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { createTokenCache, runConfirmed, systemClock } from "../src/index.ts";
import { DEPS, probe, target } from "./harness.ts";
import { CLIENT_ID, deps, oauth, RUN, Servers, tokenOf } from "./oauth-server.ts";

const servers = new Servers();
afterEach(() => servers.close());

const paths = ({ requests }: RunningServer) =>
  requests.map(({ httpMethod, path }) => `${httpMethod} ${path}`);
const METADATA = "GET /.well-known/oauth-authorization-server";
const TOKEN = "POST /token";

describe("OAuth client credentials", () => {
  it.each([
    ["legacy", soundLegacy],
    ["modern", soundModern],
  ] as const)("are exchanged for a token that goes with every request (%s)", async (era, sound) => {
    const issuer = await servers.issuer();
    const server = await servers.start(guardBearer((token) => token === tokenOf(1), sound()));
    const { modes, verdict, run } = await probe(
      `${server.url}?key=4711`,
      { ...oauth(issuer.origin, { scope: "mcp:read mcp:call" }), era },
      RUN,
    );
    expect({ modes, status: verdict.status }).toEqual({ modes: [], status: "up" });
    expect([run.authenticated, run.authorize.outcome]).toEqual([true, "ok"]);
    expect(paths(issuer)).toEqual([METADATA, TOKEN]);
    const form = new URLSearchParams(issuer.requests[1]?.body);
    expect(Object.fromEntries(form)).toEqual({
      grant_type: "client_credentials",
      scope: "mcp:read mcp:call",
      resource: server.url,
    });
    const sent = server.requests.map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set([`Bearer ${tokenOf(1)}`]));
    expect(issuer.open()).toBe(0);
  });

  it("goes in the form where the issuer wants it there", async () => {
    const issuer = await servers.issuer({ authMethod: "client_secret_post" });
    const server = await servers.guarded();
    const { modes } = await probe(server.url, oauth(issuer.origin), RUN);
    expect(modes).toEqual([]);
    expect(new URLSearchParams(issuer.requests[1]?.body).get("client_id")).toBe(CLIENT_ID);
    expect(issuer.requests[1]?.headers.authorization).toBeUndefined();
  });

  it.each<[string, string, readonly string[]]>([
    ["an OpenID provider", "", ["/.well-known/openid-configuration"]],
    [
      "a tenant of one",
      "/t1",
      ["/.well-known/openid-configuration/t1", "/t1/.well-known/openid-configuration"],
    ],
  ])("asks %s by its own metadata address", async (_name, path, known) => {
    const issuer = await servers.start((request) => {
      const origin = `http://${request.headers.host}`;
      if (request.httpMethod === "POST")
        return json({ access_token: tokenOf(1), token_type: "bearer" });
      return request.path === known.at(-1)
        ? json({ issuer: `${origin}${path}`, token_endpoint: `${origin}${path}/token` })
        : text("<html>", { status: 404 });
    });
    const server = await servers.guarded();
    const { modes } = await probe(server.url, oauth(`${issuer.origin}${path}`), RUN);
    expect(modes).toEqual([]);
    expect(paths(issuer)).toEqual([
      `GET /.well-known/oauth-authorization-server${path}`,
      ...known.map((one) => `GET ${one}`),
      `POST ${path}/token`,
    ]);
  });

  it("goes to another origin where the operator has named it", async () => {
    const login = await servers.issuer();
    const tokenEndpoint = `${login.origin}/token`;
    const issuer = await servers.issuer({ metadata: { token_endpoint: tokenEndpoint } });
    const server = await servers.guarded();
    const { modes } = await probe(server.url, oauth(issuer.origin, { tokenEndpoint }), RUN);
    expect(modes).toEqual([]);
    expect([paths(issuer), paths(login)]).toEqual([[METADATA], [TOKEN]]);
  });
});

describe("a token", () => {
  const watched = async (now: () => number, expiresInS: number | null) => {
    const issuer = await servers.issuer({ expiresInS });
    const server = await servers.guarded();
    const tokens = createTokenCache();
    const clock = { ...systemClock, now };
    const run = () =>
      probe(server.url, oauth(issuer.origin), { ...RUN, deps: { ...deps, tokens, clock } });
    return { issuer, run };
  };

  it.each<[string, number | null, number, number]>([
    ["is kept from run to run", 3_600, 3_539_000, 1],
    ["of an hour is renewed in its last minute", 3_600, 3_541_000, 2],
    ["of a minute is renewed in its last tenth", 60, 54_500, 2],
    ["of a minute is kept until then", 60, 53_500, 1],
    ["whose life is not told is kept for a while", null, 290_000, 1],
    ["whose life is not told is renewed after five minutes", null, 301_000, 2],
    ["that lives for no time is used once", 0, 1, 2],
  ])("%s", async (_name, expiresInS, laterMs, requests) => {
    let now = Date.UTC(2026, 10, 22, 8);
    const { issuer, run } = await watched(() => now, expiresInS);
    expect((await run()).modes).toEqual([]);
    now += laterMs;
    expect((await run()).modes).toEqual([]);
    expect(paths(issuer).filter((path) => path === TOKEN)).toHaveLength(requests);
  });

  const confirmed = (url: string, issuer: string, tokens = createTokenCache()) =>
    runConfirmed(
      target(url, { ...oauth(issuer), confirm: { delaysMs: [0, 0], withinMs: 20_000 } }),
      { ...DEPS, ...deps, tokens },
      {
        kind: "manual",
        scheduledAt: "2026-11-22T08:00:00.000Z",
        deadline: DEPS.clock.monotonic() + 20_000,
        eraHint: "legacy",
        knownDown: false,
        extras: [],
        confirm: true,
      },
    );

  it("that has been revoked is replaced for the run's own repeat", async () => {
    const revoked = new Set<string>();
    const issuer = await servers.issuer();
    const server = await servers.guarded((token) => !revoked.has(token));
    const tokens = createTokenCache();
    expect((await confirmed(server.url, issuer.origin, tokens)).record.status).toBe("up");
    revoked.add(tokenOf(1));
    const { record } = await confirmed(server.url, issuer.origin, tokens);
    expect(record.attempts.map(({ modes }) => modes)).toEqual([["http-unauthorized"], []]);
    expect(record.confirmed).toBe(false);
    expect(paths(issuer).filter((path) => path === TOKEN)).toHaveLength(2);
  });

  it("that is refused although it is new is not asked for again in the run", async () => {
    const issuer = await servers.issuer();
    const server = await servers.guarded(() => false);
    const { record } = await confirmed(server.url, issuer.origin);
    expect([record.status, record.confirmed]).toEqual(["down", true]);
    expect(record.attempts.map(({ modes }) => modes)).toEqual(
      Array.from({ length: 3 }, () => ["http-unauthorized"]),
    );
    expect(paths(issuer)).toEqual([METADATA, TOKEN]);
  });
});
