import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createSessionTable } from "../src/session-table.ts";
import { SESSION_TTL_MS } from "../src/sessions.ts";
import { clientOf, serviceThat, useDatabase } from "./database.ts";
import { ask, connect, messageOf, open, post, start } from "./harness.ts";
import { bundleScript, listen } from "./processes.ts";

bundleScript("server");
const database = useDatabase();
const TABLE = "demo-sessions";
const STARTED_AT = Date.parse("2026-11-22T08:00:00.000Z");

function environments(table = TABLE, endpoint = database().endpoint) {
  const clock = { at: STARTED_AT };
  const now = () => clock.at;
  const dynamo = clientOf(endpoint);
  const keeping = { kind: "shared", store: createSessionTable({ dynamo, table, now }) } as const;
  const itemOf = async (sessionId: string) =>
    (await dynamo.send(new GetCommand({ TableName: TABLE, Key: { sessionId } }))).Item;
  return { clock, itemOf, another: () => start({ keeping, now }) };
}

const message = (method: string) => JSON.stringify({ jsonrpc: "2.0", id: 1, method });
const inSession = (id: string) => ({
  "mcp-session-id": id,
  "mcp-protocol-version": "2025-11-25",
});
const ping = (url: string, id: string) => post(url, message("ping"), inSession(id));
const end = (url: string, id: string) => fetch(url, { method: "DELETE", headers: inSession(id) });
const idOf = (response: Response) => response.headers.get("mcp-session-id") ?? "";

const refusal = (code: number, text: string) => ({
  jsonrpc: "2.0",
  error: { code, message: text },
  id: null,
});
const NOT_FOUND = [404, refusal(-32001, "Session not found")];

async function answerOf(response: Response) {
  return [response.status, await response.json()];
}

describe("sessions in DynamoDB", () => {
  it("answers a session in an environment that did not open it", async () => {
    const { another } = environments();
    const [one, two] = [await another(), await another()];
    const id = idOf(await open(one.url, "legacy"));
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    const pong = await ping(two.url, id);
    expect([pong.status, await messageOf(pong)]).toEqual([
      200,
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
    const notified = JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" });
    expect((await post(two.url, notified, inSession(id))).status).toBe(202);
  });

  it("serves the official client, streams and all, and ends its session on DELETE", async () => {
    const { another } = environments();
    const [one, two] = [await another(), await another()];
    const client = await connect.legacy(one.url);
    const steps: number[] = [];
    await client.call("progress", { steps: 2, delayMs: 0 }, ({ progress }) => steps.push(progress));
    expect(steps).toEqual([1, 2]);
    const id = client.sessionId() ?? "";
    await client.leave();
    expect(await answerOf(await ping(two.url, id))).toEqual(NOT_FOUND);
    expect(await answerOf(await end(two.url, id))).toEqual(NOT_FOUND);
  });

  it("keeps what was settled, and when it was used and will run out", async () => {
    const { another, clock, itemOf } = environments();
    const { url } = await another();
    const id = idOf(await open(url, "legacy"));
    clock.at += 60_000;
    await ping(url, id);
    expect(await itemOf(id)).toEqual({
      sessionId: id,
      protocolVersion: "2025-11-25",
      clientInfo: { name: "test", version: "0.0.0" },
      capabilities: {},
      createdAt: "2026-11-22T08:00:00.000Z",
      lastUsedAt: "2026-11-22T08:01:00.000Z",
      expiresAt: (STARTED_AT + 60_000 + SESSION_TTL_MS) / 1_000,
    });
  });

  it.each([
    ["2024-11-05", "2024-11-05"],
    ["1999-01-01", "2025-11-25"],
  ])("keeps the revision that the client is answered, asked for %s", async (asked, answered) => {
    const { another, itemOf } = environments();
    const params = {
      protocolVersion: asked,
      capabilities: {},
      clientInfo: { name: "old", version: "1" },
    };
    const response = await ask((await another()).url, "legacy", "initialize", params);
    expect(await messageOf(response)).toMatchObject({ result: { protocolVersion: answered } });
    expect(await itemOf(idOf(response))).toMatchObject({ protocolVersion: answered });
  });

  it("forgets a session unused for 30 minutes, though its item is still there", async () => {
    const { another, clock, itemOf } = environments();
    const { url } = await another();
    const [used, unused] = [idOf(await open(url, "legacy")), idOf(await open(url, "legacy"))];
    clock.at += SESSION_TTL_MS - 1_000;
    expect((await ping(url, used)).status).toBe(200);
    clock.at += 1_000;
    expect((await ping(url, used)).status).toBe(200);
    for (const late of [await ping(url, unused), await end(url, unused)]) {
      expect(await answerOf(late)).toEqual(NOT_FOUND);
    }
    expect(await itemOf(unused)).toBeDefined();
  });

  it.each(["POST", "DELETE"])(
    "answers %s in a session that nobody opened with 404",
    async (method) => {
      const { url } = await environments().another();
      const response = await (method === "POST" ? ping : end)(url, "from-elsewhere");
      expect(await answerOf(response)).toEqual(NOT_FOUND);
    },
  );

  it("asks for initialize where there is no session, and takes it once", async () => {
    const { url } = await environments().another();
    expect(await answerOf(await ask(url, "legacy", "tools/list"))).toEqual([
      400,
      refusal(-32000, "Bad Request: Mcp-Session-Id header is required"),
    ]);
    const id = idOf(await open(url, "legacy"));
    const params = {
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    const again = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params });
    expect(await answerOf(await post(url, again, inSession(id)))).toEqual([
      400,
      refusal(-32600, "Invalid Request: Server already initialized"),
    ]);
  });

  it("does not say how many there are: other environments open them too", async () => {
    const { origin, url } = await environments().another();
    await open(url, "legacy");
    expect(await (await fetch(`${origin}/health`)).json()).toMatchObject({ sessions: null });
  });
});

describe("a table that fails", () => {
  const MISSING =
    "Sessions cannot be looked up: ResourceNotFoundException: Requested resource not found";

  it.each([
    ["initialize", (url: string) => open(url, "legacy")],
    ["a request", (url: string) => ping(url, "some-session")],
    ["DELETE", (url: string) => end(url, "some-session")],
  ])("is told as such to %s, and loses no session", async (_name, send) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    onTestFinished(() => logged.mockRestore());
    const { url } = await environments("no-such-table").another();
    const response = await send(url);
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(await answerOf(response)).toEqual([500, refusal(-32603, MISSING)]);
    expect(logged).toHaveBeenCalledOnce();
  });

  it("costs a client seconds when it does not answer at all", async () => {
    const endpoint = await serviceThat(() => {});
    const { url } = await listen({
      MCP_SESSIONS: "dynamodb",
      SESSIONS_TABLE: TABLE,
      ...database().env,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    });
    expect(await answerOf(await ping(url, "some-session"))).toEqual([
      500,
      refusal(-32603, expect.stringMatching(/^Sessions cannot be looked up: TimeoutError: /)),
    ]);
  });
});
