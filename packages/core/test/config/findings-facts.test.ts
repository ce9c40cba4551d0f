import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, withTarget } from "./fixtures.ts";

const GAP_FIX =
  'Write how long pages wait for a deployment\'s gap to close, from 1m to 1h, for example gapAllowance: "10m".';

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "allowSameRegion that is no yes or no",
    input: withTarget({ allowSameRegion: "yes" }),
    finding: [
      "targets[0].allowSameRegion",
      "must be true or false, not text",
      "Write allowSameRegion: true or leave it out.",
    ],
  },
  {
    name: "an unknown severity",
    input: withTarget({ severity: "warn" }),
    finding: ["targets[0].severity", "is not a severity", 'Write "critical", "warning" or "info".'],
  },
  {
    name: "an unknown era",
    input: withTarget({ era: "2026-07-28" }),
    finding: ["targets[0].era", "is not an era", 'Write "auto", "legacy", "modern" or "both".'],
  },
  {
    name: "tags that are no list",
    input: withTarget({ tags: "payments" }),
    finding: [
      "targets[0].tags",
      "must be a list, not text",
      'Write a list of words, for example tags: ["payments"].',
    ],
  },
  {
    name: "a blank tag",
    input: withTarget({ tags: ["payments", ""] }),
    finding: [
      "targets[0].tags[1]",
      "must be a tag, not empty text",
      'Write a word, for example "payments".',
    ],
  },
  {
    name: "an owner that is no text",
    input: withTarget({ owner: null }),
    finding: [
      "targets[0].owner",
      "must be a name, not null",
      'Write who answers for the target, for example "team-orders".',
    ],
  },
  {
    name: "a runbook that is no URL",
    input: withTarget({ runbook: "see the wiki" }),
    finding: ["targets[0].runbook", "holds a blank or a line break", "Remove it."],
  },
  {
    name: "a function by its ARN",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "arn:aws:lambda:us-east-1:123456789012:function:McpServer" },
    }),
    finding: [
      "targets[0].lambda.functionName",
      "is not a Lambda function's name",
      'Write the name alone, without its ARN, for example "McpServer".',
    ],
  },
  {
    name: "a function without its name",
    input: withTarget({ region: "us-east-1", lambda: { qualifier: "production" } }),
    finding: [
      "targets[0].lambda.functionName",
      "is missing",
      'Write the name alone, without its ARN, for example "McpServer".',
    ],
  },
  {
    name: "a function that is a text",
    input: withTarget({ region: "us-east-1", lambda: "McpServer" }),
    finding: [
      "targets[0].lambda",
      "must be an object, not text",
      'Write { functionName: "McpServer", qualifier: "production" }.',
    ],
  },
  {
    name: "a qualifier that is none",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "McpServer", qualifier: "$latest!" },
    }),
    finding: [
      "targets[0].lambda.qualifier",
      "is neither an alias nor a version",
      'Write the alias or version that serves clients, for example "production", "7" or "$LATEST".',
    ],
  },
  {
    name: "a gap's allowance that is no duration",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "McpServer", gapAllowance: "ten minutes" },
    }),
    finding: ["targets[0].lambda.gapAllowance", "is not a duration", GAP_FIX],
  },
  {
    name: "a gap's allowance that would hold pages for hours",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "McpServer", gapAllowance: "61m" },
    }),
    finding: ["targets[0].lambda.gapAllowance", "is not from 1m to 1h", GAP_FIX],
  },
  {
    name: "reportLines that is no yes or no",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "McpServer", reportLines: "yes" },
    }),
    finding: [
      "targets[0].lambda.reportLines",
      "must be true or false, not text",
      "Write reportLines: true to look for proof of cold starts in the function's log; otherwise leave it out.",
    ],
  },
  {
    name: "a log group by its ARN",
    input: withTarget({
      region: "us-east-1",
      lambda: {
        functionName: "McpServer",
        reportLines: true,
        logGroup: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/McpServer",
      },
    }),
    finding: [
      "targets[0].lambda.logGroup",
      "is not a log group's name",
      'Write the log group that the function writes to, for example "/aws/lambda/McpServer".',
    ],
  },
  {
    name: "a log group that is not read",
    input: withTarget({
      region: "us-east-1",
      lambda: { functionName: "McpServer", logGroup: "/mcp/orders" },
    }),
    finding: [
      "targets[0].lambda.logGroup",
      "is not read without reportLines: true",
      "Write reportLines: true beside it, or remove it.",
    ],
  },
  {
    name: "REPORT lines of a function in an unknown region",
    input: withTarget({ lambda: { functionName: "McpServer", reportLines: true } }),
    finding: [
      "targets[0].lambda",
      "names a function whose region is unknown: the URL does not tell it",
      'Write region: "us-east-1", or wherever the function is, on this target.',
    ],
  },
  {
    name: "a function in an unknown region",
    input: withTarget({ lambda: { functionName: "McpServer" } }),
    finding: [
      "targets[0].lambda",
      "names a function whose region is unknown: the URL does not tell it",
      'Write region: "us-east-1", or wherever the function is, on this target.',
    ],
  },
];

describe("findings of what is known of a target", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
