import type { JsonObject, JsonValue } from "../config/index.ts";
import type { ToolInfo } from "../run.ts";

/** A tool call that looks harmless, by what the server says of its tool. */
export interface SentinelProposal {
  readonly tool: string;
  readonly arguments: JsonObject;
}

/** What a config takes as a tool's name. */
const TOOL_NAME = /^(?=.*\S)[^\p{Cc}]{1,128}$/u;
const MAX_ARGUMENTS_LENGTH = 500;
/** They say what arguments must be by other ways than by name. */
const BEYOND_NAMES = ["$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependentRequired"];

/**
 * Calls that a monitor may make each minute: only of tools annotated as read-only, whose every required
 * argument has a value in the schema itself. Those with the fewest arguments come first.
 */
export function proposeSentinels(tools: readonly ToolInfo[]): readonly SentinelProposal[] {
  const proposals = tools.flatMap((tool) => {
    const same = tools.filter(({ name }) => name === tool.name);
    const values = same.length === 1 && isHarmless(tool) ? fillRequired(tool.inputSchema) : null;
    return values === null ? [] : [{ tool: tool.name, arguments: values }];
  });
  const size = ({ arguments: values }: SentinelProposal) => Object.keys(values).length;
  return proposals.sort((a, b) => size(a) - size(b));
}

function isHarmless({ name, annotations }: ToolInfo): boolean {
  const { readOnlyHint, destructiveHint } = annotations ?? {};
  return readOnlyHint === true && destructiveHint !== true && TOOL_NAME.test(name);
}

/** The arguments that a schema asks for, with values that it names itself; null when it names none. */
function fillRequired(schema: unknown): JsonObject | null {
  if (!isObject(schema) || BEYOND_NAMES.some((key) => Object.hasOwn(schema, key))) return null;
  const { required = [], properties = {} } = schema;
  if (!Array.isArray(required) || !isObject(properties)) return null;
  const entries: (readonly [string, JsonValue])[] = [];
  for (const name of required) {
    const value = valueFor(properties, name);
    if (value === undefined) return null;
    entries.push([String(name), value]);
  }
  const values = Object.fromEntries(entries);
  const json = JSON.stringify(values);
  // In source code, unlike in JSON, that key would set the object's prototype.
  return json.length > MAX_ARGUMENTS_LENGTH || json.includes("__proto__") ? null : values;
}

function valueFor(properties: Schema, name: unknown): JsonValue | undefined {
  if (typeof name !== "string" || !Object.hasOwn(properties, name)) return undefined;
  const property = properties[name];
  if (!isObject(property)) return undefined;
  const [fromList] = [property["enum"], property["examples"]].flatMap((list) =>
    Array.isArray(list) ? list.slice(0, 1) : [],
  );
  // As received from a server, and so JSON.
  return (property["const"] ?? property["default"] ?? fromList) as JsonValue | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
