import {
  Client as ModernClient,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as LegacyTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterEach, describe, expect, test } from "vitest";
import type { RecordedRequest } from "../src/request.ts";
import { type RunningServer, type Script, startServer } from "../src/server.ts";
import { soundLegacy } from "../src/sound-legacy.ts";
import { soundModern } from "../src/sound-modern.ts";
import { exchange, post } from "./raw.ts";

const servers: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: Script): Promise<RunningServer> {
  const server = await startServer(script);
  servers.push(server);
  return server;
}

function asked({ requests }: RunningServer): readonly string[] {
  return requests.map(({ httpMethod, rpc }) => rpc?.method ?? httpMethod);
}

const INFO = { name: "test", version: "0" };
const FOUND = {
  content: [{ type: "text", text: "ok: health" }],
  structuredContent: { key: "health", state: "ok" },
};
const CALL = { name: "lookup", arguments: { key: "health" } };

describe("the sound legacy server serves the official client", () => {
  for (const framing of ["json", "sse"] as const) {
    for (const stateful of [true, false]) {
      test(`${framing}, ${stateful ? "with" : "without"} sessions`, async () => {
        const server = await serve(soundLegacy({ framing, stateful }));
        const transport = new LegacyTransport(new URL(server.url));
        const client = new LegacyClient(INFO);
        await client.connect(transport);
        const first = await client.listTools();
        const second = await client.listTools({ cursor: first.nextCursor });
        const called = await client.callTool(CALL);
        await transport.terminateSession();
        await client.close();
        expect(client.getServerVersion()).toEqual({ name: "orders", version: "1.4.0" });
        expect([first.tools.map(({ name }) => name), first.nextCursor]).toEqual([
          ["lookup", "echo"],
          "page-2",
        ]);
        expect([second.tools.map(({ name }) => name), second.nextCursor]).toEqual([
          ["wipe"],
          undefined,
        ]);
        expect(called).toEqual(FOUND);
        expect(asked(server).filter((method) => method !== "GET")).toEqual([
          "initialize",
          "notifications/initialized",
          "tools/list",
          "tools/list",
          "tools/call",
          ...(stateful ? ["DELETE"] : []),
        ]);
      });
    }
  }
});

describe("the sound modern server serves the official client", () => {
  for (const framing of ["json", "sse"] as const) {
    test(framing, async () => {
      const server = await serve(soundModern({ framing }));
      const client = new ModernClient(INFO, {
        versionNegotiation: { mode: { pin: "2026-07-28" } },
      });
      await client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
      const { tools } = await client.listTools(undefined, { cacheMode: "bypass" });
      const called = await client.callTool(CALL);
      expect(client.getServerVersion()).toEqual({ name: "orders", version: "1.4.0" });
      await client.close();
      expect(tools.map(({ name }) => name)).toEqual(["lookup", "echo", "wipe"]);
      expect(called.structuredContent).toEqual(FOUND.structuredContent);
      expect(called.content).toEqual(FOUND.content);
      expect(asked(server)).toEqual(["server/discover", "tools/list", "tools/list", "tools/call"]);
    });
  }

  test("and turns the legacy client away", async () => {
    const server = await serve(soundModern());
    const client = new LegacyClient(INFO);
    await expect(client.connect(new LegacyTransport(new URL(server.url)))).rejects.toThrow(
      "-32022",
    );
    expect(asked(server)).toEqual(["initialize"]);
  });
});

