import { describe, expect, it } from "vitest";
import { parseConfig } from "../src/config/index.ts";
import { deployFindings } from "../src/deploy-findings.ts";
import { withTarget } from "./config/fixtures.ts";

const HOME = { vantages: ["eu-west-1"] };

function findingsOf(input: unknown): readonly unknown[] {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return deployFindings(parsed.config).map(({ path, problem, fix }) => [path, problem, fix]);
}

const LOCAL = [
  'is "local", which it is also when nothing is written, and no region to deploy to',
  'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].',
];

describe("what cannot be deployed", () => {
  it.each([
    ["no vantage", withTarget({}), [["vantages[0]", ...LOCAL]]],
    [
      "this machine",
      withTarget({}, { vantages: ["eu-west-1", "local"] }),
      [["vantages[1]", ...LOCAL]],
    ],
    [
      "a server on this machine",
      withTarget({ url: "http://127.0.0.1:7331/mcp" }, HOME),
      [
        [
          "targets[0].url",
          "is this machine's own address, behind which a deployed probe finds nothing",
          'Write an address that can be reached from AWS, for example "https://….lambda-url.us-east-1.on.aws/mcp".',
        ],
      ],
    ],
    [
      "a secret of this machine's environment",
      withTarget({ auth: { type: "bearer", token: { secret: "env:TOKEN" } } }, HOME),
      [
        [
          "targets[0]",
          "takes a secret from env:TOKEN, and a deployed function has no such variable",
          'Keep it in Parameter Store in eu-west-1, and write secret("ssm:/vigil/orders/token"), or whatever its path is.',
        ],
      ],
    ],
  ])("%s", (_, input, findings) => {
    expect(findingsOf(input)).toEqual(findings);
  });

  const SIGNED = {
    name: "signed",
    url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
    auth: { type: "sigv4" },
  };

  it("includes a signed call of a function that is not named", () => {
    expect(findingsOf({ ...HOME, targets: [SIGNED] })).toEqual([
      [
        "targets[0].auth",
        "signs requests for what the probe cannot be given permission to call: it is not named",
        'Write lambda: { functionName: "McpServer" } for a Function URL, or the API\'s own address, https://….execute-api.….amazonaws.com, for API Gateway.',
      ],
    ]);
    const lambda = { functionName: "McpServer" };
    expect(findingsOf({ ...HOME, targets: [{ ...SIGNED, lambda }] })).toEqual([]);
  });

  const many = (count: number, more: (n: number) => object = () => ({})) =>
    Array.from({ length: count }, (_, n) => ({
      name: `t${n}`,
      url: `https://t${n}.example.com/mcp`,
      ...more(n),
    }));
  const five = ["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1", "eu-central-1"];

  it("includes a thousand targets that take more alarms than an account may have", () => {
    expect(findingsOf({ vantages: five, targets: many(1_000) })).toEqual([
      [
        "targets",
        "take 6011 alarms in eu-west-1, where an account may have 5000",
        'Write profile: "lean", watch from fewer vantages, or watch some of the targets from another account.',
      ],
    ]);
    expect(findingsOf({ vantages: five.slice(0, 3), targets: many(1_000) })).toEqual([]);
  });

  it("includes a thousand secrets, which no role's policy can name", () => {
    const own = (n: number) => ({
      auth: { type: "bearer", token: { secret: `ssm:/vigil/t${n}/token` } },
    });
    expect(findingsOf({ ...HOME, targets: many(1_000, own) })).toEqual([
      [
        "targets",
        "name 1000 secrets, functions and logs, too many for the 10240 characters of a role's policy",
        "Let targets share secrets, or watch some of them from another stage.",
      ],
    ]);
    expect(findingsOf({ ...HOME, targets: many(80, own) })).toEqual([]);
  });

  it("includes more functions than the roles that look at them can name", () => {
    const followed = (n: number) => ({ region: "us-east-1", lambda: { functionName: `F${n}` } });
    expect(findingsOf({ ...HOME, targets: many(300, followed) })).toEqual([
      [
        "targets",
        "name 300 functions to look at, too many for the 10 policies of a role",
        "Leave lambda out of some of them, or watch some of them from another stage.",
      ],
    ]);
    expect(findingsOf({ ...HOME, targets: many(250, followed) })).toEqual([]);
    const behindApi = (n: number) => ({
      ...followed(n),
      url: `https://a${n}.execute-api.us-east-1.amazonaws.com/mcp`,
    });
    expect(findingsOf({ ...HOME, targets: many(250, behindApi) })).toHaveLength(1);
    const shared = () => ({ region: "us-east-1", lambda: { functionName: "F" } });
    expect(findingsOf({ ...HOME, targets: many(300, shared) })).toEqual([]);
  });

  it("includes routes to more addresses than a topic takes filters", () => {
    const paged = (count: number) => {
      const routes = Array.from({ length: count }, (_, n) => ({
        when: { owner: ["team"] },
        email: [`team-${n}@example.com`, "oncall@example.com"],
        https: ["https://hooks.example.com/all"],
      }));
      return withTarget(
        { owner: "team" },
        { ...HOME, paging: { email: ["oncall@example.com"], routes } },
      );
    };
    expect(findingsOf(paged(200))).toEqual([
      [
        "paging.routes",
        "lead to 201 addresses, and a topic takes 200 that get only some pages",
        "Write one address for each team, for example a mailing list, or write addresses under paging.email, which get every page.",
      ],
    ]);
    expect(findingsOf(paged(199))).toEqual([]);
  });

  it("has nothing against regions, servers elsewhere and AWS's stores", () => {
    const auth = { type: "bearer", token: { secret: "ssm:/vigil/orders/token" } };
    expect(findingsOf(withTarget({ auth }, HOME))).toEqual([]);
  });
});
