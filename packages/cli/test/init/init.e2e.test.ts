import { soundLegacy, startServer } from "@vigil/testkit";
import { answerForAccount } from "@vigil/testkit/aws-account";
import { startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { expect, it } from "vitest";
import { inFolder, vigil } from "../vigil.ts";

it("the built command finds a Function URL, and check is up with what it writes", async () => {
  const server = await startServer(soundLegacy());
  const url = `${new URL(server.url).origin}/`;
  const aws = await startAwsEndpoint(
    answerForAccount({ functions: [{ name: "Orders", urls: [{ url, alias: "live" }] }] }),
  );
  const env = {
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_CONFIG_FILE: "/none",
    AWS_SHARED_CREDENTIALS_FILE: "/none",
    AWS_ENDPOINT_URL: aws.url,
  };
  await inFolder(async (cwd) => {
    const nobody = await vigil(["init", "--region", "us-east-1"], { cwd, env });
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("there is no terminal to ask at");
    const { code, stderr } = await vigil(["init", "--yes", "--region", "us-east-1"], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const checked = await vigil(["check", "orders", "--json"], { cwd });
    expect(checked.code).toBe(0);
    const again = await vigil(["init", "--yes", "--region", "us-east-1"], { cwd, env });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("There is vigil.config.ts already.");
  });
  await Promise.all([server.close(), aws.close()]);
});
