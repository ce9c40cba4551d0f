import { describe, expect, it } from "vitest";
import { formatFindings, parseConfig } from "../../src/config/index.ts";
import { GOOD, LAMBDA_URL, SECRET, TOKEN, withTarget } from "./fixtures.ts";

const FIVE = {
  vantages: ["us-east-1"],
  slo: 100,
  targets: [
    {
      name: "orders",
      url: LAMBDA_URL,
      auth: { type: "bearer", token: SECRET },
      sentinels: [{ tool: "ping" }, { tool: "ping" }],
    },
    { name: "orders", url: "https://b.example.com/mcp", allowSameRegion: true },
  ],
};

function pathsOf(input: unknown): readonly string[] {
  const read = parseConfig(input);
  return read.ok ? [] : read.findings.map(({ path }) => path);
}

describe("mistakes together", () => {
  it("tells five mistakes at once, of single places and between them", () => {
    expect(parseConfig(FIVE)).toEqual({
      ok: false,
      findings: [
        {
          path: "slo",
          problem: "is 100; the most allowed is 99.999",
          fix: "Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
        },
        {
          path: "targets[0].auth.token",
          problem: "is a literal value where a secret's reference belongs",
          fix: 'Write secret("env:NAME"), secret("ssm:/path") or secret("secretsmanager:name"), and keep the value itself there.',
        },
        {
          path: "targets[0].url",
          problem:
            "is in us-east-1, as vantages[0] is: an outage of that region would silence its own alarm",
          fix: "Probe from a vantage in another region, or set allowSameRegion: true on this target.",
        },
        {
          path: "targets[0].sentinels[1]",
          problem: "calls the same tool with the same arguments as sentinels[0]",
          fix: "Put all that is expected of the answer into one sentinel, or change the arguments.",
        },
        {
          path: "targets[1].name",
          problem: "is the name of targets[0] too",
          fix: "Give each target a name of its own: history, metrics and alarms are kept by it.",
        },
      ],
    });
  });

  const ROWS = [
    {
      name: "every fault of one URL",
      input: withTarget({ url: "http://me:pw@orders.example.com/#x" }),
      paths: ["targets[0].url", "targets[0].url", "targets[0].url"],
    },
    {
      name: "every unknown key",
      input: withTarget({ a: 1, b: 2 }, { c: 3 }),
      paths: ["c", "targets[0].a", "targets[0].b"],
    },
    {
      name: "the config's own first, then target by target",
      input: {
        targets: [
          { ...GOOD.targets[0], name: "two", concurrency: { clients: 1 } },
          { ...GOOD.targets[0], era: "old" },
          { ...GOOD.targets[0], name: "two" },
        ],
        slo: 0,
      },
      paths: ["slo", "targets[0].concurrency.clients", "targets[1].era", "targets[2].name"],
    },
    {
      name: "a clash of headers beside a literal in one of them",
      input: withTarget({
        auth: { type: "bearer", token: TOKEN },
        headers: { Authorization: SECRET },
      }),
      paths: ["targets[0].headers.Authorization", "targets[0].headers.Authorization"],
    },
    {
      name: "clashes of times beside an ill-formed one",
      input: withTarget({ slowMs: 9_000, clientTimeoutMs: 8_000, runTimeoutMs: "soon" }),
      paths: ["targets[0].runTimeoutMs"],
    },
    {
      name: "waits out of order beside an ill-formed time",
      input: withTarget({ confirm: { delaysMs: [2, 1], withinMs: "soon" } }),
      paths: ["targets[0].confirm.withinMs", "targets[0].confirm.delaysMs"],
    },
    {
      name: "clashes beside keys that say nothing",
      input: withTarget({ clientTimeoutMs: undefined, confirm: undefined, slowMs: 10_000 }),
      paths: ["targets[0].slowMs"],
    },
    {
      name: "a name used thrice",
      input: { targets: [GOOD.targets[0], GOOD.targets[0], GOOD.targets[0]] },
      paths: ["targets[1].name", "targets[2].name"],
    },
  ];

  it.each(ROWS)("tells $name", ({ input, paths }) => {
    expect(pathsOf(input)).toEqual(paths);
  });
});

