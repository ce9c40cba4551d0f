import * as z from "zod";
import { MODERN_VERSION, type ServerInfo, type ToolInfo } from "../run.ts";

/**
 * What results must hold for a client to use them. Extras are welcome: the protocol grows, and an
 * unknown member is no outage.
 */
const record = z.record(z.string(), z.unknown());

const serverInfoSchema = z.looseObject({ name: z.string(), version: z.string() });

/** Only objects: the v1 SDK takes arrays as well, and no reader of the specification would. */
const capabilitiesSchema = z.looseObject({
  tools: record.optional(),
  prompts: record.optional(),
  resources: record.optional(),
  logging: record.optional(),
  completions: record.optional(),
});

const initializeSchema = z.looseObject({
  protocolVersion: z.string(),
  capabilities: capabilitiesSchema,
  serverInfo: serverInfoSchema,
});

const discoverSchema = z.looseObject({
  supportedVersions: z.array(z.string()),
  capabilities: capabilitiesSchema,
});

const jsonSchema = z.union([record, z.boolean()], {
  error: "expected a JSON Schema: an object or a boolean",
});

/** As far as a caller must be able to read it; the v2 SDK leaves all but `type` unread. */
const inputSchema = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string(), jsonSchema).optional(),
  required: z.array(z.string()).optional(),
});

const toolSchema = z.looseObject({
  name: z.string(),
  inputSchema,
  annotations: z
    .looseObject({
      readOnlyHint: z.boolean().optional(),
      destructiveHint: z.boolean().optional(),
    })
    .optional(),
});

const toolsPageSchema = z.looseObject({
  tools: z.array(toolSchema),
  nextCursor: z.string().optional(),
});

const callSchema = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })),
  structuredContent: record.optional(),
  isError: z.boolean().optional(),
});

export type Read<T> = { readonly ok: true; readonly value: T } | Unreadable;
export interface Unreadable {
  readonly ok: false;
  /** Path and problem, e.g. `serverInfo.version: expected string`. */
  readonly detail: string;
}

export interface InitializeResult {
  readonly protocolVersion: string;
  readonly server: ServerInfo;
  readonly hasTools: boolean;
}
export interface DiscoverResult {
  readonly supportedVersions: readonly string[];
  readonly server: ServerInfo | null;
  readonly hasTools: boolean;
}
export interface ToolsPage {
  readonly tools: readonly ToolInfo[];
  readonly nextCursor: string | null;
}
export interface CallResult {
  readonly texts: readonly string[];
  readonly structuredContent: Readonly<Record<string, unknown>> | null;
  readonly isError: boolean;
}

export function readInitialize(result: unknown): Read<InitializeResult> {
  const read = parse(initializeSchema, result);
  if (!read.ok) return read;
  const { protocolVersion, serverInfo, capabilities } = read.value;
  return {
    ok: true,
    value: { protocolVersion, server: pickServer(serverInfo), hasTools: "tools" in capabilities },
  };
}

const SERVER_INFO_META = "io.modelcontextprotocol/serverInfo";

export function readDiscover(result: unknown): Read<DiscoverResult> {
  const read = parse(discoverSchema, result);
  if (!read.ok) return read;
  const { supportedVersions, capabilities, serverInfo, _meta } = read.value;
  const meta = record.safeParse(_meta);
  const info = serverInfoSchema.safeParse(
    serverInfo ?? (meta.success ? meta.data[SERVER_INFO_META] : undefined),
  );
  return {
    ok: true,
    value: {
      supportedVersions,
      server: info.success ? pickServer(info.data) : null,
      hasTools: "tools" in capabilities,
    },
  };
}

export interface Opening {
  readonly protocolVersion: string;
  readonly server: ServerInfo | null;
  readonly hasTools: boolean;
}

/** What an opening request's result tells of the server; null when it is none, or unreadable. */
export function readOpening(rpcMethod: string | null, result: unknown): Opening | null {
  if (rpcMethod === "initialize") {
    const read = readInitialize(result);
    return read.ok ? read.value : null;
  }
  if (rpcMethod !== "server/discover") return null;
  const read = readDiscover(result);
  return read.ok ? { ...read.value, protocolVersion: MODERN_VERSION } : null;
}

export function readToolsPage(result: unknown): Read<ToolsPage> {
  const read = parse(toolsPageSchema, result);
  if (!read.ok) return read;
  const tools = read.value.tools.map(({ name, inputSchema, annotations }): ToolInfo => {
    const { readOnlyHint, destructiveHint } = annotations ?? {};
    return {
      name,
      inputSchema,
      annotations:
        annotations === undefined
          ? null
          : {
              ...(readOnlyHint === undefined ? {} : { readOnlyHint }),
              ...(destructiveHint === undefined ? {} : { destructiveHint }),
            },
    };
  });
  // An empty cursor ends the list, as it does for the clients that servers are written against.
  return { ok: true, value: { tools, nextCursor: read.value.nextCursor || null } };
}

export function readCall(result: unknown): Read<CallResult> {
  const read = parse(callSchema, result);
  if (!read.ok) return read;
  const { content, structuredContent, isError } = read.value;
  const texts = content.flatMap((block) =>
    block.type === "text" && typeof block.text === "string" ? [block.text] : [],
  );
  return {
    ok: true,
    value: { texts, structuredContent: structuredContent ?? null, isError: isError ?? false },
  };
}

/**
 * A tool that wants something back before it answers: input (2026-07-28's `input_required`) or
 * patience (2025-11-25's task).
 */
export function asksBack(result: unknown): string | null {
  const read = record.safeParse(result);
  if (!read.success) return null;
  const { resultType, task } = read.data;
  if (typeof resultType === "string" && resultType !== "complete") return resultType;
  return task !== undefined && record.safeParse(task).success ? "task" : null;
}

function pickServer(info: { name: string; version: string }): ServerInfo {
  return { name: info.name, version: info.version };
}

/**
 * A result is read when its step is judged, when the list is walked and when the run is judged. What
 * was made of it is kept for as long as the result itself: a long list is costly to read.
 */
const readBefore = new WeakMap<z.ZodType, WeakMap<object, Read<unknown>>>();

function parse<T extends z.ZodType>(schema: T, value: unknown): Read<z.output<T>> {
  if (typeof value !== "object" || value === null) return parseAnew(schema, value);
  const results = readBefore.get(schema) ?? new WeakMap<object, Read<unknown>>();
  readBefore.set(schema, results);
  const read = results.get(value) ?? parseAnew(schema, value);
  results.set(value, read);
  return read as Read<z.output<T>>;
}

function parseAnew<T extends z.ZodType>(schema: T, value: unknown): Read<z.output<T>> {
  const read = schema.safeParse(value);
  if (read.success) return { ok: true, value: read.data };
  const issue = read.error.issues[0];
  const path = issue?.path.map(String).join(".") ?? "";
  return { ok: false, detail: `${path === "" ? "result" : path}: ${issue?.message ?? "wrong"}` };
}
