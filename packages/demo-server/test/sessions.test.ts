import { describe, expect, it } from "vitest";
import { MAX_SESSIONS, SESSION_TTL_MS, SessionRegistry } from "../src/sessions.ts";
import { ask, connect, messageOf, open, post, STATELESS, start } from "./harness.ts";

const TTL_MS = 100;

function registry(max = 10) {
  const clock = { at: 1_000 };
  const closed: string[] = [];
  const sessions = new SessionRegistry<{ name: string; close(): Promise<void> }>({
    ttlMs: TTL_MS,
    max,
    now: () => clock.at,
  });
  const add = (name: string) =>
    sessions.set(name, {
      name,
      close: async () => {
        closed.push(name);
      },
    });
  return { clock, closed, sessions, add };
}

describe("the session registry", () => {
  it.each([
    ["is kept a millisecond before its time", TTL_MS - 1, "a", []],
    ["is closed and forgotten when its time is up", TTL_MS, undefined, ["a"]],
  ])("a session unused: %s", (_name, waitMs, found, expected) => {
    const { clock, closed, sessions, add } = registry();
    add("a");
    clock.at += waitMs;
    expect(sessions.get("a")?.name).toBe(found);
    expect(closed).toEqual(expected);
  });

  it("counts a session's time from its last use", () => {
    const { clock, closed, sessions, add } = registry();
    add("a");
    add("b");
    clock.at += TTL_MS - 1;
    sessions.get("a");
    clock.at += 1;
    expect(sessions.get("b")).toBeUndefined();
    expect(sessions.get("a")?.name).toBe("a");
    expect(closed).toEqual(["b"]);
  });

  it("evicts stale ones when another opens, the longest unused first", () => {
    const { clock, closed, sessions, add } = registry();
    add("a");
    add("b");
    sessions.get("a");
    clock.at += TTL_MS;
    add("c");
    expect(closed).toEqual(["b", "a"]);
    expect(sessions.size).toBe(1);
  });

  it("holds no more than its bound, and gives up the longest unused", () => {
    const { closed, sessions, add } = registry(2);
    add("a");
    add("b");
    sessions.get("a");
    add("c");
    expect(closed).toEqual(["b"]);
    expect(sessions.size).toBe(2);
    expect(sessions.get("a")?.name).toBe("a");
  });

  it("holds 500 when not told otherwise", () => {
    const sessions = new SessionRegistry<{ close(): Promise<void> }>({ now: () => 0 });
    for (let id = 0; id <= MAX_SESSIONS; id += 1) {
      sessions.set(String(id), { close: async () => {} });
    }
    expect(sessions.size).toBe(500);
    expect(sessions.get("0")).toBeUndefined();
  });

  it("survives a session that cannot be closed", async () => {
    const { clock, sessions } = registry();
    sessions.set("bad", { name: "bad", close: () => Promise.reject(new Error("stuck")) });
    clock.at += TTL_MS;
    expect(sessions.get("bad")).toBeUndefined();
    // A rejection that nobody takes would fail this run.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it("closes what is left at the end, and not what was deleted", () => {
    const { closed, sessions, add } = registry();
    add("a");
    add("b");
    sessions.delete("a");
    sessions.closeAll();
    expect(closed).toEqual(["b"]);
    expect(sessions.size).toBe(0);
  });
});

const SESSION_NOT_FOUND = { jsonrpc: "2.0", error: { code: -32001, message: "Session not found" } };
const PING = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
const ping = (url: string, id: string) =>
  post(url, PING, { "mcp-session-id": id, "mcp-protocol-version": "2025-11-25" });

describe("in memory", () => {
  it("gives each client a session of its own, and ends it on DELETE", async () => {
    const { url, sessions } = await start();
    const [one, two] = [await connect.legacy(url), await connect.legacy(url)];
    expect(one.sessionId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(one.sessionId()).not.toBe(two.sessionId());
    expect(sessions()).toBe(2);
    const id = one.sessionId() ?? "";
    await one.leave();
    expect(sessions()).toBe(1);
    expect((await ping(url, id)).status).toBe(404);
    expect(await two.call("echo", { message: "still here" })).toMatchObject({
      content: [{ text: "still here" }],
    });
  });

  it("forgets a session unused for 30 minutes", async () => {
    const clock = { at: 0 };
    const { url, sessions } = await start({ now: () => clock.at });
    const id = (await open(url, "legacy")).headers.get("mcp-session-id") ?? "";
    clock.at += SESSION_TTL_MS - 1;
    expect((await ping(url, id)).status).toBe(200);
    clock.at += SESSION_TTL_MS;
    const late = await ping(url, id);
    expect([late.status, await late.json()]).toEqual([404, { ...SESSION_NOT_FOUND, id: null }]);
    expect(sessions()).toBe(0);
  });

  it.each(["POST", "DELETE"])(
    "answers %s in a session it does not know with 404",
    async (method) => {
      const { url } = await start();
      const headers = { "mcp-session-id": "from-elsewhere", "content-type": "application/json" };
      const body = method === "POST" ? PING : null;
      const response = await fetch(url, { method, headers, body });
      expect([response.status, await response.json()]).toEqual([
        404,
        { ...SESSION_NOT_FOUND, id: null },
      ]);
    },
  );

  it("ends what a session was answering when the session is evicted", async () => {
    const clock = { at: 0 };
    const { url } = await start({ now: () => clock.at });
    const id = (await open(url, "legacy")).headers.get("mcp-session-id") ?? "";
    const params = { name: "progress", arguments: { steps: 50, delayMs: 2_000 } };
    const body = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params });
    const counting = await post(url, body, { "mcp-session-id": id });
    clock.at += SESSION_TTL_MS;
    await open(url, "legacy");
    // Unclosed, the stream would go on for 100 s.
    expect(await counting.text()).not.toContain("counted");
  });

  it("asks for initialize where there is no session", async () => {
    const { url, sessions } = await start();
    const response = await ask(url, "legacy", "tools/list");
    expect(response.status).toBe(400);
    expect(await messageOf(response)).toMatchObject({ error: { code: -32000 } });
    expect(sessions()).toBe(0);
  });
});

describe("stateless", () => {
  it("gives no session and keeps none", async () => {
    const { url, sessions } = await start({ keeping: STATELESS });
    const client = await connect.legacy(url);
    expect(await client.listTools()).toEqual(["echo", "sentinel", "progress"]);
    expect(client.sessionId()).toBeUndefined();
    expect(sessions()).toBe(0);
  });

  it("answers a session of another environment: each request stands alone", async () => {
    const { url } = await start({ keeping: STATELESS });
    const response = await ping(url, "from-elsewhere");
    expect([response.status, await messageOf(response)]).toEqual([
      200,
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
  });
});

describe("a GET stream", () => {
  it.each(["memory", "stateless"] as const)(
    "is refused at once, for it would hold a Lambda environment (%s)",
    async (kind) => {
      const { url } = await start({ keeping: { kind } });
      const id = (await open(url, "legacy")).headers.get("mcp-session-id");
      const response = await fetch(url, {
        headers: { accept: "text/event-stream", ...(id !== null && { "mcp-session-id": id }) },
      });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "POST, DELETE"]);
      expect(await response.json()).toMatchObject({ error: { code: -32000 } });
    },
  );
});
