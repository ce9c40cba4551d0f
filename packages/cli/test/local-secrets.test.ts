import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { type RunningServer, soundLegacy, startServer } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsEndpoint,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCheck } from "../src/commands/check.ts";
import { openLocalSecrets } from "../src/local-secrets.ts";
import { createFakeIo } from "./fake-io.ts";
import { inFolder } from "./vigil.ts";

const TOKEN = "orders-token-4711";
let server: RunningServer;
let store: AwsEndpoint | null = null;

beforeEach(async () => {
  server = await startServer(soundLegacy());
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    AWS_REGION: "ap-south-1",
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/none",
    AWS_SHARED_CREDENTIALS_FILE: "/none",
  })) {
    vi.stubEnv(name, value);
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await store?.close();
  store = null;
});

async function keep(answer: AwsAnswer): Promise<AwsEndpoint> {
  store = await startAwsEndpoint(() => answer);
  vi.stubEnv("AWS_ENDPOINT_URL_SSM", store.url);
  vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", store.url);
  return store;
}

/** `vigil check --json` with a config whose target's token is kept there. */
async function check(reference: string, vantage = "eu-west-1") {
  return inFolder(async (cwd) => {
    const auth = { type: "bearer", token: { secret: reference } };
    const config = { vantages: [vantage], targets: [{ name: "orders", url: server.url, auth }] };
    await writeFile(join(cwd, "vigil.config.ts"), `export default ${JSON.stringify(config)};`);
    const { io, written } = createFakeIo({ cwd, env: process.env });
    const flags = { confirm: false, failOn: "down", json: true } as const;
    const code = await runCheck(["orders"], flags, { io, version: "1.2.3" });
    const record = JSON.parse(written.join("").replace(/^out:/, "")) as RunRecord;
    return { code, record, text: written.join("") };
  });
}

const SSM = "ssm:/vigil/orders/token";
const MANAGED = "secretsmanager:vigil/orders";

describe("secrets on the operator's own machine", () => {
  it.each([
    [SSM, awsOk({ Parameter: { Name: "x", Value: TOKEN } }), "GetParameter"],
    [MANAGED, awsOk({ Name: "x", SecretString: TOKEN }), "GetSecretValue"],
  ])(
    "%s is read from home's region, sent, and never shown",
    async (reference, answer, operation) => {
      const { calls } = await keep(answer);
      const { code, record, text } = await check(reference);
      expect({ code, status: record.status }).toEqual({ code: 0, status: "up" });
      expect(calls.map((call) => `${call.operation} ${call.region}`)).toEqual([
        `${operation} eu-west-1`,
      ]);
      const sent = server.requests.map(({ headers }) => headers.authorization);
      expect(new Set(sent)).toEqual(new Set([`Bearer ${TOKEN}`]));
      expect(text).not.toContain(TOKEN);
    },
  );

  it("is read from the AWS config's region where home is this machine", async () => {
    const { calls } = await keep(awsOk({ Parameter: { Name: "x", Value: TOKEN } }));
    expect((await check(SSM, "local")).code).toBe(0);
    expect(calls.map(({ region }) => region)).toEqual(["ap-south-1"]);
  });

  const NONE = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
  it.each<[string, string, AwsAnswer, Readonly<Record<string, string | undefined>>, string]>([
    [
      "there is no such parameter",
      SSM,
      awsError(400, "ParameterNotFound"),
      {},
      `${SSM}: there is no such parameter in eu-west-1`,
    ],
    [
      "there is no such secret",
      MANAGED,
      awsError(400, "ResourceNotFoundException"),
      {},
      `${MANAGED}: there is no such secret in eu-west-1`,
    ],
    [
      "the parameter is denied",
      SSM,
      awsError(400, "AccessDeniedException"),
      {},
      `${SSM}: ssm:GetParameter is denied in eu-west-1 to these AWS credentials`,
    ],
    [
      "the secret is denied",
      MANAGED,
      awsError(400, "AccessDeniedException"),
      {},
      `${MANAGED}: secretsmanager:GetSecretValue is denied in eu-west-1 to these AWS credentials`,
    ],
    [
      "the credentials have expired",
      SSM,
      awsError(400, "ExpiredTokenException"),
      {},
      `${SSM}: The AWS credentials have expired. Renew them, for example with aws sso login.`,
    ],
    [
      "there are no credentials",
      SSM,
      awsOk(),
      NONE,
      `${SSM}: No AWS credentials were found (Could not load credentials from any providers). Sign in with aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`,
    ],
    [
      "the store is throttled",
      SSM,
      awsError(400, "ThrottlingException"),
      {},
      `${SSM}: ThrottlingException in eu-west-1: out of reach, or too busy`,
    ],
  ])("is unknown, never down, when %s", async (_, reference, answer, env, note) => {
    const { calls } = await keep(answer);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { code, record } = await check(reference);
    expect({ code, status: record.status }).toEqual({ code: 4, status: "unknown" });
    expect(record.failures.map(({ mode }) => mode)).toEqual(["secret-unavailable"]);
    expect(record.notes).toContain(note);
    expect(server.requests).toEqual([]);
    if ("AWS_ACCESS_KEY_ID" in env) expect(calls).toEqual([]);
  });

  it("is unknown without a region, and says how to set one", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    const { code, record } = await check(SSM, "local");
    expect(code).toBe(4);
    expect(record.notes).toContain(
      `${SSM}: no AWS region is set to read it from; write the home region as the config's first vantage, or set AWS_REGION`,
    );
  });

  it("names the key's action when that is what is denied", async () => {
    const message = "User: arn:aws:iam::1:user/me is not authorized to perform: kms:Decrypt";
    const body = { __type: "AccessDeniedException", message };
    await keep({ kind: "json", status: 400, body });
    expect((await check(SSM)).record.notes).toContain(
      `${SSM}: kms:Decrypt is denied in eu-west-1 to these AWS credentials`,
    );
  });

  it("is read anew once it was refused", async () => {
    const { calls } = await keep(awsOk({ Parameter: { Name: "x", Value: TOKEN } }));
    const { deps } = openLocalSecrets({ env: {}, home: "eu-west-1" });
    await deps.secrets(SSM);
    await deps.secrets(SSM);
    expect(calls).toHaveLength(1);
    deps.refused([SSM]);
    await deps.secrets(SSM);
    expect(calls).toHaveLength(2);
  });

  it("asks nobody for what the environment holds", async () => {
    const { calls } = await keep(awsOk());
    vi.stubEnv("ORDERS_TOKEN", TOKEN);
    expect((await check("env:ORDERS_TOKEN")).code).toBe(0);
    vi.stubEnv("ORDERS_TOKEN", undefined);
    expect((await check("env:ORDERS_TOKEN")).code).toBe(4);
    expect(calls).toEqual([]);
  });
});
