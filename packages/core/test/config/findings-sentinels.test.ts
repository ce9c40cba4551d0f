import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "sentinels that are no list",
    input: withTarget({ sentinels: { tool: "ping" } }),
    finding: [
      "targets[0].sentinels",
      "must be a list, not an object",
      'Write a list, for example sentinels: [{ tool: "ping" }].',
    ],
  },
  {
    name: "a sentinel that is a text",
    input: withTarget({ sentinels: ["ping"] }),
    finding: [
      "targets[0].sentinels[0]",
      "must be an object, not text",
      'Write { tool: "query_table", arguments: { tableName: "health" }, expect: { contains: "ok" } }.',
    ],
  },
  {
    name: "a sentinel without a tool",
    input: withTarget({ sentinels: [{ arguments: {} }] }),
    finding: [
      "targets[0].sentinels[0].tool",
      "is missing",
      'Write the tool\'s name as tools/list gives it, for example "query_table".',
    ],
  },
  {
    name: "arguments that are a list",
    input: withTarget({ sentinels: [{ tool: "ping", arguments: ["a"] }] }),
    finding: [
      "targets[0].sentinels[0].arguments",
      "must be an object, not a list",
      'Write the arguments as an object, for example arguments: { tableName: "health" }.',
    ],
  },
  {
    name: "arguments that JSON cannot carry",
    input: withTarget({ sentinels: [{ tool: "ping", arguments: { at: new Date(0) } }] }),
    finding: [
      "targets[0].sentinels[0].arguments",
      "holds something that JSON cannot carry",
      "Write texts, finite numbers, true, false, null, lists and plain objects alone.",
    ],
  },
  {
    name: "an unknown key of a sentinel",
    input: withTarget({ sentinels: [{ tool: "ping", args: {} }] }),
    finding: [
      "targets[0].sentinels[0].args",
      "is an unknown key",
      "Remove it. The keys that belong here: tool, arguments, expect, allowWrites.",
    ],
  },
  {
    name: "allowWrites that is no yes or no",
    input: withTarget({ sentinels: [{ tool: "ping", allowWrites: 1 }] }),
    finding: [
      "targets[0].sentinels[0].allowWrites",
      "must be true or false, not a number",
      "Write allowWrites: true if the tool may be called although it writes; otherwise leave it out.",
    ],
  },
  {
    name: "a sentinel that expects a text",
    input: withTarget({ sentinels: [{ tool: "ping", expect: "ok" }] }),
    finding: [
      "targets[0].sentinels[0].expect",
      "must be an object, not text",
      'Write { contains: "ok" }, { equals: "ok" }, { jsonPath: { path: "$.status", equals: "ok" } } or { structured: { status: "ok" } }.',
    ],
  },
  {
    name: "an unknown way to expect",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { contain: "ok" } }] }),
    finding: [
      "targets[0].sentinels[0].expect.contain",
      "is an unknown key",
      "Did you mean contains? Otherwise remove it.",
    ],
  },
  {
    name: "containing nothing",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { contains: "" } }] }),
    finding: [
      "targets[0].sentinels[0].expect.contains",
      "must be text, not empty text",
      'Write a part of the answer, for example contains: "ok".',
    ],
  },
  {
    name: "equal to a number",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { equals: 1 } }] }),
    finding: [
      "targets[0].sentinels[0].expect.equals",
      "must be text, not a number",
      'Write the whole answer as text, for example equals: "ok"; for JSON use jsonPath or structured.',
    ],
  },
  {
    name: "a JSONPath without its $",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { jsonPath: { path: "status" } } }] }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath.path",
      "is not a valid JSONPath (RFC 9535)",
      'Write a JSONPath as RFC 9535 has it, for example "$.status" or "$.items[0].id".',
    ],
  },
  {
    name: "a JSONPath that calls what is not there",
    input: withTarget({
      sentinels: [{ tool: "ping", expect: { jsonPath: { path: "$[?size(@) > 1]" } } }],
    }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath.path",
      "is not a valid JSONPath (RFC 9535)",
      'Write a JSONPath as RFC 9535 has it, for example "$.status" or "$.items[0].id".',
    ],
  },
  {
    name: "a JSONPath that is no text",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { jsonPath: { path: 1 } } }] }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath.path",
      "must be text, not a number",
      'Write a JSONPath as RFC 9535 has it, for example "$.status" or "$.items[0].id".',
    ],
  },
  {
    name: "no JSONPath",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { jsonPath: { equals: 1 } } }] }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath.path",
      "is missing",
      'Write a JSONPath as RFC 9535 has it, for example "$.status" or "$.items[0].id".',
    ],
  },
  {
    name: "a JSONPath as a text",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { jsonPath: "$.status" } }] }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath",
      "must be an object, not text",
      'Write { path: "$.status", equals: "ok" }.',
    ],
  },
  {
    name: "a value that JSON cannot carry",
    input: withTarget({
      sentinels: [{ tool: "ping", expect: { jsonPath: { path: "$", equals: 1n } } }],
    }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath.equals",
      "holds something that JSON cannot carry",
      "Write texts, finite numbers, true, false, null, lists and plain objects alone.",
    ],
  },
  {
    name: "a value where nothing may be",
    input: withTarget({
      sentinels: [
        { tool: "ping", expect: { jsonPath: { path: "$.error", exists: false, equals: null } } },
      ],
    }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath",
      "wants nothing to be there (exists: false) and a value too (equals)",
      "Remove one of them.",
    ],
  },
  {
    name: "a part that is not in the whole",
    input: withTarget({
      sentinels: [{ tool: "ping", expect: { equals: "all well", contains: "ok" } }],
    }),
    finding: [
      "targets[0].sentinels[0].expect.contains",
      "is no part of equals, so no answer can meet both",
      "Remove one of them, or correct it.",
    ],
  },
  {
    name: "two values in one place",
    input: withTarget({
      sentinels: [
        {
          tool: "ping",
          expect: {
            structured: { state: { code: 1 } },
            jsonPath: { path: "$.state.code", equals: 2 },
          },
        },
      ],
    }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath",
      "wants another value than structured does in the same place",
      "Remove one of them, or make them agree.",
    ],
  },
  {
    name: "a value where nothing may be, by two ways to look",
    input: withTarget({
      sentinels: [
        {
          tool: "ping",
          expect: {
            structured: { items: [{ id: 1 }] },
            jsonPath: { path: "$.items[0].id", exists: false },
          },
        },
      ],
    }),
    finding: [
      "targets[0].sentinels[0].expect.jsonPath",
      "wants nothing to be where structured wants a value",
      "Remove one of them, or make them agree.",
    ],
  },
  {
    name: "structured content as a text",
    input: withTarget({ sentinels: [{ tool: "ping", expect: { structured: "ok" } }] }),
    finding: [
      "targets[0].sentinels[0].expect.structured",
      "must be an object, not text",
      'Write members that the structured content must have, for example structured: { status: "ok" }.',
    ],
  },
  {
    name: "one call twice",
    input: withTarget({
      sentinels: [
        { tool: "q", arguments: { a: 1, b: [2] } },
        { tool: "q", arguments: { b: [2], a: 1 } },
      ],
    }),
    finding: [
      "targets[0].sentinels[1]",
      "calls the same tool with the same arguments as sentinels[0]",
      "Put all that is expected of the answer into one sentinel, or change the arguments.",
    ],
  },
  {
    name: "one call without arguments twice",
    input: withTarget({
      sentinels: [{ tool: "q" }, { tool: "ping" }, { tool: "q", arguments: {} }],
    }),
    finding: [
      "targets[0].sentinels[2]",
      "calls the same tool with the same arguments as sentinels[0]",
      "Put all that is expected of the answer into one sentinel, or change the arguments.",
    ],
  },
];

describe("findings of sentinels", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});

describe("expectations that agree", () => {
  it.each([
    ["a part and its whole", { equals: "all ok", contains: "ok" }],
    [
      "more in one place than structured says",
      {
        structured: { state: { code: 1 } },
        jsonPath: { path: "$.state", equals: { code: 1, text: "ok" } },
      },
    ],
    [
      "a place that structured does not name",
      { structured: { state: "ok" }, jsonPath: { path: "$.error", exists: false } },
    ],
    [
      "a path to several places",
      { structured: { a: 1, b: 2 }, jsonPath: { path: "$.*", equals: 2 } },
    ],
  ])("%s", (_name, expected) => {
    const read = parseConfig(withTarget({ sentinels: [{ tool: "ping", expect: expected }] }));
    expect(read).toMatchObject({ ok: true });
  });
});
