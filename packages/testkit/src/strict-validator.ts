import { Ajv2020 } from "ajv/dist/2020.js";

/**
 * A second opinion on an answer, written from the specifications alone: HTTP, the SSE chapter of
 * the HTML standard, JSON-RPC 2.0, and JSON Schemas for the results. It shares no code with the
 * probe or its judge, so that each can be held against the other.
 */
export interface AnswerBytes {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

export interface Question {
  readonly era: "legacy" | "modern";
  readonly method: string;
  /** Null for a notification. */
  readonly id: string | number | null;
}

/** Whether a strict client could use `answer` as the answer to `question`. */
export function accepts(answer: AnswerBytes, question: Question): boolean {
  if (answer.status < 200 || answer.status > 299) return false;
  if (question.id === null) return true;
  if (answer.status === 202 || answer.status === 204) return false;
  const text = new TextDecoder().decode(answer.body);
  switch (mediaType(answer)) {
    case "application/json":
      return acceptsJson(text, question);
    case "text/event-stream":
      return acceptsStream(text, question);
    default:
      return false;
  }
}

/** The JSON result that an accepted answer carries, as the first message that has the id. */
export function resultOf(answer: AnswerBytes, { id }: Question): unknown {
  const text = new TextDecoder().decode(answer.body);
  const texts = mediaType(answer) === "application/json" ? [text] : dataOf(text);
  const messages = texts.flatMap((data) => parse(data) ?? []) as Record<string, unknown>[];
  return messages.find((message) => message.id === id)?.result;
}

function mediaType({ headers }: AnswerBytes): string {
  const value = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";
  return (value.split(";")[0] ?? "").trim().toLowerCase();
}

function acceptsJson(text: string, question: Question): boolean {
  const value = parse(text);
  if (!Array.isArray(value)) return isAnswer(value, question);
  // Batches belong to 2025-03-26; whoever answers with one must send nothing but messages in it.
  if (question.era === "modern" || !value.every((message) => isMessage(message))) return false;
  return value.some((message) => isAnswer(message, question));
}

function acceptsStream(text: string, question: Question): boolean {
  for (const data of dataOf(text)) {
    const value = parse(data);
    if (hasId(value, question)) return isAnswer(value, question);
  }
  return false;
}

function hasId(value: unknown, { id }: Question): boolean {
  if (!isMessage(value) || "method" in value) return false;
  return (value as { id?: unknown }).id === id;
}

/** The data of the stream's message events, by the HTML standard's parsing rules. */
function dataOf(text: string): readonly string[] {
  // A carriage return at the very end may be half of a CRLF, and both SDKs' parser waits for the
  // other half: no client of theirs would see that line.
  const lines = text
    .replace(/^\uFEFF/, "")
    .replace(/\r$/, "")
    .split(/\r\n|\n|\r/);
  // What follows the last line end is no line yet, and an event ends with a blank line.
  lines.pop();
  const events: string[] = [];
  let data: string[] = [];
  let type = "";
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0 && (type === "" || type === "message")) events.push(data.join("\n"));
      data = [];
      type = "";
      continue;
    }
    const [field, value] = fieldOf(line);
    if (field === "data") data.push(value);
    if (field === "event") type = value;
  }
  return events.filter((event) => event !== "");
}

function fieldOf(line: string): readonly [field: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ajv = new Ajv2020({ strict: false });
const object = { type: "object" };

/** Any JSON-RPC 2.0 message; the envelope has no other members than these. */
const isMessage = ajv.compile({
  type: "object",
  required: ["jsonrpc"],
  properties: {
    jsonrpc: { const: "2.0" },
    id: { type: ["string", "integer"] },
    method: { type: "string" },
    params: object,
    result: object,
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "integer" }, message: { type: "string" } },
    },
  },
  additionalProperties: false,
  oneOf: [
    { required: ["method"], not: { anyOf: [{ required: ["result"] }, { required: ["error"] }] } },
    {
      required: ["result", "id"],
      not: { anyOf: [{ required: ["error"] }, { required: ["method"] }] },
    },
    { required: ["error"], not: { anyOf: [{ required: ["result"] }, { required: ["method"] }] } },
  ],
});

function isAnswer(value: unknown, { era, method, id }: Question): boolean {
  if (!isMessage(value)) return false;
  const message = value as { id?: unknown; result?: unknown };
  return message.id === id && message.result !== undefined && isResult(era, method, message.result);
}

const text = { type: "string" };
const flag = { type: "boolean" };
const implementation = {
  type: "object",
  required: ["name", "version"],
  properties: { name: text, version: text, title: text, websiteUrl: text, description: text },
};
const capabilities = {
  type: "object",
  properties: {
    tools: { type: "object", properties: { listChanged: flag } },
    prompts: { type: "object", properties: { listChanged: flag } },
    logging: object,
    completions: object,
  },
};
/** A property's schema: up to 2025-11-25 an object; from 2026-07-28 on any JSON Schema, `true` too. */
const toolWith = (property: object) => ({
  type: "object",
  required: ["name", "inputSchema"],
  properties: {
    name: text,
    title: text,
    description: text,
    inputSchema: {
      type: "object",
      required: ["type"],
      properties: {
        type: { const: "object" },
        properties: { type: "object", additionalProperties: property },
        required: { type: "array", items: text },
      },
    },
    annotations: {
      type: "object",
      properties: { title: text, readOnlyHint: flag, destructiveHint: flag, openWorldHint: flag },
    },
  },
});
const content = {
  type: "object",
  required: ["type"],
  properties: { type: text },
  if: { properties: { type: { const: "text" } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  then: { required: ["text"], properties: { text } },
  else: false,
};
const call = {
  type: "object",
  required: ["content"],
  properties: {
    content: { type: "array", items: content },
    structuredContent: object,
    isError: flag,
    _meta: object,
  },
};
const listWith = (property: object) => ({
  type: "object",
  required: ["tools"],
  properties: {
    tools: { type: "array", items: toolWith(property) },
    nextCursor: text,
    _meta: object,
  },
});
const complete = { required: ["resultType"], properties: { resultType: { const: "complete" } } };
const cacheable = {
  required: ["ttlMs", "cacheScope"],
  properties: {
    ttlMs: { type: "integer", minimum: 0 },
    cacheScope: { enum: ["public", "private"] },
  },
};
const METHODS: Readonly<Record<"legacy" | "modern", Readonly<Record<string, object>>>> = {
  legacy: {
    initialize: {
      type: "object",
      required: ["protocolVersion", "capabilities", "serverInfo"],
      properties: {
        protocolVersion: {
          enum: ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"],
        },
        capabilities,
        serverInfo: implementation,
        instructions: text,
        _meta: object,
      },
    },
    "tools/list": listWith(object),
    "tools/call": call,
  },
  modern: {
    // The official client needs no more than these two of the answer to an optional request.
    "server/discover": {
      type: "object",
      required: ["supportedVersions", "capabilities"],
      properties: {
        supportedVersions: { type: "array", items: text, contains: { const: "2026-07-28" } },
        capabilities,
        instructions: text,
        _meta: object,
      },
    },
    "tools/list": { allOf: [complete, cacheable, listWith({ type: ["object", "boolean"] })] },
    "tools/call": { allOf: [complete, call] },
  },
};

const validators = new Map(
  Object.entries(METHODS).flatMap(([era, methods]) =>
    Object.entries(methods).map(([method, schema]) => [`${era} ${method}`, ajv.compile(schema)]),
  ),
);

function isResult(era: string, method: string, result: unknown): boolean {
  return validators.get(`${era} ${method}`)?.(result) === true;
}
