import { inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import { bearer, headers, oauthClientCredentials, secret, sigv4 } from "@vigil/core";
import {
  ECHOES,
  type Echo,
  echoed,
  json,
  leaks,
  type RunningServer,
  type Script,
  secretsOf,
  soundIssuer,
  soundLegacy,
  startServer,
  TOKEN_ECHOES,
  text,
  UNUSABLE_TOKEN,
} from "@vigil/testkit";
import type { AwsAnswer, AwsCall } from "@vigil/testkit/aws-endpoint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Deployed, deploy } from "./deployed.ts";

/** What the stores hold, with what escapes differ about. */
const STORED = {
  "/vigil/token": "b3arer/t0ken+4711==&x",
  "vigil/key": 'k3y "with" <odd> s1gns/47%11',
  "/vigil/client": "cl13nt/s3cret+47&11=",
};
/** What a store tells when it refuses. */
const REFUSED = "r3fused/s3cret+4711==&y";
const ACCESS_TOKEN = "acc3ss-t0ken/47+11~";
const AWS = {
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjEXAMPLE//////wEaCXVzLWVhc3QtMSJHMEUCIQD+4711==",
};

const CLIENT = {
  clientId: "vigil",
  clientSecret: STORED["/vigil/client"],
  token: () => ACCESS_TOKEN,
};
const oauth = (issuer: string) =>
  oauthClientCredentials({
    issuer,
    clientId: "vigil",
    clientSecret: secret("ssm:/vigil/client"),
  });

const KINDS = {
  bearer: () => bearer(secret("ssm:/vigil/token")),
  headers: () => headers({ "X-Api-Key": secret("secretsmanager:vigil/key") }),
  sigv4: () => sigv4({ service: "lambda", region: "eu-north-1" }),
  oauth,
} as const;

const SOUND = soundLegacy();

/** Further places that only the deployed probe keeps: the tools that a target lists. */
const FURTHER: Readonly<Record<string, Echo>> = {
  "a tool's schema": (request) => {
    if (request.rpc?.method !== "tools/list") return SOUND(request);
    const description = echoed(request);
    const inputSchema = { type: "object", description, properties: { [description]: {} } };
    const tools = [{ name: "lookup", description, inputSchema }];
    return json({ jsonrpc: "2.0", id: request.rpc.id, result: { tools } });
  },
};

const servers: RunningServer[] = [];
/** What requests carried, besides what the stores hold. */
const planted = new Set<string>([...Object.values(STORED), ...Object.values(AWS)]);
const outputs: Record<string, string> = {};
const names: string[] = [];
let deployed: Deployed;

async function start(script: Script): Promise<string> {
  const server = await startServer(script);
  servers.push(server);
  return server.url;
}

const origin = (url: string) => new URL(url).origin;

/** Every kind of credentials against every echo, and every authorization server that echoes. */
async function targets(): Promise<readonly object[]> {
  const echoes = Object.entries({ ...ECHOES, ...FURTHER });
  const issuer = origin(await start(soundIssuer(CLIENT)));
  const made: object[] = [];
  for (const [kind, auth] of Object.entries(KINDS)) {
    for (const [n, [, echo]] of echoes.entries()) {
      const url = await start((request) => {
        for (const value of secretsOf(request)) planted.add(value);
        return echo(request) ?? text("");
      });
      made.push(targetOf(`${kind}-${n}`, url, auth(issuer)));
    }
  }
  const sound = soundIssuer(CLIENT);
  for (const [n, [, echo]] of Object.entries(TOKEN_ECHOES).entries()) {
    const echoing = await start((request) =>
      request.httpMethod === "GET" ? sound(request) : echo(request),
    );
    made.push(targetOf(`issuer-${n}`, await start(soundLegacy()), oauth(origin(echoing))));
  }
  const broken = bearer(secret("ssm:/vigil/broken"));
  made.push(targetOf("broken", await start(soundLegacy()), broken));
  return made;
}

function targetOf(name: string, url: string, auth: object): object {
  names.push(name);
  return {
    name,
    url,
    era: "legacy",
    auth,
    confirm: { delaysMs: [1], withinMs: 20_000 },
    sentinels: [{ tool: "lookup", arguments: { key: "health" } }],
  };
}

/** The secret stores; one parameter's refusal tells more than it should. */
function answer({ service, body }: AwsCall): AwsAnswer | null {
  const { Name = "", SecretId = "" } = (body ?? {}) as { Name?: string; SecretId?: string };
  const value: string | undefined = STORED[(Name || SecretId) as keyof typeof STORED];
  if (service === "secretsmanager") {
    return { kind: "json", status: 200, body: { SecretString: value } };
  }
  if (service !== "ssm") return null;
  if (value !== undefined)
    return { kind: "json", status: 200, body: { Parameter: { Value: value } } };
  const refusal = { __type: "AccessDeniedException", message: `${REFUSED} ${value}` };
  return { kind: "json", status: 400, body: refusal };
}

/** Items as text, what they hold packed too. */
function readable(items: readonly Readonly<Record<string, unknown>>[]): string {
  const unpacked = items.flatMap((item) =>
    Object.values(item).flatMap((value) =>
      typeof value === "object" && value !== null && "B" in value
        ? [gunzipSync(value.B as Uint8Array).toString("utf8")]
        : [],
    ),
  );
  return JSON.stringify(items) + unpacked.join("\n");
}

const bodies = (service: string) =>
  deployed.calls.filter((call) => call.service === service).map(({ body }) => body);

async function thrown(doing: Promise<unknown>): Promise<string> {
  try {
    await doing;
    return "";
  } catch (error) {
    // The platform logs all of it.
    return `${inspect(error, { depth: 10 })} ${JSON.stringify(error)}`;
  }
}

beforeAll(async () => {
  deployed = await deploy({ targets: await targets(), env: AWS, answer });
  const minute = (n: number) => new Date(Date.now() + n * 60_000).toISOString();
  await deployed.invoke({ shard: 0, scheduledAt: minute(0) });
  deployed.historyIsAway(true);
  await deployed.invoke({ shard: 0, scheduledAt: minute(1) });
  deployed.historyIsAway(false);
  const untilMs = Date.now() + 500;
  await deployed.invoke({ targets: names.slice(0, 60), everyMs: 1_000, untilMs });
  const spilled = bodies("sqs") as { MessageBody: string }[];
  for (const { MessageBody } of spilled) await deployed.replay(MessageBody);
  outputs["error"] =
    (await thrown(deployed.invoke({ shard: 99, scheduledAt: minute(2) }))) +
    (await thrown(deployed.invoke({ targets: ["nobody"], everyMs: 1_000, untilMs })));
  outputs["log"] = deployed.logged();
  outputs["items"] = readable(await deployed.items());
  for (const [name, service] of [
    ["metrics", "monitoring"],
    ["messages", "sqs"],
    ["pages", "lambda"],
  ] as const) {
    outputs[name] = JSON.stringify(bodies(service));
  }
}, 240_000);
afterAll(async () => {
  await deployed.close();
  await Promise.all(servers.map((server) => server.close()));
});

describe("the deployed probe, its secrets known to every server", () => {
  it("has met them all: servers were sent every secret, and said them again", () => {
    const secrets = Object.values(STORED).filter((value) => value !== STORED["/vigil/client"]);
    expect([...planted]).toEqual(expect.arrayContaining([...secrets, ACCESS_TOKEN]));
    expect(outputs["log"]?.split("[redacted]").length).toBeGreaterThan(100);
    expect(outputs["items"]?.includes('"inputSchema":{"description":"[redacted]')).toBe(true);
  });

  it.each(["error", "log", "items", "metrics", "messages", "pages"])(
    "tells none of them in its %s",
    (name) => {
      const output = outputs[name] ?? "";
      expect(output.length).toBeGreaterThan(100);
      const secrets = [
        ...planted,
        UNUSABLE_TOKEN,
        REFUSED,
        btoa(`vigil:${STORED["/vigil/client"]}`),
      ];
      expect(leaks({ [name]: output }, secrets)).toEqual([]);
    },
  );
});
