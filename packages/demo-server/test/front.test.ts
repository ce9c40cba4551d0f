import { type IncomingMessage, type RequestOptions, request } from "node:http";
import { describe, expect, it } from "vitest";
import { FaultSwitch } from "../src/faults/switch.ts";
import { connect, ERAS, open, post, start } from "./harness.ts";

describe("x-lambda-init", () => {
  it("says cold once, with the time since init, and warm ever after", async () => {
    const clock = { at: 5_000 };
    const { url } = await start({ now: () => clock.at, initType: "on-demand" });
    clock.at += 12;
    const said: (string | null)[] = [];
    for (const era of ["modern", "legacy", "modern"] as const) {
      said.push((await open(url, era)).headers.get("x-lambda-init"));
    }
    const warm = "warm; type=on-demand";
    expect(said).toEqual(["cold; type=on-demand; since-init-ms=12", warm, warm]);
  });

  it("never says cold where Lambda initialises ahead of any request", async () => {
    const { url } = await start({ initType: "provisioned-concurrency" });
    expect((await open(url, "modern")).headers.get("x-lambda-init")).toBe(
      "warm; type=provisioned-concurrency",
    );
  });

  it("is not used up by the adapter's readiness check", async () => {
    const { origin, url } = await start();
    await fetch(origin);
    expect((await open(url, "modern")).headers.get("x-lambda-init")).toMatch(/^cold;/);
  });

  it("tells a cold start that is played as it would tell a real one", async () => {
    const faults = new FaultSwitch(null, { delayMs: 10, requests: 2 });
    const { url } = await start({ faults });
    const said = async () => (await open(url, "modern")).headers.get("x-lambda-init");
    await said();
    faults.set("cold-start");
    const cold = "cold; type=local; since-init-ms=0";
    expect([await said(), await said(), await said()]).toEqual([cold, cold, "warm; type=local"]);
  });
});

describe("health", () => {
  it.each(["/", "/health"])("%s is well whatever fault is on", async (path) => {
    const { origin, url } = await start({ fault: "version-mismatch" });
    expect(await (await fetch(origin + path)).json()).toEqual({
      status: "ok",
      era: "dual",
      sessions: 0,
    });
    expect((await open(url, "modern")).headers.get("x-powered-by")).toBeNull();
  });

  it("counts the open sessions", async () => {
    const { origin, url } = await start();
    await connect.legacy(url);
    expect(await (await fetch(`${origin}/health`)).json()).toMatchObject({ sessions: 1 });
  });
});

describe("CORS", () => {
  const preflight = (url: string) =>
    fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": "POST" },
    });
  const corsOf = ({ headers }: Response) =>
    [...headers].filter(([name]) => name.startsWith("access-control-"));

  it("lets a browser send what MCP needs", async () => {
    const response = await preflight((await start()).url);
    expect([response.status, Object.fromEntries(corsOf(response))]).toEqual([
      204,
      {
        "access-control-allow-origin": "*",
        "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
        "access-control-allow-headers":
          "content-type, authorization, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, last-event-id",
        "access-control-expose-headers": "mcp-session-id",
      },
    ]);
  });

  it("lets a browser read the session of an answer, and the words of an error", async () => {
    const { url } = await start();
    for (const response of [await open(url, "legacy"), await post(url, "{")]) {
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(response.headers.get("access-control-expose-headers")).toBe("mcp-session-id");
    }
  });

  it("is left to the Function URL on Lambda: two answers would be none to a browser", async () => {
    const { url } = await start({ inLambda: true });
    expect(corsOf(await preflight(url))).toEqual([]);
    expect(corsOf(await open(url, "legacy"))).toEqual([]);
  });
});

const error = (code: number, message: string) => ({
  jsonrpc: "2.0",
  error: { code, message },
  id: null,
});

describe("a body that cannot be read", () => {
  it.each(["dual", "legacy", "modern"] as const)("gets JSON-RPC's words (%s)", async (era) => {
    const { url } = await start({ era });
    const answers = [];
    for (const body of ["{", "null", `"${"x".repeat(1_100_000)}"`]) {
      const response = await post(url, body);
      answers.push([response.status, await response.json()]);
    }
    const parseError = [400, error(-32700, "Parse error: the body is no JSON object")];
    const tooLarge = [413, error(-32600, "Invalid request: entity.too.large")];
    expect(answers).toEqual([parseError, parseError, tooLarge]);
  });

  it.each(["dual", "legacy", "modern"] as const)(
    "is refused unless it is JSON (%s)",
    async (era) => {
      const { url } = await start({ era });
      const response = await post(url, "hello", { "content-type": "text/plain" });
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ jsonrpc: "2.0", error: {}, id: null });
    },
  );
});

/** What fetch() would not send: another Host header, the method TRACE. */
function send(url: string, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(url, options, (response) => resolve(response.resume()));
    call.on("error", reject).end();
  });
}

describe("a method that MCP does not use", () => {
  it.each(["PUT", "PATCH", "TRACE"])("%s is refused with those that it does", async (method) => {
    const { url } = await start();
    const { statusCode, headers } = await send(url, { method });
    expect([statusCode, headers.allow]).toEqual([405, "POST, DELETE"]);
  });
});

describe("the admin call", () => {
  const set = (origin: string, body: string) => post(`${origin}/admin/fault`, body);

  it("tells and switches the fault", async () => {
    const { origin, faults } = await start({ fault: "tools-empty" });
    expect(await (await fetch(`${origin}/admin/fault`)).json()).toEqual({ fault: "tools-empty" });
    const switched = await set(origin, '{"fault":"streaming-off"}');
    expect([switched.status, await switched.json()]).toEqual([200, { fault: "streaming-off" }]);
    expect(faults.fault).toBe("streaming-off");
    expect(await (await set(origin, '{"fault":"none"}')).json()).toEqual({ fault: "none" });
    expect(faults.fault).toBeNull();
  });

  it.each([
    ['{"fault":"tools-emtpy"}', '"tools-emtpy"; did you mean tools-empty?'],
    ['{"fault":7}', "7"],
    ["{}", "nothing"],
  ])("refuses %s and changes nothing", async (body, shown) => {
    const { origin, faults } = await start({ fault: "tools-empty" });
    const response = await set(origin, body);
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        error: `there is no fault ${shown} (npm run demo:break -- --list tells all)`,
      },
    ]);
    expect(faults.fault).toBe("tools-empty");
  });

  it.each([
    ["127.0.0.1:8080", 200],
    ["localhost", 200],
    ["[::1]:8080", 200],
    ["attacker.example", 403],
    ["127.0.0.1.attacker.example", 403],
    ["localhost:80@attacker.example", 403],
  ])("called under the name %s: %i", async (host, status) => {
    const { origin } = await start();
    const { statusCode } = await send(`${origin}/admin/fault`, { headers: { host } });
    expect(statusCode).toBe(status);
  });

  it("is not there on Lambda", async () => {
    const { origin, faults } = await start({ inLambda: true });
    expect((await fetch(`${origin}/admin/fault`)).status).toBe(404);
    expect((await set(origin, '{"fault":"tools-empty"}')).status).toBe(404);
    expect(faults.fault).toBeNull();
  });
});

it.each(ERAS)("a client of the %s era works on Lambda too", async (era) => {
  const { url } = await start({ inLambda: true });
  expect(await (await connect[era](url)).call("sentinel")).toMatchObject({
    structuredContent: { ok: true },
  });
});
