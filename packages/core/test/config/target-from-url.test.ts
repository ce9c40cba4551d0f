import { describe, expect, it } from "vitest";
import { resolveTarget, secret, targetFromUrl } from "../../src/config/index.ts";

function nameOf(url: string): string {
  const read = targetFromUrl(url);
  return read.ok ? read.target.name : JSON.stringify(read.findings);
}

describe("targetFromUrl", () => {
  it.each([
    ["http://127.0.0.1:46001/mcp", "127-0-0-1-46001-mcp"],
    ["http://[::1]:3000", "1-3000"],
    ["https://Orders.Example.com/", "orders-example-com"],
    ["https://orders.example.com/a/mcp?key=abc", "orders-example-com-a-mcp"],
    [
      "https://abcdefghijklmnopqrstuvwxyz012345.lambda-url.ap-southeast-1.on.aws/mcp",
      "abcdefghijklmnopqrstuvwxyz012345-lambda-url-ap-southeast-1-on-aw",
    ],
  ])("names %s %s", (url, name) => {
    expect(nameOf(url)).toBe(name);
  });

  it("takes what else is said, by the same rules and defaults", () => {
    const read = targetFromUrl("http://localhost:3000/mcp", {
      name: "mine",
      clientTimeoutMs: 20_000,
      era: "modern",
      headers: { Authorization: secret("env:TOKEN") },
      sentinels: [{ tool: "echo", arguments: { message: "hi" }, expect: { contains: "hi" } }],
    });
    expect(read).toMatchObject({
      ok: true,
      target: {
        name: "mine",
        url: "http://localhost:3000/mcp",
        era: "modern",
        clientTimeoutMs: 20_000,
        runTimeoutMs: 25_000,
        slowMs: 3_000,
        headers: { Authorization: { secret: "env:TOKEN" } },
        sentinels: [
          {
            tool: "echo",
            arguments: { message: "hi" },
            expect: { contains: "hi" },
            allowWrites: false,
          },
        ],
      },
    });
  });

  it.each([
    ["not a url", "holds a blank or a line break"],
    ["orders.example.com", "does not begin with https://"],
    ["http://orders.example.com/mcp", "is plain http, which anyone on the way can read"],
    ["ftp://orders.example.com/", "has a scheme that is neither http nor https"],
    ["", "must be a URL, not empty text"],
  ])("refuses %j, and tells of the URL alone", (url, problem) => {
    const read = targetFromUrl(url);
    expect(read.ok ? [] : read.findings.map((finding) => [finding.path, finding.problem])).toEqual([
      ["url", problem],
    ]);
  });

  it("tells every mistake, counted from the target", () => {
    const read = targetFromUrl("http://orders.example.com", {
      concurrency: { clients: 1 },
      clientTimeoutMs: 2_000,
      slowMs: 2_000,
    });
    expect(read.ok ? [] : read.findings.map(({ path }) => path)).toEqual([
      "url",
      "concurrency.clients",
      "slowMs",
    ]);
  });
});

describe("resolveTarget", () => {
  const TARGET = { name: "orders", url: "https://orders.example.com/mcp" };

  it("takes defaults", () => {
    const read = resolveTarget(TARGET, { slowMs: 1_000, confirm: { delaysMs: [] } });
    expect(read.ok && [read.target.slowMs, read.target.confirm]).toEqual([
      1_000,
      { delaysMs: [], withinMs: 20_000 },
    ]);
  });

  it("tells mistakes of the defaults apart from the target's", () => {
    const read = resolveTarget({ ...TARGET, era: "old" }, { slowMs: 0 });
    expect(read.ok ? [] : read.findings.map(({ path }) => path)).toEqual([
      "defaults.slowMs",
      "era",
    ]);
  });

  it.each([undefined, null, "https://orders.example.com/mcp", []])("refuses %j", (input) => {
    const read = resolveTarget(input);
    expect(read.ok ? [] : read.findings.map(({ path }) => path)).toEqual([""]);
  });
});
