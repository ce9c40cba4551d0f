/** A tool of the sound servers and what it answers. */
export interface ToyTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly annotations?: object;
  readonly call: (args: Readonly<Record<string, unknown>>) => object;
}

const LOOKUP: ToyTool = {
  name: "lookup",
  description: "Looks up the state of one key.",
  inputSchema: { type: "object", properties: { key: { type: "string" } }, required: ["key"] },
  annotations: { readOnlyHint: true, openWorldHint: false },
  call: ({ key }) => ({
    content: [{ type: "text", text: `ok: ${key}` }],
    structuredContent: { key, state: "ok" },
  }),
};

const ECHO: ToyTool = {
  name: "echo",
  description: "Answers what it is told.",
  inputSchema: { type: "object", properties: { message: { type: "string" } } },
  call: ({ message }) => ({ content: [{ type: "text", text: String(message) }] }),
};

const WIPE: ToyTool = {
  name: "wipe",
  description: "Deletes everything.",
  inputSchema: { type: "object" },
  annotations: { readOnlyHint: false, destructiveHint: true },
  call: () => ({ content: [{ type: "text", text: "wiped" }] }),
};

/** The tools of the sound servers, page by page. */
export const TOOL_PAGES: readonly (readonly ToyTool[])[] = [[LOOKUP, ECHO], [WIPE]];

export const SERVER_INFO = { name: "orders", version: "1.4.0" } as const;

export interface ToolPage {
  readonly tools: readonly Omit<ToyTool, "call">[];
  readonly nextCursor?: string;
}

/** The page that a cursor names; null for a cursor that no page gave out. */
export function toolPage(cursor: unknown, pages = TOOL_PAGES): ToolPage | null {
  const index =
    cursor === undefined ? 0 : Number(/^page-(\d+)$/.exec(String(cursor))?.[1] ?? 0) - 1;
  const page = pages[index];
  if (page === undefined) return null;
  const tools = page.map(({ call, ...listed }) => listed);
  return index + 1 < pages.length ? { tools, nextCursor: `page-${index + 2}` } : { tools };
}

export function findTool(name: unknown, pages = TOOL_PAGES): ToyTool | null {
  return pages.flat().find((tool) => tool.name === name) ?? null;
}

export function argumentsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
