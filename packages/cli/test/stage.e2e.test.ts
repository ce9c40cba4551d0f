import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type AwsEndpoint, awsError, startAwsEndpoint } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

const CREDENTIALS = `
[static]
aws_access_key_id = AKIASTATIC
aws_secret_access_key = secret
`;

const CONFIG = `
[profile process]
credential_process = sh -c 'echo "{\\"Version\\":1,\\"AccessKeyId\\":\\"AKIAPROCESS\\",\\"SecretAccessKey\\":\\"s\\"}"'
[profile role]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = static
region = eu-west-1
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = reader
region = eu-west-1
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.example/start
`;

/** DynamoDB, in which there is no table: whoever is told so got through. */
let dynamo: AwsEndpoint;
beforeAll(async () => {
  dynamo = await startAwsEndpoint(() => awsError(400, "ResourceNotFoundException"));
});
afterAll(() => dynamo.close());

/** The built command, as an operator with these profiles and nothing else in the environment runs it. */
function sloAs(profile: string, env: Readonly<Record<string, string>> = {}) {
  return inFolder(async (dir) => {
    const paths = { config: join(dir, "config"), credentials: join(dir, "credentials") };
    await writeFile(paths.config, CONFIG);
    await writeFile(paths.credentials, CREDENTIALS);
    return vigil(["slo", "all", "--stage", "production", "--region", "eu-west-1"], {
      cwd: dir,
      env: {
        HOME: dir,
        AWS_PROFILE: profile,
        AWS_CONFIG_FILE: paths.config,
        AWS_SHARED_CREDENTIALS_FILE: paths.credentials,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
        ...env,
      },
    });
  });
}

const REACHED = {
  code: 2,
  stdout: "",
  stderr:
    "vigil: There is no table vigil-production-history in eu-west-1. Deploy it with npx sst deploy --stage production, or put --stage or --region right.\n",
};

/** The token service, which answers in XML. */
async function startTokenService(status: number, body: string) {
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      response.writeHead(status, { "content-type": "text/xml" }).end(body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const refusal = (code: string, message: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

describe("the operator's credentials", () => {
  it.each([
    ["static", "AKIASTATIC"],
    ["process", "AKIAPROCESS"],
  ])("come from a profile: %s", async (profile, key) => {
    expect(await sloAs(profile)).toEqual(REACHED);
    expect(dynamo.calls.at(-1)?.headers.authorization).toContain(`Credential=${key}/`);
  });

  it("come from a role that is assumed", async () => {
    const tokens = await startTokenService(200, ASSUMED);
    expect(await sloAs("role", { AWS_ENDPOINT_URL_STS: tokens.url })).toEqual(REACHED);
    await tokens.close();
    expect(dynamo.calls.at(-1)?.headers.authorization).toContain("Credential=ASIAROLE/");
  });

  it.each([
    [
      "may not assume the role",
      403,
      refusal(
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader",
      ),
      "vigil: AWS gives these credentials no role (AccessDenied: User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader). Check AWS_PROFILE and the role's trust policy.\n",
    ],
    [
      "have expired",
      403,
      refusal("ExpiredToken", "The security token included in the request is expired"),
      "vigil: The AWS credentials have expired. Renew them, for example with aws sso login.\n",
    ],
    [
      "are unknown",
      403,
      refusal("InvalidClientTokenId", "The security token included in the request is invalid."),
      "vigil: AWS does not take these credentials (InvalidClientTokenId: The security token included in the request is invalid). Check AWS_PROFILE, the keys, and this machine's clock.\n",
    ],
  ])("%s", async (_, status, body, stderr) => {
    const tokens = await startTokenService(status, body);
    const asked = await sloAs("role", { AWS_ENDPOINT_URL_STS: tokens.url });
    await tokens.close();
    expect(asked).toEqual({ code: 4, stdout: "", stderr });
  });

  it.each([
    [
      "nosuch",
      'vigil: AWS_PROFILE "nosuch" gives no credentials (Could not load credentials from any providers). Write the name of a profile in ~/.aws/config, or sign in with aws sso login.\n',
    ],
    [
      "sso",
      "vigil: AWS_PROFILE \"sso\" gives no credentials (The SSO session token associated with profile=sso was not found or is invalid. To refresh this SSO session run 'aws sso login' with the corresponding profile). Write the name of a profile in ~/.aws/config, or sign in with aws sso login.\n",
    ],
  ])("are missing, and the profile is named: %s", async (profile, stderr) => {
    expect(await sloAs(profile)).toEqual({ code: 2, stdout: "", stderr });
  });
});
