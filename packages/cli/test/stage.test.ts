import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createHistory, ensureTable, type History } from "@vigil/aws";
import type { RunRecord, ToolBaseline } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsEndpoint,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runBaselineAccept, runBaselineShow } from "../src/commands/baseline.ts";
import { runHistory } from "../src/commands/history.ts";
import { runIncidents } from "../src/commands/incidents.ts";
import { runSlo } from "../src/commands/slo.ts";
import { useDeployedTable } from "./deployed-table.ts";
import { type Command, NOW, type Past, useHistoryFolder } from "./history-folder.ts";
import { DOWN, UP } from "./records.ts";

const TABLE = "vigil-production-history";
const MINUTE = 60_000;
const DEPLOYED = { data: ".vigil", stage: "production", region: "eu-west-1" };
const LOCAL = { data: ".vigil" };

function ago(minutes: number, record: RunRecord, changes: Partial<RunRecord> = {}): RunRecord {
  const scheduledAt = new Date(NOW - minutes * MINUTE).toISOString();
  return { ...record, kind: "scheduled", scheduledAt, startedAt: scheduledAt, ...changes };
}

const lists = (hash: string, name: string) => ({
  legacy: { toolsHash: hash, toolCount: 1, tools: [{ name, inputSchema: { type: "object" } }] },
});

/** One a shard, as the stack would have them. */
const SHARDS: readonly Past[] = [
  {
    records: Array.from({ length: 90 }, (_, n) => ago(90 - n, n % 40 > 36 ? DOWN : UP)),
    async also(history) {
      const at = new Date(NOW - MINUTE).toISOString();
      const baseline: ToolBaseline = {
        at,
        acceptedAt: at,
        acceptedBy: "first-good-run",
        previousAcceptedAt: null,
        lists: lists("sha256:aa", "query"),
      };
      await history.putBaseline({ target: "orders", baseline, when: "absent" });
      await history.putTools("orders", { at, lists: lists("sha256:bb", "ask") });
    },
  },
  { records: Array.from({ length: 30 }, (_, n) => ago(30 - n, UP, { target: "fine" })) },
];

const folder = useHistoryFolder(SHARDS);
const deployed = useDeployedTable(TABLE, SHARDS);

beforeEach(() => deployed.stubAccount());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.stubEnv("TZ", "UTC");
});

type Flags = typeof LOCAL | typeof DEPLOYED;
const QUESTIONS: Readonly<Record<string, (flags: Flags) => Command>> = {
  "history, run by run": (flags) => (context) => runHistory("orders", flags, context),
  "history as JSON": (flags) => (context) =>
    runHistory("orders", { ...flags, json: true }, context),
  "history by hour": (flags) => (context) =>
    runHistory("orders", { ...flags, by: "hour" }, context),
  "history by day as JSON": (flags) => (context) =>
    runHistory("orders", { ...flags, by: "day", json: true }, context),
  "slo of all": (flags) => (context) => runSlo("all", flags, context),
  "slo as JSON": (flags) => (context) => runSlo("all", { ...flags, json: true }, context),
  incidents: (flags) => (context) => runIncidents("orders", flags, context),
  "incidents as JSON": (flags) => (context) =>
    runIncidents("orders", { ...flags, json: true }, context),
  baseline: (flags) => (context) => runBaselineShow("orders", flags, context),
  "baseline as JSON": (flags) => (context) =>
    runBaselineShow("orders", { ...flags, json: true }, context),
};

