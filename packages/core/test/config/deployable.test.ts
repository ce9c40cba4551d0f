import { describe, expect, it } from "vitest";
import { deployFindings, parseConfig } from "../../src/config/index.ts";
import { withTarget } from "./fixtures.ts";

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

  it("has nothing against regions, servers elsewhere and AWS's stores", () => {
    const auth = { type: "bearer", token: { secret: "ssm:/vigil/orders/token" } };
    expect(findingsOf(withTarget({ auth }, HOME))).toEqual([]);
  });
});
