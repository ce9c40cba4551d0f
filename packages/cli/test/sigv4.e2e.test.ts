import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { guardSignature, type RunningServer, soundLegacy, startServer } from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

const KEY = {
  accessKeyId: "ASIAEXAMPLE4711XYZ",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: "IQoJb3JpZ2luX2VjEXAMPLE//////wEaCXVzLWVhc3QtMSJHMEUCIQD+4711==",
  service: "lambda",
  region: "eu-north-1",
};
/** Nothing of this machine's own, and no question to the network. */
const NO_AWS = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: "/nonexistent/config",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
};
const AWS = {
  ...NO_AWS,
  AWS_ACCESS_KEY_ID: KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
  AWS_SESSION_TOKEN: KEY.sessionToken,
};

let server: RunningServer;
afterEach(() => server.close());

const PROFILE = `[default]
aws_access_key_id=${KEY.accessKeyId}
aws_secret_access_key=${KEY.secretAccessKey}
aws_session_token=${KEY.sessionToken}
`;

async function check(env: Readonly<Record<string, string>>) {
  server = await startServer(guardSignature(KEY, soundLegacy()));
  const { service, region } = KEY;
  const target = { name: "orders", url: server.url, auth: { type: "sigv4", service, region } };
  return inFolder(async (cwd) => {
    await writeFile(
      join(cwd, "vigil.config.ts"),
      `export default ${JSON.stringify({ targets: [target] })};`,
    );
    await writeFile(join(cwd, "profile"), PROFILE);
    const { stdout, ...rest } = await vigil(["check", "--json", "--no-confirm"], { cwd, env });
    return { ...rest, stdout, record: JSON.parse(stdout) as RunRecord };
  });
}

describe("vigil check of a target that wants signatures", () => {
  it.each([
    ["the environment's", AWS],
    ["a profile's", { ...NO_AWS, AWS_SHARED_CREDENTIALS_FILE: "profile" }],
  ])("signs with %s credentials, and writes nothing of them", async (_name, env) => {
    const { code, stderr, stdout, record } = await check(env);
    expect({ code, stderr, status: record.status }).toEqual({ code: 0, stderr: "", status: "up" });
    for (const secret of [KEY.accessKeyId, KEY.secretAccessKey, KEY.sessionToken]) {
      expect(stdout).not.toContain(secret);
    }
  });

  it("without credentials is unknown, exit 4, and asks nothing", async () => {
    const { code, stderr, record } = await check(NO_AWS);
    expect({ code, stderr, modes: record.failures.map(({ mode }) => mode) }).toEqual({
      code: 4,
      stderr: "",
      modes: ["secret-unavailable"],
    });
    expect(server.requests).toEqual([]);
  });
});
