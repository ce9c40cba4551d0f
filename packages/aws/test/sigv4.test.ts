import type { SignableRequest } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { type AwsCredentials, createSigner, defaultCredentials } from "../src/sigv4.ts";

/** The published test suite of Signature Version 4 (aws4_testsuite): its time, key and scope. */
const CLOCK = createFakeClock(Date.UTC(2015, 7, 30, 12, 36));
const KEY: AwsCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const TOKEN =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
const FORM = "application/x-www-form-urlencoded";
const UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NOTHING: SignableRequest = {
  method: "GET",
  url: "https://example.amazonaws.com/",
  headers: {},
  body: null,
  service: "service",
  region: "us-east-1",
};

interface Vector {
  readonly name: string;
  readonly method?: "POST";
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly sessionToken?: string;
  readonly signed: string;
  readonly signature: string;
}

const PLAIN = "host;x-amz-date";
const VECTORS: readonly Vector[] = [
  {
    name: "get-vanilla",
    signed: PLAIN,
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-vanilla-query-order-key-case",
    path: "/?Param2=value2&Param1=value1",
    signed: PLAIN,
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "get-vanilla-empty-query-key",
    path: "/?Param1=value1",
    signed: PLAIN,
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  {
    name: "get-vanilla-query-unreserved",
    path: `/?${UNRESERVED}=${UNRESERVED}`,
    signed: PLAIN,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  {
    name: "get-vanilla-utf8-query",
    path: "/?ሴ=bar",
    signed: PLAIN,
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "get-unreserved",
    path: `/${UNRESERVED}`,
    signed: PLAIN,
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  {
    name: "get-header-value-order",
    headers: { "my-header1": "value4,value1,value3,value2" },
    signed: "host;my-header1;x-amz-date",
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  {
    name: "get-header-value-trim",
    headers: { "my-header1": "value1", "my-header2": '"a   b   c"' },
    signed: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "post-vanilla",
    method: "POST",
    signed: PLAIN,
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "post-vanilla-query",
    method: "POST",
    path: "/?Param1=value1",
    signed: PLAIN,
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  {
    name: "post-header-key-sort",
    method: "POST",
    headers: { "my-header1": "value1" },
    signed: "host;my-header1;x-amz-date",
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  {
    name: "post-header-value-case",
    method: "POST",
    headers: { "my-header1": "VALUE1" },
    signed: "host;my-header1;x-amz-date",
    signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  },
  {
    name: "post-x-www-form-urlencoded",
    method: "POST",
    headers: { "content-type": FORM },
    body: "Param1=value1",
    signed: "content-type;host;x-amz-date",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  {
    name: "post-x-www-form-urlencoded-parameters",
    method: "POST",
    headers: { "content-type": `${FORM}; charset=utf8` },
    body: "Param1=value1",
    signed: "content-type;host;x-amz-date",
    signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  },
  {
    name: "post-sts-header-before",
    method: "POST",
    sessionToken: TOKEN,
    signed: "host;x-amz-date;x-amz-security-token",
    signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  },
];

const SCOPE = "20150830/us-east-1/service/aws4_request";

describe("AWS's published SigV4 vectors", () => {
  it.each(VECTORS)("$name", async ({ name: _, signed, signature, ...vector }) => {
    const { method = "GET", path = "/", headers = {}, body = null, sessionToken } = vector;
    const session = sessionToken === undefined ? {} : { sessionToken };
    const sign = createSigner({ credentials: async () => ({ ...KEY, ...session }), clock: CLOCK });
    const url = new URL(path, NOTHING.url).href;
    expect(await sign({ ...NOTHING, method, url, headers, body })).toEqual({
      ok: true,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/${SCOPE}, SignedHeaders=${signed}, Signature=${signature}`,
        "x-amz-date": "20150830T123600Z",
        ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
      },
      secrets: ["AKIDEXAMPLE", ...(sessionToken === undefined ? [] : [sessionToken]), signature],
    });
  });
});

describe("the signer", () => {
  it("leaves unsigned what is rewritten on the way", async () => {
    const sign = createSigner({ credentials: async () => KEY, clock: CLOCK });
    const headers = { traceparent: "00-1-2-01", "user-agent": "vigil/0.1.0" };
    const bare = await sign(NOTHING);
    expect(await sign({ ...NOTHING, headers })).toEqual(bare);
  });

  it.each<[string, () => Promise<AwsCredentials>, string]>([
    [
      "no credentials",
      () => Promise.reject(new Error("Could not load credentials from any providers")),
      "no AWS credentials were found",
    ],
    [
      "credentials that expire now",
      async () => ({ ...KEY, expiration: new Date(CLOCK.now()) }),
      "the AWS credentials have expired",
    ],
  ])("answers that it cannot sign with %s", async (_name, credentials, reason) => {
    const sign = createSigner({ credentials, clock: CLOCK });
    expect(await sign(NOTHING)).toEqual({ ok: false, reason });
  });

  it("signs with credentials that expire later", async () => {
    const expiration = new Date(CLOCK.now() + 1);
    const sign = createSigner({ credentials: async () => ({ ...KEY, expiration }), clock: CLOCK });
    expect(await sign(NOTHING)).toMatchObject({ ok: true });
  });
});

describe("the default credentials", () => {
  it("are those of the environment first", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "AKIDENV",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_SESSION_TOKEN: "t",
    };
    const before = { ...process.env };
    Object.assign(process.env, env);
    delete process.env["AWS_PROFILE"];
    try {
      expect(await defaultCredentials()()).toMatchObject({
        accessKeyId: "AKIDENV",
        secretAccessKey: "s",
        sessionToken: "t",
      });
    } finally {
      for (const name of Object.keys(env)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });
});
