import { type Headers, json, type Respond, text } from "../answer.ts";
import type { Fault, Stage, Twin } from "../fault.ts";
import { SENDING, type Spot, spotsOf } from "../moments.ts";
import { soundStage, strike } from "../stage.ts";
import { FUNCTION_URL, HTTP_API, REST_API } from "./aws-bodies.ts";

/** An answer that is given as it stands to whatever is sent. */
function always(
  code: Fault["code"],
  title: string,
  answer: Respond,
  more: Partial<Fault> = {},
): Fault {
  return {
    code,
    title,
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => answer),
    ...more,
  };
}

function html(status: number, title: string, headers: Headers = []): Respond {
  const body = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body>\r\n<center><h1>${status} ${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
  return text(body, {
    status,
    headers: [["server", "nginx"], ["content-type", "text/html"], ...headers],
  });
}

const CHALLENGE: Headers = [
  [
    "www-authenticate",
    'Bearer error="invalid_token", resource_metadata="https://orders.example/.well-known/oauth-protected-resource"',
  ],
];
const TOKEN_REFUSED = json(
  '{"error":"invalid_token","error_description":"The access token expired"}',
  { status: 401, headers: CHALLENGE },
);

const CREDENTIALS: Partial<Fault> = {
  target: { bearer: "env:ORDERS_TOKEN" },
  monitor: { secrets: { ORDERS_TOKEN: "0rders-t0ken-4711" } },
};

const ACCESS: readonly Fault[] = [
  always("http-unauthorized", "401 to a token", TOKEN_REFUSED, CREDENTIALS),
  always(
    "http-unauthorized",
    "401 from API Gateway to a token",
    REST_API.unauthorized,
    CREDENTIALS,
  ),
  always("auth-required", "401 to a client without a token", TOKEN_REFUSED),
  always("http-forbidden", "a Function URL that does not exist", FUNCTION_URL.unknown),
  always("http-forbidden", "a Function URL without permission", FUNCTION_URL.forbidden),
  always("http-forbidden", "a REST API without such a route", REST_API.noSuchRoute),
  always("http-forbidden", "a body hash that does not match", REST_API.badSignature),
  always("http-forbidden", "a firewall's page", html(403, "Forbidden")),
  always("http-throttled", "reserved concurrency used up", FUNCTION_URL.throttled),
  always("http-throttled", "a stage's limit", REST_API.throttled),
  always(
    "http-throttled",
    "an application's limit",
    text("slow down", { status: 429, headers: [["retry-after", "30"]] }),
  ),
];

const STATELESS = { stateless: true } as const;

/** In a session, 404 is the protocol's own word for a lost one; so here there is none. */
function notFound(title: string, answer: Respond): Fault {
  const code = "http-not-found";
  const start = (spot: Spot) => strike(spot, () => answer, STATELESS);
  const twin: Twin = { start: (spot) => soundStage(spot, STATELESS) };
  return { code, title, spots: spotsOf(SENDING), start, twin };
}

const ROUTES: readonly Fault[] = [
  notFound("an HTTP API without such a route", HTTP_API.noSuchRoute),
  notFound(
    "Express without such a route",
    text(
      '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot POST /mcp</pre>\n</body>\n</html>\n',
      { status: 404, headers: [["content-type", "text/html; charset=utf-8"]] },
    ),
  ),
  always(
    "http-unexpected",
    "405 to POST",
    text("Method Not Allowed", { status: 405, headers: [["allow", "GET"]] }),
  ),
  always("http-unexpected", "400 with a page", html(400, "Bad Request")),
  always("http-unexpected", "406 with a text", text("Not Acceptable", { status: 406 })),
  always("http-unexpected", "408", text("", { status: 408 })),
  always("http-unexpected", "413 from a proxy", html(413, "Request Entity Too Large")),
];

const FAILURES: readonly Fault[] = [
  always("function-error", "a Function URL whose handler throws", FUNCTION_URL.failed),
  always("function-error", "the same, with the error's type", FUNCTION_URL.failedWithType),
  always("function-error", "a REST API whose function fails", REST_API.failed),
  always("function-error", "an HTTP API whose function fails", HTTP_API.failed),
  always("gateway-timeout", "a REST API after 29 s", REST_API.timedOut),
  always("gateway-timeout", "an HTTP API after 30 s, as 503", HTTP_API.unavailable),
  always("gateway-timeout", "an HTTP API after 30 s, as 504", HTTP_API.timedOut),
  always("http-server-error", "Express after an unhandled error", html(500, "Error")),
  always("http-server-error", "a proxy without its server", html(502, "Bad Gateway")),
  always("http-server-error", "a proxy that is out of service", html(503, "Service Unavailable")),
  always(
    "http-server-error",
    "the application's own 502 through a Function URL",
    text("upstream failed", {
      status: 502,
      headers: [["x-amzn-requestid", "6b3f0b0c-5a4e-4a5e-9a53-3f3f0ed2a1f7"]],
    }),
  ),
  always(
    "http-server-error",
    "502 with a page of 5 MB",
    text(`<html>${" ".repeat(5_000_000)}</html>`, { status: 502 }),
    { heavy: true, unchecked: ["bytes"] },
  ),
  always(
    "http-server-error",
    "500 with a JSON-RPC error",
    json('{"jsonrpc":"2.0","error":{"code":-32603,"message":"Internal server error"},"id":null}', {
      status: 500,
    }),
  ),
];

function moved(status: number, location: string): Respond {
  return text("", { status, headers: [["location", location]] });
}

/** Sends the spot's request on to a second server, which must never see it. */
async function redirectedAway(spot: Spot): Promise<Stage> {
  const other = await soundStage(spot);
  const stage = await strike(spot, () => moved(307, other.url));
  return {
    ...stage,
    stray: other.requests,
    close: async () => void (await Promise.all([stage.close(), other.close()])),
  };
}

const REDIRECTS: readonly Fault[] = [
  always("redirected", "307 to another origin", moved(307, "https://other.example/mcp")),
  always("redirected", "308 to another origin", moved(308, "https://other.example/mcp")),
  {
    code: "redirected",
    title: "307 to another server, with a token",
    spots: spotsOf(SENDING),
    start: redirectedAway,
    ...CREDENTIALS,
  },
  always("redirected", "302 to a log-in page", moved(302, "https://login.example/oauth2")),
  always("redirected", "301 to the same origin", moved(301, "/mcp/")),
  always("redirected", "307 to itself, for ever", moved(307, "/mcp"), {
    // Of the simultaneous clients' requests one is struck, and once.
    spots: spotsOf(SENDING.filter((moment) => moment !== "clients")),
  }),
  always("redirected", "307 without a location", text("", { status: 307 })),
];

export const FRONT_DOOR_FAULTS: readonly Fault[] = [
  ...ACCESS,
  ...ROUTES,
  ...FAILURES,
  ...REDIRECTS,
];
