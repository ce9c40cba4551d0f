import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AwsAnswer,
  type AwsCall,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import {
  answerForFunction,
  PLAYED_HOST,
  PLAYED_SECRET,
  type PlayedFunction,
  playedUrl,
  playedWith,
  SOUND_FUNCTION,
} from "@vigil/testkit/lambda-function";
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from "vitest";
import { runDoctor } from "../src/commands/doctor.ts";
import type { DoctorFlags } from "../src/flags.ts";
import { createFakeIo } from "./fake-io.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "vigil-doctor-"));
  const orders = {
    url: `https://${PLAYED_HOST}/mcp`,
    lambda: { functionName: "orders", qualifier: "live" },
  };
  const targets = [
    { name: "orders", ...orders },
    { name: "plain", url: "https://plain.example.com/mcp", region: "us-east-1" },
  ];
  const config = { vantages: ["eu-west-1"], targets };
  writeFileSync(join(cwd, "vigil.config.mjs"), `export default ${JSON.stringify(config)};`);
});
afterAll(() => rmSync(cwd, { recursive: true }));

beforeEach(() => {
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/none",
    AWS_SHARED_CREDENTIALS_FILE: "/none",
  })) {
    vi.stubEnv(name, value);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function doctor(
  answer: PlayedFunction | ((call: AwsCall) => AwsAnswer),
  { target = "orders", ...flags }: DoctorFlags & { readonly target?: string } = {},
) {
  const endpoint = await startAwsEndpoint(
    typeof answer === "function" ? answer : answerForFunction(answer),
  );
  onTestFinished(() => endpoint.close());
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", endpoint.url);
  const { io, written } = createFakeIo({ cwd });
  const code = await runDoctor(target, flags, { io });
  return { code, text: written.join("") };
}

describe("vigil doctor", () => {
  it("finds nothing in a sound function", async () => {
    expect(await doctor(SOUND_FUNCTION)).toEqual({
      code: 0,
      text: `\
out:orders: function orders, qualifier live, in us-east-1

Nothing found: 33 of 33 rules judged.
`,
    });
  });

  it("tells what is wrong, why it matters, and exactly how to mend it", async () => {
    const played = { ...playedUrl({ InvokeMode: "BUFFERED" }), provisioned: [] };
    const { code, text } = await doctor(played);
    expect(code).toBe(1);
    expect(text).toMatchInlineSnapshot(`
      "out:orders: function orders, qualifier live, in us-east-1

      ✖ error url-buffered: The Web Adapter streams and the URL does not
        seen   the URL's InvokeMode is BUFFERED
        why    A BUFFERED URL hands nothing on before the function has ended: a stream arrives empty, or
               all at once at its end.
        mend   aws lambda update-function-url-config --function-name orders --region us-east-1 --qualifier live --invoke-mode RESPONSE_STREAM
        keep   FunctionUrlConfig:
                 InvokeMode: RESPONSE_STREAM

      · hint provisioned-none: No environment is kept warm
        seen   the function has no provisioned concurrency
        why    The first client after a pause, each further one at a time, and all of them after a
               deployment wait for a cold start.
        mend   aws lambda put-provisioned-concurrency-config --function-name orders --region us-east-1 --qualifier live --provisioned-concurrent-executions 1
        keep   AutoPublishAlias: live
               ProvisionedConcurrencyConfig:
                 ProvisionedConcurrentExecutions: 1

      Found 1 error, 1 hint: 33 of 33 rules judged.
      "
    `);
  });

  it("prints JSON on one line", async () => {
    const { code, text } = await doctor(playedWith({ MemorySize: 128 }), { json: true });
    expect(code).toBe(3);
    expect(text.split("\n")).toHaveLength(2);
    expect(JSON.parse(text.slice("out:".length))).toEqual({
      schema: 1,
      target: "orders",
      functionName: "orders",
      qualifier: "live",
      region: "us-east-1",
      readAt: expect.any(String),
      findings: [
        {
          rule: "memory-low",
          severity: "warning",
          title: "The function has little memory, and so little CPU",
          causes: expect.arrayContaining(["cold-start-timeout"]),
          evidence: "the function has 128 MB of memory",
          remedy: { commands: expect.any(Array), iac: ["MemorySize: 1024"] },
        },
      ],
      unread: [],
    });
  });

  it("leaves unjudged what it may not read, and says which permission is missing", async () => {
    const answer = answerForFunction(SOUND_FUNCTION);
    const { code, text } = await doctor((call) =>
      call.operation.includes("/policy") ? awsError(403, "AccessDeniedException") : answer(call),
    );
    expect(code).toBe(4);
    expect(text).toBe(`\
out:orders: function orders, qualifier live, in us-east-1

? Not read: its policy, lambda:GetPolicy is denied. Not judged for it: url-permission,
  url-invoke-permission, edge-function.

Nothing found: 30 of 33 rules judged.
`);
  });

  it.each<readonly [string, PlayedFunction, number]>([
    ["a hint alone", { ...SOUND_FUNCTION, provisioned: [] }, 0],
    ["a warning", playedWith({ Timeout: 3 }), 3],
    ["an error beside warnings", { ...playedWith({ Timeout: 3 }), policies: {} }, 1],
  ])("exits by the worst: %s", async (_name, played, code) => {
    expect((await doctor(played)).code).toBe(code);
  });

  it.each<readonly [string, string, number, string]>([
    [
      "a target without lambda",
      "plain",
      2,
      'err:vigil: vigil.config.mjs does not say which function is behind plain. Write beside its url: lambda: { functionName: "…", qualifier: "live" }; without an alias, leave qualifier out.\n',
    ],
    [
      "a target that is not there",
      "order",
      2,
      'err:vigil: vigil.config.mjs has no target "order". Its targets: orders, plain.\n',
    ],
  ])("says what to write for %s", async (_name, target, code, text) => {
    expect(await doctor(SOUND_FUNCTION, { target })).toEqual({ code, text });
  });

  it("says so when there is no config", async () => {
    const { io, written } = createFakeIo({ cwd: tmpdir() });
    expect(await runDoctor("orders", {}, { io })).toBe(2);
    expect(written.join("")).toContain("err:vigil: There is no config here");
  });

  it.each<readonly [string, AwsAnswer, number, string]>([
    [
      "no such function",
      awsError(404, "ResourceNotFoundException"),
      2,
      "err:vigil: There is no function orders (qualifier live) in us-east-1. Put lambda and region of orders right, or choose the account with AWS_PROFILE.\n",
    ],
    [
      "credentials that have expired",
      awsError(403, "ExpiredTokenException"),
      4,
      "err:vigil: The AWS credentials have expired. Renew them, for example with aws sso login.\n",
    ],
  ])("complains of %s", async (_name, answer, code, text) => {
    expect(await doctor(() => answer)).toEqual({ code, text });
  });

  it("never shows a variable's value", async () => {
    const played = playedWith({ MemorySize: 128 }, { AWS_LWA_INVOKE_MODE: PLAYED_SECRET });
    for (const json of [true, false]) {
      const { text } = await doctor(played, { json });
      expect(text).toContain("invoke-mode-envelope");
      expect(text).not.toContain(PLAYED_SECRET);
    }
  });
});