describe("a deployment's history", () => {
  it.each(Object.entries(QUESTIONS))("reads as a folder's: %s", async (_, ask) => {
    const here = await folder.call(ask(LOCAL));
    const there = await folder.call(ask(DEPLOYED));
    expect(here).toMatchObject({ code: 0, stderr: "" });
    expect(here.stdout.length).toBeGreaterThan(50);
    expect(there).toEqual(here);
  });

  it("is at home where the config's first vantage is", async () => {
    const endpoint = await startAwsEndpoint(() => awsError(400, "ResourceNotFoundException"));
    await deployed.stubAccount(endpoint.url);
    writeFileSync(
      join(folder.cwd(), "home.config.ts"),
      'export default { vantages: ["ap-southeast-2", "eu-west-1"], targets: [{ name: "orders", url: "https://a.example/mcp" }] };',
    );
    const asked = { data: ".vigil", stage: "production", config: "home.config.ts" };
    const { stderr } = await folder.call((context) => runHistory("orders", asked, context));
    await endpoint.close();
    expect(new Set(endpoint.calls.map(({ region }) => region))).toEqual(
      new Set(["ap-southeast-2"]),
    );
    expect(stderr).toContain("There is no table vigil-production-history in ap-southeast-2.");
  });

  it("knows the targets of every shard", async () => {
    const asked = await folder.call((context) => runHistory("none", DEPLOYED, context));
    expect(asked).toEqual({
      code: 2,
      stdout: "",
      stderr: 'vigil: There is no history of "none". Known targets: fine, orders.\n',
    });
  });

  it("says that a new deployment has none yet", async () => {
    await ensureTable(deployed.client(), "vigil-new-history");
    const flags = { ...DEPLOYED, stage: "new" };
    expect(await folder.call((context) => runSlo("orders", flags, context))).toEqual({
      code: 2,
      stdout: "",
      stderr:
        'vigil: There is no history of "orders". The deployment new has recorded no run yet: its first ones come within two minutes.\n',
    });
  });

  it("takes accepted tools, which its probes read", async () => {
    const accepted = await folder.call((context) => runBaselineAccept("orders", DEPLOYED, context));
    expect(accepted).toMatchObject({ code: 0, stderr: "" });
    expect(accepted.stdout).toMatch(
      /Accepted: orders with 1 tool\. Within 15 minutes, or with the next change of its tools, it is held against these\.\n$/u,
    );
    const probes: History = createHistory({
      client: deployed.client(),
      tableName: TABLE,
      clock: createFakeClock(NOW),
    });
    expect(await probes.getBaseline("orders")).toMatchObject({
      acceptedBy: "operator",
      lists: { legacy: { toolsHash: "sha256:bb" } },
    });
  });
});

const aws = (type: string, message: string): AwsAnswer => ({
  kind: "json",
  status: 400,
  body: { __type: `com.amazon.coral.service#${type}`, message },
});
const ARN = `arn:aws:dynamodb:eu-west-1:123456789012:table/${TABLE}`;

/** What AWS answers: the exit code, and what is said. */
const REFUSALS: readonly (readonly [string, AwsAnswer, number, string])[] = [
  [
    "no such table",
    aws("ResourceNotFoundException", "Requested resource not found"),
    2,
    "There is no table vigil-production-history in eu-west-1. Deploy it with npx sst deploy --stage production, or put --stage or --region right.",
  ],
  [
    "access denied",
    aws(
      "AccessDeniedException",
      `User: arn:aws:sts::123456789012:assumed-role/reader/me is not authorized to perform: dynamodb:Query on resource: ${ARN} because no identity-based policy allows the dynamodb:Query action`,
    ),
    4,
    "These AWS credentials may not use vigil-production-history in eu-west-1: dynamodb:Query is denied. docs/history.md lists what each command needs.",
  ],
  [
    "expired credentials",
    aws("ExpiredTokenException", "The security token included in the request is expired"),
    4,
    "The AWS credentials have expired. Renew them, for example with aws sso login.",
  ],
  [
    "unknown credentials",
    aws("UnrecognizedClientException", "The security token included in the request is invalid."),
    4,
    "AWS does not take these credentials (UnrecognizedClientException: The security token included in the request is invalid). Check AWS_PROFILE, the keys, and this machine's clock.",
  ],
  [
    "throttling",
    aws("ProvisionedThroughputExceededException", "slow down"),
    4,
    "Could not read the history: ProvisionedThroughputExceededException: DynamoDB in eu-west-1 cannot be reached, or does not keep up. Check the network, and try again.",
  ],
  [
    "a broken connection",
    { kind: "reset" },
    4,
    "Could not read the history: TimeoutError: DynamoDB in eu-west-1 cannot be reached, or does not keep up. Check the network, and try again.",
  ],
  [
    "silence",
    { kind: "silence" },
    4,
    "Could not read the history: TimeoutError: DynamoDB in eu-west-1 cannot be reached, or does not keep up. Check the network, and try again.",
  ],
];

