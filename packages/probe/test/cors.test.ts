import {
  type Answer,
  type RecordedRequest,
  type RunningServer,
  type Script,
  soundLegacy,
  soundModern,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { type Overrides, probe } from "./harness.ts";

const PAGE = "https://app.example.com";
const CORS: Overrides = {
  clientTimeoutMs: 8_000,
  slowMs: 7_000,
  expect: { cors: { origin: PAGE } },
};
const DEEP = { extras: ["cors"], runTimeoutMs: 30_000 } as const;

const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const ALLOW: readonly (readonly [string, string])[] = [
  ["Access-Control-Allow-Origin", "*"],
  ["Access-Control-Allow-Headers", "*, Authorization"],
  ["Access-Control-Expose-Headers", "Mcp-Session-Id"],
];

/** A sound server that lets pages in, but for what `change` makes of an answer. */
async function serve(
  change: (answer: Answer, request: RecordedRequest) => Answer = (answer) => answer,
  sound: Script = soundLegacy(),
): Promise<RunningServer> {
  const server = await startServer((request) => {
    const answer = request.httpMethod === "OPTIONS" ? text("", { status: 204 }) : sound(request);
    if (answer.kind !== "respond") return change(answer, request);
    return change({ ...answer, headers: [...answer.headers, ...ALLOW] }, request);
  });
  running.push(server);
  return server;
}

function optionsOf(server: RunningServer): readonly RecordedRequest[] {
  return server.requests.filter(({ httpMethod }) => httpMethod === "OPTIONS");
}

describe("the CORS step", () => {
  it("asks as a browser does, then sends as a page does", async () => {
    const server = await serve();
    const { verdict, run } = await probe(server.url, CORS, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
    expect(run.legs[0]?.steps.find(({ step }) => step === "cors")).toMatchObject({
      outcome: "ok",
      label: PAGE,
    });
    expect(optionsOf(server).map(({ path, headers }) => ({ path, ...headers }))).toEqual([
      {
        path: "/mcp",
        host: new URL(server.url).host,
        accept: "*/*",
        "accept-encoding": "gzip, deflate",
        connection: "keep-alive",
        origin: PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type,mcp-protocol-version,mcp-session-id",
        "user-agent": expect.stringMatching(/^vigil\//),
      },
    ]);
    const origins = server.requests.map(({ rpc, headers }) => [rpc?.method, headers["origin"]]);
    expect(origins.filter(([, origin]) => origin !== undefined)).toEqual([
      [undefined, PAGE],
      ["initialize", PAGE],
      ["notifications/initialized", PAGE],
      ["tools/list", PAGE],
    ]);
  });

  it("lets a server expose the session where it is given, and nowhere else", async () => {
    const server = await serve((answer, { rpc }) =>
      answer.kind === "respond" && rpc !== null && rpc.method !== "initialize"
        ? { ...answer, headers: answer.headers.filter(([name]) => !name.includes("Expose")) }
        : answer,
    );
    const { verdict } = await probe(server.url, CORS, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
  });

  it("ends the page's session as well as its own", async () => {
    const server = await serve();
    const { verdict } = await probe(server.url, CORS, DEEP);
    const ended = server.requests.filter(({ httpMethod }) => httpMethod === "DELETE");
    const ids = ended.map(({ headers }) => headers["mcp-session-id"]);
    expect(new Set(ids).size).toBe(2);
    expect(verdict.notes.join()).not.toContain("left open");
    await expect.poll(server.open).toBe(0);
  });

  it("opens no session for the page where there are none", async () => {
    const server = await serve(undefined, soundLegacy({ stateful: false }));
    const { verdict } = await probe(server.url, CORS, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
    expect(server.requests.filter(({ rpc }) => rpc?.method === "initialize")).toHaveLength(1);
  });

  it("holds nothing against a server whose DELETE of the page's session hangs", async () => {
    const server = await serve((answer, { httpMethod }) =>
      httpMethod === "DELETE" ? { kind: "hang" } : answer,
    );
    const { verdict } = await probe(server.url, CORS, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
    expect(verdict.notes).toContain("the session was left open: DELETE got no good answer");
  });

  it("asks for what the modern era sends", async () => {
    const server = await serve(undefined, soundModern());
    const { verdict } = await probe(server.url, { ...CORS, era: "modern" }, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
    expect(optionsOf(server)[0]?.headers["access-control-request-headers"]).toBe(
      "content-type,mcp-method,mcp-name,mcp-protocol-version",
    );
  });

  it("sends no credentials ahead, and signs nothing there", async () => {
    const server = await serve();
    const signed: string[] = [];
    const { modes } = await probe(
      server.url,
      {
        ...CORS,
        headers: { "X-Tenant": "a" },
        auth: { type: "sigv4", service: "lambda", region: "us-east-1" },
      },
      {
        ...DEEP,
        deps: {
          sign: async ({ method }) => {
            signed.push(method);
            return { ok: true, headers: { authorization: "AWS4 x" }, secrets: [] };
          },
        },
      },
    );
    expect(modes).toEqual([]);
    expect(signed).not.toContain("OPTIONS");
    const [asked] = optionsOf(server);
    expect(asked?.headers).not.toHaveProperty("authorization");
    expect(asked?.headers).not.toHaveProperty("x-tenant");
    expect(asked?.headers["access-control-request-headers"]).toBe(
      "authorization,content-type,mcp-protocol-version,mcp-session-id,x-tenant",
    );
  });

  it("reads a header that came twice as a browser does", async () => {
    const server = await serve((answer) =>
      answer.kind === "respond"
        ? { ...answer, headers: [...answer.headers, ["access-control-allow-origin", "*"]] }
        : answer,
    );
    const { verdict } = await probe(server.url, CORS, DEEP);
    expect(verdict.failures.map(({ mode, summary }) => [mode, summary])).toEqual([
      [
        "cors-blocked",
        `Access-Control-Allow-Origin of the preflight is "*, *", not ${PAGE} or * (one value at most may be sent); Access-Control-Allow-Origin of the answer to initialize is "*, *", not ${PAGE} or * (one value at most may be sent)`,
      ],
    ]);
    expect(verdict.failures[0]?.evidence.headers["access-control-allow-origin"]).toBe("*, *");
  });

  it("follows no redirect of the question", async () => {
    const moved = text("", { status: 307, headers: [["location", "/elsewhere"]] });
    const server = await serve((answer, { httpMethod }) =>
      httpMethod === "OPTIONS" ? moved : answer,
    );
    const { modes } = await probe(server.url, CORS, DEEP);
    expect(modes).toEqual(["cors-blocked"]);
    expect(optionsOf(server)).toHaveLength(1);
  });

  it.each([
    ["never answered", { kind: "hang" } as const, "no answer to the preflight within"],
    ["reset", { kind: "reset" } as const, "the preflight has no answer: the connection failed"],
  ])("a question that is %s", async (_name, answer, summary) => {
    const server = await serve((sound, { httpMethod }) =>
      httpMethod === "OPTIONS" ? answer : sound,
    );
    const { verdict, tookMs } = await probe(
      server.url,
      { expect: { cors: { origin: PAGE } } },
      { ...DEEP, runTimeoutMs: 5_000 },
    );
    expect(verdict).toMatchObject({ status: "degraded", failures: [{ mode: "cors-blocked" }] });
    expect(verdict.failures[0]?.summary).toContain(summary);
    expect(tookMs).toBeLessThan(4_000);
    await expect.poll(server.open).toBe(0);
  });

  it("an answer to the question whose body never ends holds nothing up", async () => {
    const endless = { ...text("x"), framing: "chunked", end: "hang" } as const;
    const server = await serve((answer, { httpMethod }) =>
      httpMethod === "OPTIONS" ? { ...endless, headers: ALLOW } : answer,
    );
    const { modes, tookMs } = await probe(server.url, CORS, DEEP);
    expect(modes).toEqual([]);
    expect(tookMs).toBeLessThan(6_000);
    await expect.poll(server.open).toBe(0);
  });

  it("leaves the run's time alone", async () => {
    const server = await serve((answer, { headers, httpMethod }) =>
      answer.kind === "respond" && (httpMethod === "OPTIONS" || headers["origin"] !== undefined)
        ? { ...answer, delayMs: 300 }
        : answer,
    );
    const { verdict } = await probe(server.url, { ...CORS, slowMs: 290 }, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
  });
});
