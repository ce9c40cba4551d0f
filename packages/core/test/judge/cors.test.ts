import { describe, expect, it } from "vitest";
import { targetFromUrl } from "../../src/config/index.ts";
import type { Exchange, Expectations } from "../../src/index.ts";
import { judge, pageHeaders } from "../../src/index.ts";
import { EXPECTATIONS, exchange, leg, listTools, negotiate, result, run, step } from "./build.ts";

const PAGE = "https://app.example.com";
const EXPECTED: Expectations = {
  ...EXPECTATIONS,
  expect: { ...EXPECTATIONS.expect, cors: { origin: PAGE, everyMs: 60_000 } },
};
const TOOLS = result({ tools: [{ name: "lookup", inputSchema: { type: "object" } }] });
const ASKED = ["authorization", "content-type", "mcp-protocol-version", "mcp-session-id"];

type Headers = Readonly<Record<string, string>>;

/** A preflight that gives leave to everything that was asked for, but for `headers`. */
const LEAVE: Headers = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, DELETE",
  "access-control-allow-headers": ASKED.join(", "),
};
const SHOWN: Headers = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Mcp-Session-Id",
};

function without(headers: Headers, ...names: readonly string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function preflight(headers: Headers = LEAVE, status: number | null = 204): Exchange {
  const one = exchange({ httpMethod: "OPTIONS", method: null, id: null, status, headers });
  return { ...one, request: { ...one.request, asksFor: ASKED } };
}

function page(headers: Headers = SHOWN, parts: Parameters<typeof exchange>[0] = {}): Exchange {
  return exchange({
    method: "tools/list",
    id: 9,
    inSession: true,
    reply: TOOLS,
    headers,
    ...parts,
  });
}

/** What gave the page its session. */
function opening(headers: Headers = SHOWN): Exchange {
  return exchange({
    method: "initialize",
    id: 0,
    inSession: false,
    reply: result({
      protocolVersion: "2025-06-18",
      capabilities: { tools: {} },
      serverInfo: { name: "x", version: "1" },
    }),
    headers,
  });
}

function seen(...exchanges: readonly Exchange[]) {
  const steps = [negotiate(), listTools(), step("cors", { exchanges })];
  return judge(run({ legs: [leg({ steps })] }), EXPECTED);
}

const blocked = (exchanges: readonly Exchange[]) =>
  seen(...exchanges).failures.map(({ mode, summary }) => [mode, summary]);

const ORIGIN = "access-control-allow-origin";
const METHODS = "access-control-allow-methods";
const HEADERS = "access-control-allow-headers";
const EXPOSE = "access-control-expose-headers";

describe("what a browser lets a page do", () => {
  it.each([
    ["leave for everything, to everyone", [preflight(), page()]],
    [
      "leave to this very origin",
      [preflight({ ...LEAVE, [ORIGIN]: PAGE }), page({ ...SHOWN, [ORIGIN]: PAGE })],
    ],
    ["any 2xx", [preflight(LEAVE, 299), page()]],
    [
      "names in any case, blanks and empty members",
      [
        preflight({
          ...LEAVE,
          [HEADERS]: ",Authorization ,\tCONTENT-TYPE,, Mcp-Protocol-Version, MCP-SESSION-ID,",
        }),
        opening({ ...SHOWN, [EXPOSE]: "x-request-id,mcp-session-id" }),
        page(),
      ],
    ],
    ["* beside authorization", [preflight({ ...LEAVE, [HEADERS]: "*, Authorization" }), page()]],
    [
      "everything exposed",
      [preflight(), opening({ ...SHOWN, [EXPOSE]: "*" }), page(without(SHOWN, EXPOSE))],
    ],
    [
      "the session exposed where it is given alone",
      [preflight(), opening(), page(without(SHOWN, EXPOSE))],
    ],
    // POST is safelisted: it needs no leave by name, and neither does what a page never sends.
    ["no methods named", [preflight(without(LEAVE, METHODS)), page()]],
    ["other methods named", [preflight({ ...LEAVE, [METHODS]: "GET" }), page()]],
    [
      "no session and nothing exposed",
      [
        preflight(),
        opening(without(SHOWN, EXPOSE)),
        page(without(SHOWN, EXPOSE), { inSession: false }),
      ],
    ],
    ["more allowed than asked for", [preflight({ ...LEAVE, [HEADERS]: `x-a, ${ASKED}` }), page()]],
  ])("%s", (_name, exchanges) => {
    expect(seen(...exchanges)).toMatchObject({ status: "up", failures: [] });
  });

  it.each([
    [
      "no origin allowed",
      [preflight(without(LEAVE, ORIGIN)), page()],
      "the preflight has no Access-Control-Allow-Origin",
    ],
    [
      "another origin",
      [preflight({ ...LEAVE, [ORIGIN]: "https://other.example.com" }), page()],
      `Access-Control-Allow-Origin of the preflight is "https://other.example.com", not ${PAGE} or *`,
    ],
    [
      "the origin with a slash, which is another",
      [preflight({ ...LEAVE, [ORIGIN]: `${PAGE}/` }), page()],
      `Access-Control-Allow-Origin of the preflight is "${PAGE}/", not ${PAGE} or *`,
    ],
    [
      "the origin in other letters",
      [preflight({ ...LEAVE, [ORIGIN]: "https://APP.example.com" }), page()],
      `Access-Control-Allow-Origin of the preflight is "https://APP.example.com", not ${PAGE} or *`,
    ],
    [
      "sent twice",
      [preflight({ ...LEAVE, [ORIGIN]: "*, *" }), page()],
      `Access-Control-Allow-Origin of the preflight is "*, *", not ${PAGE} or * (one value at most may be sent)`,
    ],
    [
      "headers that are missing",
      [preflight({ ...LEAVE, [HEADERS]: "content-type" }), page()],
      "Access-Control-Allow-Headers of the preflight lacks authorization, mcp-protocol-version, mcp-session-id",
    ],
    [
      "no headers allowed",
      [preflight(without(LEAVE, HEADERS)), page()],
      `Access-Control-Allow-Headers of the preflight lacks ${ASKED.join(", ")}`,
    ],
    [
      "authorization, which the wildcard leaves out",
      [preflight({ ...LEAVE, [HEADERS]: "*" }), page()],
      "Access-Control-Allow-Headers of the preflight lacks authorization, which * does not cover",
    ],
    [
      "headers that are no list",
      [preflight({ ...LEAVE, [HEADERS]: "content-type; mcp-session-id" }), page()],
      'Access-Control-Allow-Headers of the preflight cannot be read: "content-type; mcp-session-id"',
    ],
    [
      "methods that are no list",
      [preflight({ ...LEAVE, [METHODS]: '"POST"' }), page()],
      'Access-Control-Allow-Methods of the preflight cannot be read: ""POST""',
    ],
    ["a refusal", [preflight({}, 403), page()], "the preflight is answered HTTP 403"],
    ["no such method", [preflight(LEAVE, 405), page()], "the preflight is answered HTTP 405"],
    [
      "a redirect",
      [preflight(LEAVE, 307), page()],
      "the preflight is answered HTTP 307, and browsers follow no redirect there",
    ],
    [
      "silence",
      [{ ...preflight({}, null), end: "timed-out" as const }],
      "no answer to the preflight within 30 ms",
    ],
    [
      "a reset",
      [{ ...preflight({}, null), networkError: { phase: "send", code: "ECONNRESET" } as const }],
      "the preflight has no answer: the connection failed before an answer began (ECONNRESET)",
    ],
    [
      "an answer that names no origin",
      [preflight(), page(without(SHOWN, ORIGIN))],
      "the answer to tools/list has no Access-Control-Allow-Origin",
    ],
    [
      "an answer from two places",
      [preflight(), page({ ...SHOWN, [ORIGIN]: `${PAGE}, *` })],
      `Access-Control-Allow-Origin of the answer to tools/list is "${PAGE}, *", not ${PAGE} or * (one value at most may be sent)`,
    ],
    [
      "a session that is not exposed",
      [preflight(), opening(without(SHOWN, EXPOSE)), page()],
      "Access-Control-Expose-Headers lacks Mcp-Session-Id, so pages cannot keep a session",
    ],
    [
      "a list of exposed headers that cannot be read exposes none",
      [preflight(), opening({ ...SHOWN, [EXPOSE]: "mcp-session-id; x" }), page()],
      "Access-Control-Expose-Headers lacks Mcp-Session-Id, so pages cannot keep a session",
    ],
    [
      "a page's origin that is refused",
      [preflight(), page({}, { status: 403, reply: { kind: "none" } })],
      "HTTP 403 to tools/list with the page's origin",
    ],
    [
      "a redirect on the way that names no origin",
      [preflight(), page({}, { status: 307, reply: { kind: "none" } }), page()],
      "the answer to tools/list has no Access-Control-Allow-Origin",
    ],
    [
      "all at once",
      [preflight(without(LEAVE, ORIGIN, HEADERS)), opening({}), page(without(SHOWN, ORIGIN))],
      `the preflight has no Access-Control-Allow-Origin; Access-Control-Allow-Headers of the preflight lacks ${ASKED.join(", ")}; the answer to initialize has no Access-Control-Allow-Origin; Access-Control-Expose-Headers lacks Mcp-Session-Id, so pages cannot keep a session`,
    ],
    [
      "a preflight that fails where the page's request would fail too",
      [preflight({}, 500), page(SHOWN, { status: 500, reply: { kind: "none" } })],
      "the preflight is answered HTTP 500",
    ],
  ])("kept from it: %s", (_name, exchanges, summary) => {
    expect(blocked(exchanges)).toEqual([["cors-blocked", summary]]);
    expect(seen(...exchanges)).toMatchObject({ status: "degraded", depth: "tools" });
  });

  it.each([
    ["http-server-error", page(SHOWN, { status: 500, reply: { kind: "none" } })],
    ["session-lost", page(SHOWN, { status: 404, reply: { kind: "none" } })],
    ["invalid-result", page(SHOWN, { reply: result({ tools: 1 }) })],
  ] as const)("a failure that is not the origin's keeps its name: %s", (mode, failing) => {
    expect(seen(preflight(), failing).failures).toMatchObject([{ mode, step: "cors" }]);
  });

  it("shows the answer that is at fault", () => {
    const first = seen(preflight({}, 403), page()).failures[0];
    expect(first?.evidence).toMatchObject({ httpStatus: 403, detail: `for pages of ${PAGE}` });
    const second = seen(preflight(), page({})).failures[0];
    expect(second?.evidence).toMatchObject({ httpStatus: 200, rpcMethod: "tools/list" });
  });
});

describe("the headers of a page's requests", () => {
  const target = (overrides: Parameters<typeof targetFromUrl>[1] = {}) => {
    const made = targetFromUrl("https://orders.example.com/mcp", overrides);
    if (!made.ok) throw new Error(JSON.stringify(made.findings));
    return made.target;
  };
  const token = { secret: "env:TOKEN" };

  it.each([
    ["none of its own", target(), "legacy", false, "content-type,mcp-protocol-version"],
    ["a session", target(), "legacy", true, "content-type,mcp-protocol-version,mcp-session-id"],
    [
      "the modern era",
      target(),
      "modern",
      false,
      "content-type,mcp-method,mcp-name,mcp-protocol-version",
    ],
    [
      "a token",
      target({ auth: { type: "bearer", token } }),
      "legacy",
      false,
      "authorization,content-type,mcp-protocol-version",
    ],
    [
      "a key, and a header of the target's",
      target({
        auth: { type: "headers", headers: { "X-Api-Key": token } },
        headers: { "X-Tenant": "a" },
      }),
      "legacy",
      false,
      "content-type,mcp-protocol-version,x-api-key,x-tenant",
    ],
  ] as const)("%s", (_name, watched, era, inSession, names) => {
    expect(pageHeaders(watched, { era, inSession }).join(",")).toBe(names);
  });
});
