import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, LAMBDA_URL, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "no URL",
    input: withTarget({ url: undefined }),
    finding: [
      "targets[0].url",
      "is missing",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "a URL that is no text",
    input: withTarget({ url: 80 }),
    finding: [
      "targets[0].url",
      "must be a URL, not a number",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "a URL that is blank",
    input: withTarget({ url: " " }),
    finding: [
      "targets[0].url",
      "must be a URL, not empty text",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "a URL without its scheme",
    input: withTarget({ url: "orders.example.com/mcp" }),
    finding: [
      "targets[0].url",
      "does not begin with https://",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "a URL without its host",
    input: withTarget({ url: "https://" }),
    finding: [
      "targets[0].url",
      "is not a complete URL",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "a URL with a line break",
    input: withTarget({ url: "https://orders.example.com/\nmcp" }),
    finding: ["targets[0].url", "holds a blank or a line break", "Remove it."],
  },
  {
    name: "a URL of another scheme",
    input: withTarget({ url: "ws://orders.example.com/mcp" }),
    finding: [
      "targets[0].url",
      "has a scheme that is neither http nor https",
      'Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
    ],
  },
  {
    name: "plain http to another machine",
    input: withTarget({ url: "http://orders.example.com/mcp" }),
    finding: [
      "targets[0].url",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "plain http to a host that only looks local",
    input: withTarget({ url: "http://127.0.0.1.example.com/mcp" }),
    finding: [
      "targets[0].url",
      "is plain http, which anyone on the way can read",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
  },
  {
    name: "a URL with a password",
    input: withTarget({ url: "https://me:hunter2@orders.example.com/mcp" }),
    finding: [
      "targets[0].url",
      "holds a user name or a password",
      'Take them out of the URL; a target\'s credentials go into auth: bearer(secret("env:NAME")) or headers({ … }).',
    ],
  },
  {
    name: "a URL with a fragment",
    input: withTarget({ url: "https://orders.example.com/mcp#tools" }),
    finding: [
      "targets[0].url",
      "has a #fragment, which is never sent",
      "Remove the # and all after it.",
    ],
  },
  {
    name: "a region that AWS has not",
    input: withTarget({ region: "us-east" }),
    finding: [
      "targets[0].region",
      "is not an AWS region",
      'Did you mean "us-east-1"? Write the region that the server runs in, for example "us-east-1".',
    ],
  },
  {
    name: "a region that is a vantage",
    input: withTarget({ region: "local" }),
    finding: [
      "targets[0].region",
      "is a vantage, not an AWS region",
      "Write the region that the server runs in, or leave it out.",
    ],
  },
  {
    name: "a region that is no text",
    input: withTarget({ region: ["us-east-1"] }),
    finding: [
      "targets[0].region",
      "must be an AWS region, not a list",
      'Write the region that the server runs in, for example "us-east-1".',
    ],
  },
  {
    name: "a region that contradicts the URL",
    input: withTarget({ url: LAMBDA_URL, region: "us-west-2" }),
    finding: [
      "targets[0].region",
      "is not the region that the URL's host names, us-east-1",
      'Write region: "us-east-1", or correct the URL.',
    ],
  },
  {
    name: "a vantage in the target's region",
    input: withTarget({ region: "eu-west-1" }, { vantages: ["eu-north-1", "eu-west-1"] }),
    finding: [
      "targets[0].region",
      "is in eu-west-1, as vantages[1] is: an outage of that region would silence its own alarm",
      "Probe from a vantage in another region, or set allowSameRegion: true on this target.",
    ],
  },
  {
    name: "a vantage in the region that the URL names",
    input: withTarget({ url: LAMBDA_URL }, { vantages: ["us-east-1"] }),
    finding: [
      "targets[0].url",
      "is in us-east-1, as vantages[0] is: an outage of that region would silence its own alarm",
      "Probe from a vantage in another region, or set allowSameRegion: true on this target.",
    ],
  },
];

describe("findings of a target's URL and region", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
