import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  guardSignature,
  type RunningServer,
  type Script,
  soundLegacy,
  soundModern,
  startServer,
  text,
} from "@vigil/testkit";
import { type AwsAccount, answerForAccount } from "@vigil/testkit/aws-account";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCheck } from "../../src/commands/check.ts";
import { runInit } from "../../src/commands/init.ts";
import type { InitFlags } from "../../src/flags.ts";
import { createFakeIo } from "../fake-io.ts";
import { inFolder } from "../vigil.ts";

const KEY = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  sessionToken: null,
};

const open: Pick<RunningServer | AwsEndpoint, "close">[] = [];

beforeEach(() => {
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
    AWS_REGION: "us-east-1",
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
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** The address of a server, as AWS gives a Function URL's: its root. */
async function serve(script: Script): Promise<string> {
  const server = await startServer(script);
  open.push(server);
  return `${new URL(server.url).origin}/`;
}

async function useAccount(
  answer: AwsAccount | ((call: AwsCall) => AwsAnswer),
): Promise<AwsEndpoint> {
  const endpoint = await startAwsEndpoint(
    typeof answer === "function" ? answer : answerForAccount(answer),
  );
  open.push(endpoint);
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", endpoint.url);
  vi.stubEnv("AWS_ENDPOINT_URL_API_GATEWAY", endpoint.url);
  return endpoint;
}

async function init(cwd: string, flags: InitFlags) {
  const { io, written } = createFakeIo({ cwd, env: process.env });
  const code = await runInit(
    { yes: true, ...flags },
    { io, version: "1.2.3", openAsker: () => null },
  );
  const of = (stream: string) =>
    written
      .flatMap((text) => (text.startsWith(stream) ? [text.slice(stream.length)] : []))
      .join("");
  return { code, out: of("out:"), err: of("err:") };
}

async function check(cwd: string): Promise<number> {
  const { io } = createFakeIo({ cwd });
  return runCheck([], { confirm: false, failOn: "degraded" }, { io, version: "1.2.3" });
}

const page: Script = () => text("<h1>none</h1>", { status: 404 });

describe("vigil init in an account", () => {
  it("watches what speaks MCP, signed where AWS wants it, with the function behind it", async () => {
    const orders = await serve(soundLegacy());
    const stock = await serve(
      guardSignature({ ...KEY, service: "lambda", region: "us-east-1" }, soundModern()),
    );
    const endpoint = await useAccount({
      functions: [
        { name: "Orders", urls: [{ url: orders, alias: "live" }] },
        { name: "Stock", urls: [{ url: stock, authType: "AWS_IAM" }] },
        { name: "Hooks", urls: [{ url: await serve(page) }] },
        { name: "Nothing" },
      ],
      httpApis: [
        {
          apiId: "a1",
          apiEndpoint: (await serve(soundLegacy())).replace(/\/$/, ""),
          routes: [{ routeKey: "ANY /{proxy+}" }],
        },
      ],
    });
    await inFolder(async (cwd) => {
      const { code, out, err } = await init(cwd, {});
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("us-east-1: 4 places where an MCP server may be\n");
      expect(out).toContain("Of 4 addresses, 3 speak MCP.\n");
      expect(out).toContain("no MCP: http-not-found\n");
      const written = await readFile(join(cwd, "vigil.config.ts"), "utf8");
      expect(written).toContain('  vantages: ["us-east-2"],\n');
      expect(written).toContain('lambda: { functionName: "Orders", qualifier: "live" }');
      expect(written).toContain('auth: sigv4({ service: "lambda" })');
      expect(written.match(/name: "[^"]+"/gu)).toEqual([
        'name: "orders"',
        'name: "stock"',
        'name: "a1"',
      ]);
      expect(await check(cwd)).toBe(0);
      expect(endpoint.calls.every(({ operation }) => operation.startsWith("GET "))).toBe(true);
    });
  });

  it("keeps names of any kind from being more than names", async () => {
    const url = await serve(soundLegacy());
    const names = ['"; process.exit(0); "', "\u202Eevil\n\u001B[2J", "x".repeat(100)];
    const routes = [{ routeKey: "$default" }];
    const closed = { apiId: "c", disableExecuteApiEndpoint: true, apiEndpoint: url, routes };
    await useAccount({
      functions: [{ name: names[1] ?? "", urls: [{ url }] }],
      httpApis: [
        ...names.map((name, n) => ({ apiId: `a${n}`, name, apiEndpoint: url, routes })),
        { ...closed, name: names[1] ?? "" },
      ],
    });
    await inFolder(async (cwd) => {
      const { code, out } = await init(cwd, {});
      expect(code).toBe(0);
      expect(out.match(/[^\P{C}\n]/gu)).toBeNull();
      const written = await readFile(join(cwd, "vigil.config.ts"), "utf8");
      expect(written.match(/[^\P{C}\n]/gu)).toBeNull();
      expect(written.match(/name: "[^"]+"/gu)).toEqual([
        'name: "process-exit-0"',
        'name: "evil-2j"',
        `name: "${"x".repeat(64)}"`,
      ]);
    });
  });

  it("watches once what is named and listed, and notes what wants other credentials", async () => {
    const orders = await serve(soundLegacy());
    const headers = [["www-authenticate", "Bearer"]] as const;
    const guarded = await serve(() => text("", { status: 401, headers }));
    await useAccount({
      functions: [
        { name: "Orders", urls: [{ url: orders, alias: "live" }] },
        { name: "Guarded", urls: [{ url: guarded }] },
      ],
    });
    await inFolder(async (cwd) => {
      const flags = { url: [`${orders}mcp`], region: ["us-east-1"] };
      const { code, out } = await init(cwd, flags);
      expect(code).toBe(0);
      expect(out).toContain("Of 2 addresses, 1 speaks MCP.\n");
      expect(out).toContain(`  ? ${guarded}mcp  wants credentials (401)\n`);
      const written = await readFile(join(cwd, "vigil.config.ts"), "utf8");
      expect(written.match(/name: "[^"]+"/gu)).toEqual(['name: "orders"']);
      expect(written).toContain('functionName: "Orders"');
      expect(written).toContain(`  // ${guarded}mcp wants credentials (401): add it with auth: `);
      expect(await check(cwd)).toBe(0);
    });
  });

  it("names what may not be listed, and goes on with the rest", async () => {
    const url = await serve(soundLegacy());
    const account = answerForAccount({ functions: [{ name: "Orders", urls: [{ url }] }] });
    await useAccount((call) =>
      call.service === "apigateway" ? awsError(403, "AccessDeniedException") : account(call),
    );
    await inFolder(async (cwd) => {
      const { code, err } = await init(cwd, {});
      expect(code).toBe(0);
      expect(err).toBe(
        ["/apis", "/restapis"]
          .map(
            (path) =>
              `vigil: warning: apigateway:GET on ${path} is denied in us-east-1, so what it would have shown is missing. docs/init.md lists what vigil init needs.\n`,
          )
          .join(""),
      );
      expect(await check(cwd)).toBe(0);
    });
  });

  it("tells of one region that is closed, and goes on with the other", async () => {
    const url = await serve(soundLegacy());
    const account = answerForAccount({ functions: [{ name: "Orders", urls: [{ url }] }] });
    await useAccount((call) =>
      call.region === "me-south-1" ? awsError(403, "UnrecognizedClientException") : account(call),
    );
    await inFolder(async (cwd) => {
      const { code, out, err } = await init(cwd, {
        region: ["eu-west-1", "me-south-1", "eu-west-1"],
      });
      expect(code).toBe(0);
      expect(err).toContain("Or me-south-1 is not enabled for this account.\n");
      expect(out).toContain("eu-west-1: 1 place where");
      expect(await readFile(join(cwd, "vigil.config.ts"), "utf8")).toContain('"eu-central-1"');
    });
  });
});

describe("vigil init that finds nothing to watch", () => {
  const NOTHING = "No server to watch, so nothing is written.";
  const CREDENTIALS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

  it.each<
    [string, { env?: object; answer?: AwsAnswer; flags?: InitFlags; code: number; said: string }]
  >([
    ["in an empty account", { code: 2, said: NOTHING }],
    [
      "without credentials",
      { env: CREDENTIALS, code: 2, said: "vigil: No AWS credentials were found (" },
    ],
    [
      "with a profile that is not there",
      {
        env: { ...CREDENTIALS, AWS_PROFILE: "typo" },
        code: 2,
        said: 'vigil: AWS_PROFILE "typo" gives no credentials (',
      },
    ],
    [
      "without a region",
      { env: { AWS_REGION: undefined }, code: 2, said: "vigil: No AWS region is set." },
    ],
    [
      "in a region that is none",
      {
        flags: { region: ["us-esat-1"] },
        code: 2,
        said: 'vigil: --region "us-esat-1" is no AWS region.',
      },
    ],
    [
      "where everything is denied",
      {
        answer: awsError(403, "AccessDeniedException"),
        code: 4,
        said: "vigil: lambda:ListFunctions is denied in us-east-1",
      },
    ],
    [
      "with credentials that have expired",
      {
        answer: awsError(403, "ExpiredTokenException"),
        code: 4,
        said: "vigil: The AWS credentials have expired. Renew them, for example with aws sso login.\n",
      },
    ],
  ])("%s", async (_, { env = {}, answer, flags = {}, code, said }) => {
    await useAccount(answer === undefined ? {} : () => answer);
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    await inFolder(async (cwd) => {
      const done = await init(cwd, flags);
      expect(done.err).toContain(said);
      expect(done.code).toBe(code);
      expect(await readdir(cwd)).toEqual([]);
    });
  });
});
