import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { FaultName } from "./faults/index.ts";
import type { FaultSwitch } from "./faults/switch.ts";

export const SERVER_INFO = { name: "vigil-demo", version: "1.0.0" } as const;

/** AWS's own words for a call that the role may not make. */
const ACCESS_DENIED =
  "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/McpServerRole/McpServer is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/health because no identity-based policy allows the dynamodb:GetItem action";

export interface ToolResult {
  [key: string]: unknown;
  content: { type: "text"; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** How a tool tells of its progress; each SDK has its own way. */
export type Notify = (step: number, total: number) => Promise<void>;

/** A step in words, for a client that gave no token to report progress by. */
export const told = (step: number, total: number): string => `step ${step} of ${total}`;

export const text = (value: string): ToolResult => ({ content: [{ type: "text", text: value }] });

const MAX_STEPS = 50;
const MAX_DELAY_MS = 2_000;

/** The tools by name: what they take and what they do, apart from either SDK. */
export const ECHO = {
  description: "Answers what it is told.",
  inputSchema: z.object({ message: z.string().max(10_000) }),
  annotations: { readOnlyHint: true },
  run: ({ message }: { message: string }): ToolResult => text(message),
};

/** What `sentinel` answers under the faults that are its own. */
const SENTINEL_FAULTS: Partial<Readonly<Record<FaultName, ToolResult>>> = {
  "tool-permission": { ...text(ACCESS_DENIED), isError: true },
  "tool-call-failed": { ...text("connect ETIMEDOUT 10.0.3.7:5432"), isError: true },
  "tool-result-mismatch": text("stale"),
};

export const SENTINEL = {
  description: "Answers ok when the server and what it depends on are well.",
  annotations: { readOnlyHint: true },
  run: ({ fault }: FaultSwitch): ToolResult =>
    (fault === null ? undefined : SENTINEL_FAULTS[fault]) ?? {
      ...text("ok"),
      structuredContent: { ok: true },
    },
};

export const PROGRESS = {
  description: "Counts, telling each step as it is taken.",
  inputSchema: z.object({
    steps: z.number().int().min(1).max(MAX_STEPS).default(4),
    delayMs: z.number().int().min(0).max(MAX_DELAY_MS).default(150),
  }),
  annotations: { readOnlyHint: true },
  async run(
    { steps, delayMs }: { steps: number; delayMs: number },
    { notify, signal }: { notify: Notify; signal: AbortSignal },
  ): Promise<ToolResult> {
    for (let step = 1; step <= steps; step += 1) {
      await notify(step, steps);
      await sleep(delayMs, undefined, { signal });
    }
    return text(`counted to ${steps}`);
  },
};

export interface LookupArguments {
  readonly table?: string | undefined;
  readonly key: string;
}
/** Reads an item from a database; where none is configured, the tool is not there. */
export type Lookup = (args: LookupArguments) => Promise<ToolResult>;

export const LOOKUP = {
  description: "Reads one item of a DynamoDB table by its key.",
  inputSchema: z.object({
    table: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,255}$/)
      .optional(),
    key: z.string().min(1).max(1_024),
  }),
  annotations: { readOnlyHint: true },
};
