import { type Advice, wrongKind } from "./advice.ts";
import { jsonObject, jsonValue } from "./json.ts";
import { isJsonPath } from "./json-path.ts";
import { flag, leaf, matching, strict, text } from "./leaf.ts";

export const toolName = text({
  what: "a tool's name",
  fix: 'Write the tool\'s name as tools/list gives it, for example "query_table".',
  problems: matching(/^[^\p{Cc}]{1,128}$/u, "is not a tool's name"),
});

export const toolArguments = jsonObject(
  'Write the arguments as an object, for example arguments: { tableName: "health" }.',
);

/** An empty `contains` is in every text, and so checks nothing. */
const contains = leaf<string>("text", (value) =>
  typeof value === "string" && value !== ""
    ? []
    : [
        {
          problem: wrongKind(value, "text"),
          fix: 'Write a part of the answer, for example contains: "ok".',
        },
      ],
);

const equals = leaf<string>("text", (value) =>
  typeof value === "string"
    ? []
    : [
        {
          problem: wrongKind(value, "text"),
          fix: 'Write the whole answer as text, for example equals: "ok"; for JSON use jsonPath or structured.',
        },
      ],
);

const PATH_FIX = 'Write a JSONPath as RFC 9535 has it, for example "$.status" or "$.items[0].id".';

const path = leaf<string>("a JSONPath (RFC 9535)", (value): Advice[] => {
  if (typeof value !== "string") return [{ problem: wrongKind(value, "text"), fix: PATH_FIX }];
  return isJsonPath(value)
    ? []
    : [{ problem: "is not a valid JSONPath (RFC 9535)", fix: PATH_FIX }];
});

const jsonPath = strict(
  {
    path,
    equals: jsonValue.optional(),
    exists: flag("Write exists: true, or exists: false if nothing may be there.").optional(),
  },
  'Write { path: "$.status", equals: "ok" }.',
);

const expect = strict(
  {
    contains: contains.optional(),
    equals: equals.optional(),
    jsonPath: jsonPath.optional(),
    structured: jsonObject(
      'Write members that the structured content must have, for example structured: { status: "ok" }.',
    ).optional(),
  },
  'Write { contains: "ok" }, { equals: "ok" }, { jsonPath: { path: "$.status", equals: "ok" } } or { structured: { status: "ok" } }.',
);

export const sentinelSchema = strict(
  {
    tool: toolName,
    arguments: toolArguments.optional(),
    expect: expect.optional(),
    allowWrites: flag(
      "Write allowWrites: true if the tool may be called although it writes; otherwise leave it out.",
    ).optional(),
  },
  'Write { tool: "query_table", arguments: { tableName: "health" }, expect: { contains: "ok" } }.',
);