describe("a deployment that cannot be asked", () => {
  let endpoint: AwsEndpoint;
  afterEach(() => endpoint?.close());

  it.each(REFUSALS)(
    "tells of %s",
    async (_, answer, code, said) => {
      endpoint = await startAwsEndpoint(() => answer);
      await deployed.stubAccount(endpoint.url);
      const asked = await folder.call((context) => runHistory("orders", DEPLOYED, context));
      expect(asked).toEqual({ code, stdout: "", stderr: `vigil: ${said}\n` });
    },
    40_000,
  );

  it.each([
    [
      "AccessDenied",
      "User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader",
      "AWS gives these credentials no role (AccessDenied: User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/reader). Check AWS_PROFILE and the role's trust policy.",
    ],
    [
      "ExpiredToken",
      "The security token included in the request is expired",
      "The AWS credentials have expired. Renew them, for example with aws sso login.",
    ],
    [
      "InvalidClientTokenId",
      "The security token included in the request is invalid.",
      "AWS does not take these credentials (InvalidClientTokenId: The security token included in the request is invalid). Check AWS_PROFILE, the keys, and this machine's clock.",
    ],
  ])("tells that the profile's role is refused: %s", async (code, message, said) => {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    const sts = createServer((_, response) => {
      response.writeHead(403, { "content-type": "text/xml" });
      response.end(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
    });
    await once(sts.listen(0, "127.0.0.1"), "listening");
    const file = join(folder.cwd(), "aws-config");
    writeFileSync(
      file,
      `[profile base]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = secret
[profile ops]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = base
region = eu-west-1
`,
    );
    const { port } = sts.address() as AddressInfo;
    vi.stubEnv("AWS_ENDPOINT_URL_STS", `http://127.0.0.1:${port}`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", file);
    vi.stubEnv("AWS_PROFILE", "ops");
    const asked = await folder.call((context) => runHistory("orders", DEPLOYED, context));
    sts.close();
    expect(asked).toEqual({ code: 4, stdout: "", stderr: `vigil: ${said}\n` });
  });

  it("tells that nobody listens", async () => {
    await deployed.stubAccount("http://127.0.0.1:1");
    const asked = await folder.call((context) => runHistory("orders", DEPLOYED, context));
    expect(asked).toEqual({
      code: 4,
      stdout: "",
      stderr:
        "vigil: Could not read the history: ECONNREFUSED: DynamoDB in eu-west-1 cannot be reached, or does not keep up. Check the network, and try again.\n",
    });
  });

  it("tells that there are no credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    const asked = await folder.call((context) => runSlo("all", DEPLOYED, context));
    expect(asked).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "vigil: No AWS credentials were found (Could not load credentials from any providers). Sign in with aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.\n",
    });
  });

  it.each([
    [
      { stage: "my stage" },
      'The stage "my stage" is not a name. Use letters, digits and hyphens only, such as production.',
    ],
    [
      { stage: "production", region: "europe" },
      '--region "europe" is no AWS region. Write one such as eu-west-1.',
    ],
    [
      { stage: "production" },
      "The home region of production is not known: there is no config here. Name it with --region, or the config with --config.",
    ],
    [
      { region: "eu-west-1" },
      "--region names where a deployment is at home. Name the deployment too: --stage NAME.",
    ],
  ])("refuses %j", async (flags, said) => {
    const asked = await folder.call((context) =>
      runIncidents("orders", { data: ".vigil", ...flags }, context),
    );
    expect(asked).toEqual({ code: 2, stdout: "", stderr: `vigil: ${said}\n` });
  });
});
