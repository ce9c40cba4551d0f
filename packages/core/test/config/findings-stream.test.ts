import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a stream without a tool",
    input: withTarget({ stream: {} }),
    finding: [
      "targets[0].stream.tool",
      "is missing",
      'Write the tool\'s name as tools/list gives it, for example "query_table".',
    ],
  },
  {
    name: "a stream of one event",
    input: withTarget({ stream: { tool: "progress", minEvents: 1 } }),
    finding: [
      "targets[0].stream.minEvents",
      "is 1; the least allowed is 2",
      "Write minEvents: 2 or more; one event cannot show that events arrive one by one.",
    ],
  },
  {
    name: "a stream of no spread",
    input: withTarget({ stream: { tool: "progress", minSpreadMs: 0 } }),
    finding: [
      "targets[0].stream.minSpreadMs",
      "is 0; the least allowed is 1",
      "Write the least time from the first to the last event, for example minSpreadMs: 200.",
    ],
  },
  {
    name: "a stream longer than a client waits",
    input: withTarget({ clientTimeoutMs: 5_000, stream: { tool: "progress", minSpreadMs: 5_000 } }),
    finding: [
      "targets[0].stream.minSpreadMs",
      "is not below clientTimeoutMs (5000)",
      "Write minSpreadMs below 5000; a client waits no longer.",
    ],
  },
  {
    name: "a stream that is a text",
    input: withTarget({ stream: "progress" }),
    finding: [
      "targets[0].stream",
      "must be an object, not text",
      'Write { tool: "progress", arguments: {}, minEvents: 2, minSpreadMs: 200 }.',
    ],
  },
  {
    name: "an unknown key of a stream",
    input: withTarget({ stream: { tool: "progress", minEvent: 2 } }),
    finding: [
      "targets[0].stream.minEvent",
      "is an unknown key",
      "Did you mean minEvents? Otherwise remove it.",
    ],
  },
];

describe("findings of streams", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
