import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, OAUTH, TOKEN, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a tool expected twice",
    input: withTarget({ expect: { tools: ["a", "b", "a"] } }),
    finding: [
      "targets[0].expect.tools[2]",
      "is the same tool as expect.tools[0]",
      "Remove one of them.",
    ],
  },
  {
    name: "tools that are no list",
    input: withTarget({ expect: { tools: "query_table" } }),
    finding: [
      "targets[0].expect.tools",
      "must be a list, not text",
      'Write the names of tools, for example tools: ["query_table"].',
    ],
  },
  {
    name: "a tool without a name",
    input: withTarget({ expect: { tools: [""] } }),
    finding: [
      "targets[0].expect.tools[0]",
      "must be a tool's name, not empty text",
      'Write the tool\'s name as tools/list gives it, for example "query_table".',
    ],
  },
  {
    name: "fewer tools than none",
    input: withTarget({ expect: { minTools: -1 } }),
    finding: [
      "targets[0].expect.minTools",
      "is -1; the least allowed is 0",
      "Write how many tools the server must list at least, for example minTools: 1.",
    ],
  },
  {
    name: "a version that never was",
    input: withTarget({ expect: { minProtocolVersion: "2025-06-19" } }),
    finding: [
      "targets[0].expect.minProtocolVersion",
      "is not a protocol version that Vigil speaks",
      'Did you mean "2025-06-18"? Write "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05" or "2024-10-07".',
    ],
  },
  {
    name: "a version as a number",
    input: withTarget({ expect: { minProtocolVersion: 2025 } }),
    finding: [
      "targets[0].expect.minProtocolVersion",
      "must be a protocol version that Vigil speaks, not a number",
      'Write "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05" or "2024-10-07".',
    ],
  },
  {
    name: "a modern version of a legacy server",
    input: withTarget({ era: "legacy", expect: { minProtocolVersion: "2026-07-28" } }),
    finding: [
      "targets[0].expect.minProtocolVersion",
      'is 2026-07-28, which era: "legacy" cannot reach',
      'Write an older version, or era: "modern".',
    ],
  },
  {
    name: "a modern version of a server of both eras",
    input: withTarget({ era: "both", expect: { minProtocolVersion: "2026-07-28" } }),
    finding: [
      "targets[0].expect.minProtocolVersion",
      'is 2026-07-28, which the legacy half of era: "both" cannot reach',
      'Write an older version, or era: "modern".',
    ],
  },
  {
    name: "no tools, and a tool",
    input: withTarget({ expect: { minTools: 0, tools: ["ping"] } }),
    finding: [
      "targets[0].expect.minTools",
      "is 0, as of a server without tools; expect.tools cannot do without one",
      "Remove minTools, or expect.tools.",
    ],
  },
  {
    name: "no tools, and calls",
    input: withTarget({
      expect: { minTools: 0 },
      sentinels: [{ tool: "ping" }],
      stream: { tool: "progress" },
    }),
    finding: [
      "targets[0].expect.minTools",
      "is 0, as of a server without tools; sentinels and stream cannot do without one",
      "Remove minTools, or sentinels and stream.",
    ],
  },
  {
    name: "CORS for the server's own pages",
    input: withTarget({ expect: { cors: { origin: "https://orders.example.com" } } }),
    finding: [
      "targets[0].expect.cors.origin",
      "is the target's own origin, whose pages need no CORS",
      "Write the origin of the page that uses the server, or remove expect.cors.",
    ],
  },
  {
    name: "CORS as yes",
    input: withTarget({ expect: { cors: true } }),
    finding: [
      "targets[0].expect.cors",
      "must be an object, not true or false",
      'Write { origin: "https://app.example.com" }.',
    ],
  },
  {
    name: "CORS for a page instead of an origin",
    input: withTarget({ expect: { cors: { origin: "https://app.example.com/chat" } } }),
    finding: [
      "targets[0].expect.cors.origin",
      "must be an origin: scheme, host and port in small letters, without a path",
      'Write the origin of the page that uses the server, for example "https://app.example.com".',
    ],
  },
  {
    name: "CORS for plain http",
    input: withTarget({ expect: { cors: { origin: "http://app.example.com" } } }),
    finding: [
      "targets[0].expect.cors.origin",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "a refusal by its status",
    input: withTarget({ expect: { unauthenticated: { status: 401 } } }),
    finding: [
      "targets[0].expect.unauthenticated",
      "must be an expectation of this kind, not an object",
      'Write "challenge".',
    ],
  },
  {
    name: "a refusal by another name",
    input: withTarget({ expect: { unauthenticated: "forbidden" } }),
    finding: [
      "targets[0].expect.unauthenticated",
      "is not an expectation of this kind",
      'Write "challenge".',
    ],
  },
  {
    name: "a refusal in spite of credentials",
    input: withTarget({ auth: OAUTH, expect: { unauthenticated: "challenge" } }),
    finding: [
      "targets[0].expect.unauthenticated",
      "expects to be refused for want of credentials, and the target has some (auth)",
      "Remove expect.unauthenticated here; the refusal can be watched beside it, by a second target of the same url that has neither credentials nor other expectations.",
    ],
  },
  {
    name: "a refusal in spite of a secret header",
    input: withTarget({
      headers: { "X-Team": "a", "X-Api-Key": TOKEN },
      expect: { unauthenticated: "challenge" },
    }),
    finding: [
      "targets[0].expect.unauthenticated",
      "expects to be refused for want of credentials, and the target has some (headers: X-Api-Key)",
      "Remove expect.unauthenticated here; the refusal can be watched beside it, by a second target of the same url that has neither credentials nor other expectations.",
    ],
  },
  {
    name: "a refusal and what lies behind it",
    input: withTarget({
      sentinels: [{ tool: "ping" }],
      expect: { minTools: 2, unauthenticated: "challenge" },
    }),
    finding: [
      "targets[0].expect.unauthenticated",
      "expects to be refused, and so never comes to sentinels, expect.minTools",
      "Remove expect.unauthenticated here; the refusal can be watched beside it, by a second target of the same url that has neither credentials nor other expectations.",
    ],
  },
  {
    name: "a GET stream that is a path",
    input: withTarget({ expect: { getStream: "/sse" } }),
    finding: [
      "targets[0].expect.getStream",
      "must be true or false, not text",
      "Write getStream: true if clients must be able to open the stream that GET offers.",
    ],
  },
  {
    name: "a GET stream of the modern era",
    input: withTarget({ era: "modern", expect: { getStream: true } }),
    finding: [
      "targets[0].expect.getStream",
      'wants the stream that GET offers, which era: "modern" no longer has',
      "Remove getStream.",
    ],
  },
  {
    name: "expectations that are no object",
    input: withTarget({ expect: "ok" }),
    finding: [
      "targets[0].expect",
      "must be an object, not text",
      'Write { tools: ["query_table"], minTools: 1 }.',
    ],
  },
  {
    name: "an unknown expectation",
    input: withTarget({ expect: { minTool: 2 } }),
    finding: [
      "targets[0].expect.minTool",
      "is an unknown key",
      "Did you mean minTools? Otherwise remove it.",
    ],
  },
];

describe("findings of what a target is held against", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
