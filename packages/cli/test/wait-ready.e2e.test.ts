import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { soundLegacy, startServer } from "@vigil/testkit";
import { type AwsAnswer, awsError, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { lambdaAnswer } from "@vigil/testkit/lambda-moments";
import { describe, expect, it, onTestFinished } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

const AWS = {
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE4711XYZ",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};

/** `vigil check orders --wait-ready` in a process, with Lambda and the target's server over HTTP. */
async function check(
  args: readonly string[],
  answer: (operation: string, nth: number) => AwsAnswer,
) {
  const server = await startServer(soundLegacy());
  const lambda = await startAwsEndpoint(({ operation }, nth) => answer(operation, nth));
  onTestFinished(async () => {
    await server.close();
    await lambda.close();
  });
  const target = {
    name: "orders",
    url: server.url,
    region: "us-east-1",
    lambda: { functionName: "orders", qualifier: "live" },
  };
  return inFolder(async (cwd) => {
    const config = `export default ${JSON.stringify({ targets: [target] })};`;
    await writeFile(join(cwd, "vigil.config.ts"), config);
    const env = { ...AWS, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
    return vigil(["check", ...args, "--wait-ready"], { cwd, env });
  });
}

const HELD = { from: 0, version: "2", weights: { 1: 1 }, status: "IN_PROGRESS" };
const MOVED = { from: 0, version: "2", status: "READY" };

describe("vigil check --wait-ready", () => {
  it("waits for the function, line by line on stderr, then probes, exit 0", async () => {
    const { code, stdout, stderr } = await check(["orders", "--json"], (operation, nth) =>
      lambdaAnswer(operation, { moments: [nth < 3 ? HELD : MOVED], elapsedMs: 0 }),
    );
    const { status, notes } = JSON.parse(stdout) as RunRecord;
    expect({ code, status, stderr }).toEqual({
      code: 0,
      status: "up",
      stderr:
        "vigil: orders: waiting: version 2 has no ready provisioned concurrency, AWS holds traffic on the old version.\n",
    });
    expect(notes).toContainEqual(
      expect.stringMatching(/^version 2 has ready provisioned concurrency after \d/u),
    );
  });

  it("probes once when Lambda refuses, and exits 4 although the target is up", async () => {
    const { code, stdout, stderr } = await check(["orders"], () =>
      awsError(403, "AccessDeniedException"),
    );
    expect(code).toBe(4);
    expect(stdout).toContain("✔ UP  orders");
    expect(stderr).toBe(
      "vigil: orders: whether it is ready is not known: these AWS credentials lack lambda:GetFunctionConfiguration on orders in us-east-1. Allow it, or leave out --wait-ready.\n",
    );
  });
});