describe("what follows from a mistake", () => {
  const ROWS = [
    {
      name: "no clash with an ill-formed time-out",
      input: withTarget({ clientTimeoutMs: "20s", runTimeoutMs: 9_000, slowMs: 9_500 }),
      paths: ["targets[0].clientTimeoutMs"],
    },
    {
      name: "no clash with ill-formed defaults",
      input: withTarget(
        { clientTimeoutMs: 30_000, stream: { tool: "p", minSpreadMs: 40_000 } },
        { defaults: 1 },
      ),
      paths: ["defaults"],
    },
    {
      name: "no clash with an ill-formed default",
      input: withTarget({ slowMs: 20_000 }, { defaults: { clientTimeoutMs: null } }),
      paths: ["defaults.clientTimeoutMs"],
    },
    {
      name: "no clash with ill-formed waits",
      input: withTarget({ confirm: { delaysMs: ["2s", 1], withinMs: 12_000 } }),
      paths: ["targets[0].confirm.delaysMs[0]"],
    },
    {
      name: "no clash with ill-formed confirmation in the defaults",
      input: withTarget({ confirm: { withinMs: 500 } }, { defaults: { confirm: [] } }),
      paths: ["defaults.confirm"],
    },
    {
      name: "no missing region beside an ill-formed one",
      input: withTarget({
        region: "useast",
        lambda: { functionName: "f" },
        auth: { type: "sigv4", service: "lambda" },
      }),
      paths: ["targets[0].region"],
    },
    {
      name: "no missing service beside an ill-formed URL",
      input: withTarget({ url: "orders", lambda: { functionName: "f" }, auth: { type: "sigv4" } }),
      paths: ["targets[0].url"],
    },
    {
      name: "no missing service beside an ill-formed one",
      input: withTarget({ region: "us-east-1", auth: { type: "sigv4", service: "AWS Lambda" } }),
      paths: ["targets[0].auth.service"],
    },
    {
      name: "no second name beside an ill-formed one",
      input: {
        targets: [
          { ...GOOD.targets[0], name: "A" },
          { ...GOOD.targets[0], name: "A" },
        ],
      },
      paths: ["targets[0].name", "targets[1].name"],
    },
    {
      name: "no second call beside ill-formed arguments",
      input: withTarget({ sentinels: [{ tool: "q" }, { tool: "q", arguments: 1 }] }),
      paths: ["targets[0].sentinels[1].arguments"],
    },
    {
      name: "defaults that clash are told once, not for each target",
      input: {
        defaults: { clientTimeoutMs: 9_000, slowMs: 9_000 },
        targets: [GOOD.targets[0], { ...GOOD.targets[0], name: "b" }],
      },
      paths: ["defaults.slowMs"],
    },
  ];

  it.each(ROWS)("is not told: $name", ({ input, paths }) => {
    expect(pathsOf(input)).toEqual(paths);
  });
});

describe("formatFindings", () => {
  it("gives each finding two lines", () => {
    const read = parseConfig({ slo: 1, targets: [] });
    expect(read.ok ? "" : formatFindings(read.findings)).toBe(
      [
        "slo: is 1; the least allowed is 50",
        "  Write the percentage of good runs to be kept, from 50 to 99.999, for example slo: 99.9.",
        "targets: names nothing to watch",
        '  Write at least one server to watch, for example targets: [{ name: "orders", url: "https://…/mcp" }].',
      ].join("\n"),
    );
  });

  it("calls the config by its name where no place is nearer", () => {
    const read = parseConfig(null);
    expect(read.ok ? "" : formatFindings(read.findings)).toBe(
      "the config: must be an object, not null\n  Write export default defineConfig({ targets: [ … ] }).",
    );
  });
});
