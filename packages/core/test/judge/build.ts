import type {
  Exchange,
  Expectations,
  Leg,
  ProbeRun,
  Reply,
  StepName,
  StepRecord,
  ToolInfo,
} from "../../src/index.ts";

/** Hand-made records for the judge's own tables; a sound legacy run unless told otherwise. */
export const EXPECTATIONS: Expectations = {
  clientTimeoutMs: 10_000,
  slowMs: 3_000,
  maxResponseBytes: 1_048_576,
  expect: {
    tools: [],
    minTools: 1,
    minProtocolVersion: null,
    cors: null,
    getStream: false,
    unauthenticated: null,
  },
  sentinels: [],
  stream: null,
  concurrency: null,
};

interface ExchangeParts {
  readonly method?: string | null;
  readonly id?: string | number | null;
  readonly httpMethod?: string;
  readonly inSession?: boolean;
  readonly status?: number | null;
  readonly contentType?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly reply?: Reply;
  readonly end?: Exchange["end"];
  readonly networkError?: Exchange["networkError"];
  readonly sse?: Exchange["sse"];
  readonly serverRequests?: readonly string[];
}

export function exchange(parts: ExchangeParts = {}): Exchange {
  const { status = 200, contentType = "application/json", body = "{}" } = parts;
  return {
    request: {
      httpMethod: parts.httpMethod ?? "POST",
      inSession: parts.inSession ?? false,
      url: "https://x.lambda-url.us-east-1.on.aws/mcp",
      rpcMethod: parts.method === undefined ? "initialize" : parts.method,
      rpcId: parts.id === undefined ? 0 : parts.id,
    },
    startMs: 10,
    response:
      status === null
        ? null
        : { status, contentType, headers: parts.headers ?? {}, firstByteMs: 30 },
    endMs: 40,
    end: parts.end ?? "complete",
    networkError: parts.networkError ?? null,
    bodyHead: status === null ? "" : body,
    bodyBytes: status === null ? 0 : body.length,
    sse: parts.sse ?? null,
    reply: parts.reply ?? { kind: "none" },
    serverRequests: parts.serverRequests ?? [],
  };
}

export function result(value: unknown): Reply {
  return { kind: "result", result: value };
}

export function rpcError(code: number, message = "no"): Reply {
  return { kind: "error", error: { code, message } };
}

export function step(name: StepName, parts: Partial<StepRecord> = {}): StepRecord {
  return {
    step: name,
    era: "legacy",
    label: null,
    outcome: "ok",
    startMs: 0,
    firstByteMs: 20,
    durationMs: 30,
    exchanges: [],
    connect: null,
    fault: null,
    skipped: null,
    ...parts,
  };
}

export const INITIALIZED = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "orders", version: "1.4.0" },
};

export const TOOL: ToolInfo = {
  name: "lookup",
  inputSchema: { type: "object" },
  annotations: null,
};

export function negotiate(parts: ExchangeParts = {}): StepRecord {
  return step("negotiate", { exchanges: [exchange({ reply: result(INITIALIZED), ...parts })] });
}

export function listTools(parts: ExchangeParts = {}): StepRecord {
  const reply = result({ tools: [{ name: "lookup", inputSchema: { type: "object" } }] });
  return step("listTools", {
    exchanges: [exchange({ method: "tools/list", id: 1, reply, ...parts })],
  });
}

export function callTool(parts: ExchangeParts = {}): StepRecord {
  const reply = result({ content: [{ type: "text", text: "ok" }] });
  return step("callTool", {
    label: "lookup",
    exchanges: [exchange({ method: "tools/call", id: 2, reply, ...parts })],
  });
}

export function leg(parts: Partial<Leg> = {}): Leg {
  return {
    era: "legacy",
    protocolVersion: "2025-11-25",
    server: { name: "orders", version: "1.4.0" },
    steps: [negotiate(), listTools()],
    tools: [TOOL],
    sessionLeft: false,
    ...parts,
  };
}

export function run(parts: Partial<ProbeRun> = {}): ProbeRun {
  return {
    runId: "0123456789abcdef0123456789abcdef",
    target: "orders",
    vantage: "eu-west-1",
    url: "https://x.lambda-url.us-east-1.on.aws/mcp",
    startedAt: "2026-11-22T08:00:00.000Z",
    totalMs: 100,
    timeoutMs: 10_000,
    authenticated: false,
    credentialExpiry: null,
    detectionMs: 0,
    connect: step("connect", { era: null, firstByteMs: null }),
    authorize: step("authorize", {
      era: null,
      outcome: "skipped",
      skipped: "no-credentials",
      startMs: null,
      firstByteMs: null,
      durationMs: null,
    }),
    legs: [leg()],
    resourceMetadata: null,
    ...parts,
  };
}
