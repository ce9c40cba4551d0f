import {
  type AwsAnswer,
  type AwsEndpoint,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAwsSecrets } from "../src/secrets.ts";

const SSM = "ssm:/vigil/orders/token";
const MANAGED = "secretsmanager:vigil/orders";

/** How long a silent store is waited for, each try. */
const PATIENCE_MS = 150;

let endpoint: AwsEndpoint | null = null;
const failures: string[] = [];

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  failures.length = 0;
  await endpoint?.close();
  endpoint = null;
});

/** Each reading of a store gives the next value. */
async function open(
  answer: (nth: number, operation: string) => AwsAnswer | Promise<AwsAnswer>,
  timeoutMs = PATIENCE_MS,
) {
  endpoint = await startAwsEndpoint(({ operation }, nth) => answer(nth, operation));
  return createAwsSecrets({
    region: "eu-west-1",
    endpoint: endpoint.url,
    timeoutMs,
    onFailure: (reference, code) => failures.push(`${reference}: ${code}`),
  });
}

function stored(operation: string, value: string): AwsAnswer {
  return operation === "GetParameter"
    ? awsOk({ Parameter: { Name: "x", Value: value } })
    : awsOk({ Name: "x", SecretString: value });
}

const asked = () => endpoint?.calls.map(({ operation, body }) => ({ operation, body })) ?? [];

describe.each([
  [SSM, "GetParameter", { Name: "/vigil/orders/token", WithDecryption: true }],
  [MANAGED, "GetSecretValue", { SecretId: "vigil/orders" }],
])("%s", (reference, operation, body) => {
  it("is read decrypted, once, and then from the cache", async () => {
    const secrets = await open((nth, name) => stored(name, `v${nth}`));
    expect(await secrets.read(reference)).toBe("v0");
    expect(await secrets.read(reference)).toBe("v0");
    expect(asked()).toEqual([{ operation, body }]);
  });

  it("is read once for many who ask at once", async () => {
    const secrets = await open((nth, name) => stored(name, `v${nth}`));
    const values = await Promise.all(Array.from({ length: 50 }, () => secrets.read(reference)));
    expect([...new Set(values)]).toEqual(["v0"]);
    expect(asked()).toHaveLength(1);
  });

  it("is read anew once it was refused, and once only", async () => {
    const secrets = await open((nth, name) => stored(name, `v${nth}`));
    await secrets.read(reference);
    secrets.forget(reference);
    expect(await secrets.read(reference)).toBe("v1");
    expect(await secrets.read(reference)).toBe("v1");
    expect(asked()).toHaveLength(2);
  });

  it.each<readonly [string, AwsAnswer, string]>([
    ["does not exist", awsError(400, "ParameterNotFound"), "ParameterNotFound"],
    ["is denied", awsError(400, "AccessDeniedException"), "AccessDeniedException"],
    ["is throttled", awsError(400, "ThrottlingException"), "ThrottlingException"],
    ["meets a failing store", awsError(500, "InternalServerError"), "InternalServerError"],
    ["meets a silent store", { kind: "silence" }, "TimeoutError"],
    // The SDK names a broken connection so, too.
    ["meets a store that breaks off", { kind: "reset" }, "TimeoutError"],
  ])("cannot be had when it %s", async (_title, answer, code) => {
    const secrets = await open(() => answer);
    expect(await secrets.read(reference)).toBeNull();
    expect(failures).toEqual([`${reference}: ${code}`]);
  });

  it.each<readonly [string, AwsAnswer]>([
    ["throttling passes", awsError(400, "ThrottlingException")],
    ["a failing store is well again", awsError(500, "InternalServerError")],
    ["a silent store answers again", { kind: "silence" }],
    ["a store breaks off once", { kind: "reset" }],
  ])("is had at the second try when %s", async (_title, answer) => {
    const secrets = await open((nth, name) => (nth === 0 ? answer : stored(name, "v")));
    expect(await secrets.read(reference)).toBe("v");
    expect(failures).toEqual([]);
    expect(asked()).toHaveLength(2);
  });

  it("is had at the first try when the store is slow, but in time", async () => {
    const secrets = await open(async (_nth, name) => {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      return stored(name, "v");
    }, 20 * PATIENCE_MS);
    expect(await secrets.read(reference)).toBe("v");
    expect(asked()).toHaveLength(1);
  });
});

it("knows no other store", async () => {
  const secrets = await open((_nth, name) => stored(name, "v"));
  expect(await secrets.read("env:TOKEN")).toBeNull();
  expect(asked()).toEqual([]);
});