test("the modern client finds that the sound legacy server is of the other era", async () => {
  const server = await serve(soundLegacy());
  const client = new ModernClient(INFO, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  const connecting = client.connect(new StreamableHTTPClientTransport(new URL(server.url)));
  await expect(connecting).rejects.toMatchObject({ code: "ERA_NEGOTIATION_FAILED" });
});

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

interface RawCase {
  readonly name: string;
  readonly script: () => Script;
  readonly request: string;
  readonly status: number;
  /** The whole body. */
  readonly body: object | null;
}

function rpc(method: string, params?: object) {
  return { jsonrpc: "2.0", id: 3, method, ...(params === undefined ? {} : { params }) };
}

function modernHeaders(method: string, version = "2026-07-28") {
  return { "MCP-Protocol-Version": version, "Mcp-Method": method };
}

function failed(code: number, message: string, data?: object, id: number | null = 3) {
  const error = data === undefined ? { code, message } : { code, message, data };
  return { jsonrpc: "2.0", error, id };
}

const ABSENT = (header: string, value: string) => {
  const body = `the body names ${value} but the required ${header} header is absent`;
  const message = `Bad Request: the request headers and body disagree: ${body}`;
  return failed(-32020, message, { mismatch: { header: "(missing)", body } });
};

const CASES: readonly RawCase[] = [
  {
    name: "modern: an unsupported version",
    script: soundModern,
    request: post(
      rpc("tools/list", { _meta: { ...META, "io.modelcontextprotocol/protocolVersion": "1999" } }),
      modernHeaders("tools/list", "1999"),
    ),
    status: 400,
    body: failed(-32022, "Unsupported protocol version: 1999", {
      supported: ["2026-07-28"],
      requested: "1999",
    }),
  },
  {
    name: "modern: no version header",
    script: soundModern,
    request: post(rpc("tools/list", { _meta: META }), { "Mcp-Method": "tools/list" }),
    status: 400,
    body: ABSENT("MCP-Protocol-Version", "2026-07-28"),
  },
  {
    name: "modern: no method header",
    script: soundModern,
    request: post(rpc("tools/list", { _meta: META }), { "MCP-Protocol-Version": "2026-07-28" }),
    status: 400,
    body: ABSENT("Mcp-Method", "tools/list"),
  },
  {
    name: "modern: no name header on a call",
    script: soundModern,
    request: post(rpc("tools/call", { name: "lookup", _meta: META }), modernHeaders("tools/call")),
    status: 400,
    body: ABSENT("Mcp-Name", "lookup"),
  },
  {
    name: "modern: no _meta",
    script: soundModern,
    request: post(rpc("tools/list", {}), modernHeaders("tools/list")),
    status: 400,
    body: failed(
      -32602,
      "Invalid params: the request is missing the required per-request envelope key(s): io.modelcontextprotocol/protocolVersion, io.modelcontextprotocol/clientCapabilities",
      {
        envelope: {
          missing: [
            "io.modelcontextprotocol/protocolVersion",
            "io.modelcontextprotocol/clientCapabilities",
          ],
        },
      },
    ),
  },
  {
    name: "modern: a removed method",
    script: soundModern,
    request: post(rpc("ping", { _meta: META }), modernHeaders("ping")),
    status: 404,
    body: failed(-32601, "Method not found"),
  },
  {
    name: "modern: an unknown tool",
    script: soundModern,
    request: post(rpc("tools/call", { name: "nope", _meta: META }), {
      ...modernHeaders("tools/call"),
      "Mcp-Name": "nope",
    }),
    status: 200,
    body: failed(-32602, "Tool nope not found"),
  },
  {
    name: "modern: DELETE",
    script: soundModern,
    request: "DELETE /mcp HTTP/1.1\r\nHost: x\r\n\r\n",
    status: 405,
    body: failed(-32000, "Method not allowed.", undefined, null),
  },
  {
    name: "legacy: no session",
    script: soundLegacy,
    request: post(rpc("tools/list")),
    status: 400,
    body: failed(-32000, "Bad Request: Mcp-Session-Id header is required", undefined, null),
  },
  {
    name: "legacy: a session that was never opened",
    script: soundLegacy,
    request: post(rpc("tools/list"), { "Mcp-Session-Id": "x" }),
    status: 404,
    body: failed(-32001, "Session not found", undefined, null),
  },
  {
    name: "legacy: an unknown method",
    script: () => soundLegacy({ stateful: false }),
    request: post(rpc("server/discover")),
    status: 200,
    body: failed(-32601, "Method not found"),
  },
  {
    name: "legacy: an unknown cursor",
    script: () => soundLegacy({ stateful: false }),
    request: post(rpc("tools/list", { cursor: "page-9" })),
    status: 200,
    body: failed(-32602, "Invalid cursor"),
  },
];

describe("what a sound server turns away", () => {
  for (const { name, script, request, status, body } of CASES) {
    test(name, async () => {
      const server = await serve(script());
      const { received } = await exchange(server.port, request, /\}\}?$|"id":(null|\d+)\}$/);
      const [head = "", text = ""] = received.split("\r\n\r\n");
      expect(Number(head.split(" ")[1])).toBe(status);
      expect(text === "" ? null : JSON.parse(text)).toEqual(body);
    });
  }
});

test("a server sees every request in full, sessions included", async () => {
  const seen: RecordedRequest[] = [];
  const sound = soundLegacy();
  const server = await serve((request) => {
    seen.push(request);
    return sound(request);
  });
  const transport = new LegacyTransport(new URL(server.url));
  const client = new LegacyClient(INFO);
  await client.connect(transport);
  await client.close();
  const sessions = seen.slice(0, 2).map(({ headers }) => headers["mcp-session-id"] ?? null);
  expect(sessions).toEqual([null, "0f5a1a52-8d0c-4c0e-9f7e-000000000001"]);
});
