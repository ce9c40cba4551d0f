import {
  type Answer,
  json,
  type RunningServer,
  type Script,
  soundIssuer,
  soundLegacy,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { probe } from "./harness.ts";
import { CLIENT, deps, holdsSecret, oauth, RUN, Servers, tokenOf } from "./oauth-server.ts";

const servers = new Servers();
afterEach(() => servers.close());

const paths = ({ requests }: RunningServer) =>
  requests.map(({ httpMethod, path }) => `${httpMethod} ${path}`);
const METADATA = "GET /.well-known/oauth-authorization-server";
const TOKEN = "POST /token";

/** A target that sends clients to an authorization server of its own choice. */
const misleading = (evil: string): Script => {
  const sound = soundLegacy();
  return (request) => {
    const origin = `http://${request.headers.host}`;
    if (request.path.startsWith("/.well-known/oauth-protected-resource")) {
      return json({ resource: `${origin}/mcp`, authorization_servers: [evil] });
    }
    if (request.path.startsWith("/.well-known/")) {
      return json({ issuer: origin, token_endpoint: `${origin}/token` });
    }
    if (request.path === "/token") return json({ access_token: "evil", token_type: "Bearer" });
    if (request.headers.authorization === `Bearer ${tokenOf(2)}`) return sound(request);
    const metadata = `resource_metadata="${evil}/.well-known/oauth-protected-resource"`;
    return json("{}", { status: 401, headers: [["www-authenticate", `Bearer ${metadata}`]] });
  };
};

describe("the client's secret goes to the issuer alone", () => {
  it("whatever authorization server the target names, nor to the target's own /token", async () => {
    const evil = await servers.issuer();
    const issuer = await servers.issuer();
    const server = await servers.start(misleading(evil.origin));
    const { modes } = await probe(server.url, oauth(issuer.origin), RUN);
    expect(modes).toEqual(["http-unauthorized"]);
    expect(evil.requests).toEqual([]);
    expect(new Set(paths(server))).toEqual(new Set(["POST /mcp"]));
    expect(holdsSecret(server.requests)).toBe(false);
    expect(holdsSecret(issuer.requests)).toBe(true);
  });

  const away = (origin: string) =>
    ([301, 302, 303, 307, 308] as const).map((status) =>
      text("", { status, headers: [["location", `${origin}/token`]] }),
    );

  it.each([0, 1, 2, 3, 4])("however its token endpoint redirects (%s)", async (which) => {
    const evil = await servers.issuer();
    const answer = away(evil.origin)[which];
    const sound = { issuer: "", token_endpoint: "" };
    const issuer = await servers.start(({ httpMethod, headers }) => {
      const origin = `http://${headers.host}`;
      if (httpMethod === "POST") return answer ?? text("");
      return json({ ...sound, issuer: origin, token_endpoint: `${origin}/token` });
    });
    const server = await servers.guarded();
    const { modes, verdict } = await probe(server.url, oauth(issuer.origin), RUN);
    expect([modes, verdict.status]).toEqual([["token-request-failed"], "unknown"]);
    expect([evil.requests, server.requests]).toEqual([[], []]);
    expect(verdict.failures[0]?.evidence.httpStatus).toBe(answer?.status);
  });

  it.each([0, 1, 2, 3, 4])("however its metadata is redirected (%s)", async (which) => {
    const evil = await servers.issuer();
    const issuer = await servers.start(() => away(evil.origin)[which] ?? text(""));
    const server = await servers.guarded();
    const { modes } = await probe(server.url, oauth(issuer.origin), RUN);
    expect(modes).toEqual(["token-request-failed"]);
    expect([evil.requests, server.requests]).toEqual([[], []]);
    expect(holdsSecret(issuer.requests)).toBe(false);
  });

  const foreign = (found: string) =>
    `the answer names the token endpoint ${found}, which the configuration does not name; nothing was sent there`;
  const wrong = (found: string) =>
    `the answer is the metadata of ${found}, which is not the configured issuer`;

  interface Lie {
    readonly evil: string;
    readonly own: string;
  }

  it.each<[string, (at: Lie) => object, (at: Lie) => string]>([
    ["another issuer", ({ evil }) => ({ issuer: evil }), ({ evil }) => wrong(evil)],
    [
      "another issuer and its endpoint",
      ({ evil }) => ({ issuer: evil, token_endpoint: `${evil}/token` }),
      ({ evil }) => wrong(evil),
    ],
    [
      "a path of its own as the issuer",
      ({ own }) => ({ issuer: `${own}/tenant` }),
      ({ own }) => wrong(`${own}/tenant`),
    ],
    [
      "a token endpoint elsewhere",
      ({ evil }) => ({ token_endpoint: `${evil}/token?a=b` }),
      ({ evil }) => foreign(`${evil}/token`),
    ],
    [
      "a token endpoint on another scheme",
      ({ own }) => ({ token_endpoint: own.replace("http:", "https:") }),
      ({ own }) => foreign(own.replace("http:", "https:")),
    ],
    [
      "a token endpoint with a user name",
      ({ own }) => ({ token_endpoint: own.replace("//", "//u:p@") }),
      ({ own }) => foreign(own.replace("//", "//u:p@")),
    ],
    [
      "a token endpoint that is a script",
      () => ({ token_endpoint: "javascript:alert(1)" }),
      () => foreign("javascript:alert(1)"),
    ],
    [
      "no token endpoint",
      () => ({ token_endpoint: undefined }),
      () => "the answer cannot be used: no token_endpoint",
    ],
    ["no issuer", () => ({ issuer: undefined }), () => "the answer cannot be used: no issuer"],
  ])("though its metadata names %s", async (_name, lie, why) => {
    const evil = await servers.issuer();
    const issuer = await servers.start(({ httpMethod, headers }) => {
      const own = `http://${headers.host}`;
      const told = { issuer: own, token_endpoint: `${own}/token` };
      return httpMethod === "GET"
        ? json({ ...told, ...lie({ evil: evil.origin, own }) })
        : json({ access_token: "x", token_type: "Bearer" });
    });
    const server = await servers.guarded();
    const { modes, verdict } = await probe(server.url, oauth(issuer.origin), RUN);
    expect([modes, verdict.status]).toEqual([["token-request-failed"], "unknown"]);
    expect(verdict.failures[0]?.summary).toBe(
      `the issuer's metadata (${issuer.origin}/.well-known/oauth-authorization-server) was asked for: ${why({ evil: evil.origin, own: issuer.origin })}`,
    );
    expect([evil.requests, server.requests]).toEqual([[], []]);
    expect(holdsSecret(issuer.requests)).toBe(false);
  });

  it("and once alone, though its token endpoint redirects to itself", async () => {
    const sound = soundIssuer(CLIENT);
    const issuer = await servers.start((request) =>
      request.httpMethod === "GET"
        ? sound(request)
        : text("", { status: 307, headers: [["location", "/token?again"]] }),
    );
    const server = await servers.guarded();
    const { modes } = await probe(server.url, oauth(issuer.origin), RUN);
    expect([modes, paths(issuer)]).toEqual([["token-request-failed"], [METADATA, TOKEN]]);
  });

  it("though its metadata names another endpoint than the operator did", async () => {
    const evil = await servers.issuer();
    const issuer = await servers.issuer({ metadata: { token_endpoint: `${evil.origin}/token` } });
    const server = await servers.guarded();
    const named = oauth(issuer.origin, { tokenEndpoint: `${issuer.origin}/token` });
    const { modes } = await probe(server.url, named, RUN);
    expect(modes).toEqual(["token-request-failed"]);
    expect([evil.requests, server.requests]).toEqual([[], []]);
    expect(holdsSecret(issuer.requests)).toBe(false);
  });
});

describe("a token that cannot be had", () => {
  const large = JSON.stringify({ padding: "x".repeat(70_000) });
  const token = (members: object) => json({ access_token: "x", token_type: "Bearer", ...members });

  it.each<[string, Answer, string]>([
    [
      "the client is unknown",
      json({ error: "invalid_client" }, { status: 401 }),
      "HTTP 401, invalid_client",
    ],
    ["the error comes with 200", json({ error: "invalid_scope" }), "HTTP 200, invalid_scope"],
    ["the answer is a page", text("<html>", { status: 502 }), "HTTP 502"],
    ["the answer is a page with 200", text("<html>"), "the answer cannot be used: no token"],
    ["there is no token", json({ token_type: "Bearer" }), "the answer cannot be used: no token"],
    ["it says 204", text("", { status: 204 }), "HTTP 204"],
    [
      "the token is no bearer's",
      token({ token_type: "DPoP" }),
      'the answer cannot be used: token_type is "DPoP", not Bearer',
    ],
    [
      "the token would break the header",
      token({ access_token: "a\r\nx-b: c" }),
      "the answer cannot be used: the token holds what no header can carry",
    ],
    [
      "the token is empty",
      token({ access_token: "" }),
      "the answer cannot be used: the token holds what no header can carry",
    ],
    ["the answer is too large", json(large), "the answer is too large to be one"],
    ["the connection breaks", { kind: "reset" }, "no answer (send: ECONNRESET)"],
    [
      "the answer breaks off",
      { ...json(large), end: "reset", framing: "chunked", chunks: [{ bytes: "{" }] },
      "no answer (body: ECONNRESET)",
    ],
  ])("since %s", async (_name, answer, why) => {
    const sound = soundIssuer(CLIENT);
    const issuer = await servers.start((request) =>
      request.httpMethod === "GET" ? sound(request) : answer,
    );
    const server = await servers.guarded();
    const { verdict } = await probe(server.url, oauth(issuer.origin), RUN);
    expect(verdict.failures.map(({ mode, step, summary }) => ({ mode, step, summary }))).toEqual([
      {
        mode: "token-request-failed",
        step: "authorize",
        summary: `the token (${issuer.origin}/token) was asked for: ${why}`,
      },
    ]);
    expect(server.requests).toEqual([]);
  });

  it("since the issuer is silent leaves the target the client's patience, and is no failure of its", async () => {
    const issuer = await servers.start(() => ({ kind: "hang" }));
    const server = await servers.guarded();
    const { verdict, tookMs } = await probe(server.url, oauth(issuer.origin), {
      deps,
      runTimeoutMs: 5_000,
    });
    expect([verdict.status, verdict.failures[0]?.summary]).toEqual([
      "unknown",
      `the issuer's metadata (${issuer.origin}/.well-known/oauth-authorization-server) was asked for: no answer in time`,
    ]);
    expect(tookMs).toBeLessThan(4_500);
    expect(server.requests).toEqual([]);
  });

  it("since nobody listens at the issuer's address", async () => {
    const issuer = await servers.issuer();
    await issuer.close();
    const server = await servers.guarded();
    const { verdict } = await probe(server.url, oauth(issuer.origin), RUN);
    expect(verdict.failures[0]?.evidence.networkCode).toBe("ECONNREFUSED");
    expect(verdict.failures[0]?.mode).toBe("token-request-failed");
  });

  it("since no header can carry the client's secret", async () => {
    const issuer = await servers.issuer();
    const server = await servers.guarded();
    const { verdict } = await probe(server.url, oauth(issuer.origin), {
      ...RUN,
      deps: { secrets: async () => "s3cret ✓ 4711" },
    });
    expect(verdict.failures[0]?.summary).toBe(
      `the token (${issuer.origin}/token) was asked for: the request could not be made (InvalidCharacterError)`,
    );
    expect(paths(issuer)).toEqual([METADATA]);
  });
});
