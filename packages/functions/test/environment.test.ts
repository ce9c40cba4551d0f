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

  it("tells of everything that is missing at once", () => {
    const wrong = () => readEnvironment({ ...FULL, VIGIL_TABLE: "", VIGIL_HOME: undefined });
    expect(wrong).toThrow(
      expect.objectContaining({
        code: "bad-environment",
        message:
          "The function's environment is wrong: VIGIL_HOME is not set; VIGIL_TABLE is not set. Deploy it anew.",
      }),
    );
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

  it.each([
    ["absent", null, /cannot be read \(ENOENT\)/],
    ["no JSON", "export default", /cannot be read \(no JSON\)/],
    ["without a target", '{"targets":[]}', /names no target/],
  ])("is refused when it is %s", (_title, text, message) => {
    const path = text === null ? join(folder, "none.json") : write(text);
    expect(() => readConfig(path)).toThrow(message);
  });
});
