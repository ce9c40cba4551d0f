import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEnvironment } from "../src/environment.ts";
import { readConfig } from "../src/read-config.ts";
import { configOf } from "./harness.ts";

const FULL = {
  AWS_REGION: "eu-west-1",
  VIGIL_HOME: "eu-central-1",
  VIGIL_TABLE: "vigil-production",
  VIGIL_SPILL_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/1/spill",
  VIGIL_CONFIG: "vigil.json",
  VIGIL_VERSION: "0.1.0",
};

describe("the function's environment", () => {
  it("is read whole, with or without a pager", () => {
    expect(readEnvironment(FULL)).toEqual({
      vantage: "eu-west-1",
      home: "eu-central-1",
      tableName: "vigil-production",
      spillQueueUrl: "https://sqs.eu-west-1.amazonaws.com/1/spill",
      pagerFunction: null,
      configPath: "vigil.json",
      version: "0.1.0",
    });
    expect(readEnvironment({ ...FULL, VIGIL_PAGER: "pager" }).pagerFunction).toBe("pager");
  });

  it.each([
    ["AWS_REGION", "eu-west", "an AWS region"],
    ["VIGIL_HOME", "Frankfurt", "an AWS region"],
    ["VIGIL_TABLE", "https://x/y", "the name of a DynamoDB table"],
    ["VIGIL_SPILL_QUEUE_URL", "spill", "the URL of an SQS queue"],
    ["VIGIL_PAGER", "a pager", "the name or ARN of a Lambda function"],
  ])("must hold what can be right: %s=%s", (name, value, wanted) => {
    expect(() => readEnvironment({ ...FULL, [name]: value })).toThrow(
      `The function's environment is wrong: ${name} is not ${wanted}. Deploy it anew.`,
    );
  });

  it("tells of everything that is missing or wrong at once", () => {
    const wrong = () =>
      readEnvironment({ ...FULL, VIGIL_TABLE: "", VIGIL_HOME: undefined, VIGIL_PAGER: " " });
    const problems = [
      "VIGIL_HOME is not set",
      "VIGIL_TABLE is not set",
      "VIGIL_PAGER is not the name or ARN of a Lambda function",
    ];
    expect(wrong).toThrow(expect.objectContaining({ code: "bad-environment", problems }));
  });
});

describe("the function's config", () => {
  let folder: string;
  const write = (text: string): string => {
    const path = join(folder, "vigil.json");
    writeFileSync(path, text);
    return path;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vigil-config-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("comes back as it was resolved", () => {
    expect(readConfig(write(JSON.stringify(configOf(2))))).toEqual(configOf(2));
  });

  const TARGET = configOf(1).targets[0];
  const OF_PROFILE = { profile: "lean" };

  it.each([
    ["absent", null, "it cannot be read (ENOENT)"],
    ["no JSON", "export default", "it cannot be read (no JSON)"],
    ["null", "null", "it is null, not an object"],
    ["a list", "[]", "it is a list, not an object"],
    ["empty", "{}", "profile is missing; targets is missing"],
    ["without a target", { ...OF_PROFILE, targets: [] }, "targets is empty"],
    [
      "one whose targets are an object",
      { ...OF_PROFILE, targets: {} },
      "targets is an object, not a list",
    ],
    ["one whose targets are text", { ...OF_PROFILE, targets: "x" }, "targets is text, not a list"],
    [
      "one with a null target",
      { ...OF_PROFILE, targets: [null] },
      "targets[0] is null, not an object",
    ],
    [
      "of a profile that is none",
      { profile: 5, targets: [TARGET] },
      "profile is a number, not text",
    ],
    [
      "what the operator wrote, not what was resolved of it",
      { ...OF_PROFILE, targets: [TARGET, { name: "orders", url: "https://a.example.com/mcp" }] },
      [
        "headers",
        "auth",
        "era",
        "clientTimeoutMs",
        "runTimeoutMs",
        "slowMs",
        "maxResponseBytes",
        "confirm",
        "expect",
        "sentinels",
      ]
        .map((key) => `targets[1].${key} is missing`)
        .join("; "),
    ],
  ])("is refused when it is %s", (_title, given, problem) => {
    const text = typeof given === "string" ? given : JSON.stringify(given);
    const path = given === null ? join(folder, "none.json") : write(text);
    expect(() => readConfig(path)).toThrow(
      expect.objectContaining({
        name: "EnvironmentError",
        code: "bad-environment",
        message: `The function's environment is wrong: the config ${path}: ${problem}. Deploy it anew.`,
      }),
    );
  });
});
