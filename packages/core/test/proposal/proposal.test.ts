import { describe, expect, it } from "vitest";
import {
  parseConfig,
  proposeConfig,
  proposeName,
  proposeSentinels,
  proposeVantage,
  type TargetProposal,
  type ToolInfo,
} from "../../src/index.ts";

const READ_ONLY = { readOnlyHint: true };

function tool(name: string, inputSchema: unknown, annotations: ToolInfo["annotations"]): ToolInfo {
  return { name, inputSchema, annotations };
}

function needing(properties: object, required: unknown = Object.keys(properties)) {
  return [tool("t", { type: "object", properties, required }, READ_ONLY)];
}

describe("sentinels", () => {
  it.each<[string, readonly ToolInfo[], readonly object[]]>([
    ["no annotations", [tool("t", { type: "object" }, null)], []],
    ["annotated as writing", [tool("t", { type: "object" }, { readOnlyHint: false })], []],
    [
      "annotated as both read-only and destructive",
      [tool("t", { type: "object" }, { readOnlyHint: true, destructiveHint: true })],
      [],
    ],
    ["a text that nobody can guess", needing({ id: { type: "string" } }), []],
    ["a required argument that is not described", needing({}, ["id"]), []],
    ["required that is no list", needing({}, "id"), []],
    ["a required name that is no text", needing({}, [1]), []],
    ["arguments described elsewhere", [tool("t", { $ref: "#/$defs/x" }, READ_ONLY)], []],
    ["arguments by alternatives", [tool("t", { anyOf: [{}] }, READ_ONLY)], []],
    ["no schema", [tool("t", null, READ_ONLY)], []],
    ["a prototype for an argument", needing(JSON.parse('{"__proto__":{"default":1}}')), []],
    [
      "a prototype within a default",
      needing({ a: { default: JSON.parse('{"__proto__":1}') } }),
      [],
    ],
    ["a default of any length", needing({ a: { default: "x".repeat(600) } }), []],
    ["a name with a line break", [tool("a\nb", {}, READ_ONLY)], []],
    ["a blank name", [tool(" ", {}, READ_ONLY)], []],
    ["two of one name", [tool("t", {}, READ_ONLY), tool("t", {}, { readOnlyHint: false })], []],
    ["nothing required", needing({ id: { type: "string" } }, []), [{ tool: "t", arguments: {} }]],
    ["no word of arguments", [tool("t", {}, READ_ONLY)], [{ tool: "t", arguments: {} }]],
    [
      "values in the schema",
      needing({
        a: { const: 1 },
        b: { default: "x" },
        c: { enum: ["p", "q"] },
        d: { examples: [[2]] },
      }),
      [{ tool: "t", arguments: { a: 1, b: "x", c: "p", d: [2] } }],
    ],
    ["an empty list of values", needing({ a: { enum: [] } }), []],
    [
      "the one with the fewest arguments first",
      [
        ...needing({ a: { default: 1 } }),
        tool("bare", { type: "object" }, READ_ONLY),
        tool("wipe", { type: "object" }, { destructiveHint: true }),
      ],
      [
        { tool: "bare", arguments: {} },
        { tool: "t", arguments: { a: 1 } },
      ],
    ],
  ])("%s", (_, tools, proposed) => {
    expect(proposeSentinels(tools)).toEqual(proposed);
  });
});

describe("names", () => {
  it.each<[string | null, readonly string[], string]>([
    ["McpServer_Orders", [], "mcpserver-orders"],
    ["orders", ["orders", "orders-2"], "orders-3"],
    ["x".repeat(70), ["x".repeat(64)], `${"x".repeat(62)}-2`],
    ["../../etc/passwd", [], "etc-passwd"],
    ["日本", [], "a-example-mcp"],
    ["--\u202E", [], "a-example-mcp"],
    [null, ["a-example-mcp"], "a-example-mcp-2"],
  ])("%j beside %j", (label, taken, name) => {
    const given = { label, url: "https://a.example/mcp?key=1", taken: new Set(taken) };
    expect(proposeName(given)).toBe(name);
  });
});

describe("vantages", () => {
  it.each<[readonly string[], string]>([
    [[], "local"],
    [["us-east-1"], "us-east-2"],
    [["us-east-2", "us-east-1"], "us-west-2"],
    [["eu-central-1", "us-east-1", "eu-central-1"], "eu-west-1"],
    [["me-central-1"], "us-east-1"],
    [["us-gov-west-1"], "us-gov-east-1"],
    [["cn-north-1"], "cn-northwest-1"],
    [["cn-north-1", "cn-northwest-1"], "local"],
    [["eusc-de-east-1"], "local"],
  ])("for %j: %s", (regions, vantage) => {
    expect(proposeVantage(regions)).toBe(vantage);
  });
});

const FOUND: TargetProposal = {
  name: "orders",
  url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
  region: "us-east-1",
  lambda: { functionName: "Orders", qualifier: "live" },
  signedFor: "lambda",
  sentinel: { tool: "ping", arguments: {} },
};

describe("a config", () => {
  it("says nothing that the URL says", () => {
    const config = proposeConfig({ vantage: "us-east-2", email: null, targets: [FOUND] });
    expect(config).toEqual({
      vantages: ["us-east-2"],
      targets: [
        {
          name: "orders",
          url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
          lambda: { functionName: "Orders", qualifier: "live" },
          auth: { type: "sigv4" },
          sentinels: [{ tool: "ping" }],
        },
      ],
    });
    expect(parseConfig(config)).toMatchObject({ ok: true });
  });

  it("says what the URL does not", () => {
    const target = {
      ...FOUND,
      url: "http://127.0.0.1:3000/mcp",
      lambda: { functionName: "Orders", qualifier: null },
      sentinel: { tool: "ping", arguments: { a: 1 } },
    };
    const config = proposeConfig({ vantage: "us-east-2", email: "a@b.example", targets: [target] });
    expect(config).toEqual({
      vantages: ["us-east-2"],
      paging: { email: ["a@b.example"] },
      targets: [
        {
          name: "orders",
          url: "http://127.0.0.1:3000/mcp",
          region: "us-east-1",
          lambda: { functionName: "Orders" },
          auth: { type: "sigv4", service: "lambda" },
          sentinels: [{ tool: "ping", arguments: { a: 1 } }],
        },
      ],
    });
    expect(parseConfig(config)).toMatchObject({
      ok: true,
      config: { targets: [{ auth: { service: "lambda", region: "us-east-1" } }] },
    });
  });
});
