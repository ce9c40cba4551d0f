import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { emptyRecord } from "@vigil/core";
import {
  type AwsAnswer,
  type AwsCall,
  awsOk,
  snsError,
  snsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { runAck } from "../src/commands/ack.ts";
import { runMute, runUnmute } from "../src/commands/mute.ts";
import { runPage } from "../src/commands/page.ts";
import { parseMuteFor, parseReason } from "../src/flags.ts";
import { NOW, useHistoryFolder } from "./history-folder.ts";
import { DOWN } from "./records.ts";

const HERE = { data: ".vigil" };
const at = new Date(NOW).toISOString();
const OPEN = {
  ...emptyRecord("orders"),
  revision: 1,
  alert: {
    openedAt: at,
    status: "down",
    modes: ["tools-empty"],
    seenFrom: ["local"],
    heldBy: null,
    pagedAt: at,
    lastPagedAt: at,
    acknowledged: null,
  },
} as const;

const folder = useHistoryFolder([
  {
    records: ["orders", "fine"].map((target) => ({
      ...DOWN,
      kind: "scheduled" as const,
      target,
      scheduledAt: at,
      startedAt: at,
    })),
    also: async (history) => void (await history.putPagerRecord(OPEN)),
  },
]);

beforeAll(() => {
  writeFileSync(
    join(folder.cwd(), "vigil.config.ts"),
    'export default { targets: [{ name: "orders", url: "https://a.example/mcp", tags: ["payments"] }] };',
  );
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.stubEnv("TZ", "UTC");
});

const mute = (scope: string | undefined, flags: object) =>
  folder.call((context) => runMute(scope, { ...HERE, ...flags }, context), {
    env: { USER: "kim" },
  });
const unmute = (id: string) => folder.call((context) => runUnmute(id, HERE, context));
const WHY = { for: 1_800_000, reason: "moving" };

describe("vigil mute", () => {
  const HOW =
    'Write vigil mute orders --for 30m --reason "why", vigil mute tag:payments …, or vigil mute --list.';

  it.each([
    ["no scope", undefined, WHY, `Name the target or tag to mute. ${HOW}`],
    ["no time", "orders", { reason: "x" }, `For how long? ${HOW}`],
    [
      "no reason",
      "orders",
      { for: 60_000 },
      `Say why: whoever looks at it at night reads it. ${HOW}`,
    ],
    ["an empty tag", "tag:", WHY, `tag: names no tag. ${HOW}`],
    ["a scope for the list", "orders", { list: true }, `--list takes no target. ${HOW}`],
    ["an unknown target", "ordres", WHY, 'There is no target "ordres". Known targets: orders.'],
    [
      "an unknown tag",
      "tag:payment",
      WHY,
      'No target of the config has the tag "payment". Its tags: payments.',
    ],
  ] as const)("refuses %s", async (_name, scope, flags, message) => {
    expect(await mute(scope, flags)).toEqual({
      code: 2,
      stdout: "",
      stderr: `vigil: ${message}\n`,
    });
  });

  it.each(["59s", "8d", "soon"])("refuses --for %s", (text) => {
    expect(() => parseMuteFor(text)).toThrow("Write a duration from 1m to 7d, such as 30m or 2h.");
  });

  it.each(["", "  ", "x".repeat(201)])("refuses --reason %j", (text) => {
    expect(() => parseReason(text)).toThrow("Write why, in 1 to 200 characters.");
  });

  it("holds a target's pages, is listed, and is ended once", async () => {
    const { code, stdout } = await mute("orders", WHY);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^Muted orders until 2026-11-22 13:00:00.* \(30 m\), by kim: moving\nIts pages are held until then; who was paged already is told the rest\. vigil unmute [0-9a-f]{8} ends it\.\n$/u,
      ),
    ]);
    const [, id = ""] = /unmute ([0-9a-f]+)/u.exec(stdout) ?? [];
    const listed = await mute(undefined, { list: true });
    expect(listed.stdout).toMatch(new RegExp(`${id} +orders +.* 30 m +kim +moving`, "u"));
    const json = await mute(undefined, { list: true, json: true });
    expect(JSON.parse(json.stdout)).toMatchObject({
      schema: 1,
      id,
      scope: { kind: "target", target: "orders" },
    });
    expect(await unmute(id)).toMatchObject({ code: 0, stderr: "" });
    expect(await unmute(id)).toEqual({
      code: 2,
      stdout: "",
      stderr: `vigil: There is no mute "${id}", or it is over. vigil mute --list has those in force.\n`,
    });
    expect((await mute(undefined, { list: true })).stdout).toBe("Nothing is muted.\n");
  });

  it("takes a tag of the config, and says who", async () => {
    const { stdout } = await mute("tag:payments", { ...WHY, by: "lee", json: true });
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ by: "lee", scope: { kind: "tag", tag: "payments" }, from: at });
    await unmute(made.id);
  });
});

describe("vigil ack", () => {
  const ack = (target: string) =>
    folder.call((context) => runAck(target, { ...HERE, by: "kim" }, context));

  it.each([["nope", 'There is no history of "nope". Known targets: orders.']])(
    "refuses %s",
    async (target, message) => {
      expect(await ack(target)).toEqual({ code: 2, stdout: "", stderr: `vigil: ${message}\n` });
    },
  );

  it("stops the reminders of what is open", async () => {
    expect(await ack("orders")).toEqual({
      code: 0,
      stderr: "",
      stdout:
        "Acknowledged by kim: orders, down since 2026-11-22 12:30:00 +00:00 (tools-empty). No reminders come; its end is still told.\n",
    });
  });
});

const ARN = "arn:aws:sns:eu-west-1:123456789012:vigil-production-pages";
const topics = (...arns: string[]) =>
  `<Topics>${arns.map((arn) => `<member><TopicArn>${arn}</TopicArn></member>`).join("")}</Topics>`;
const subscription = (protocol: string, endpoint: string, arn: string) =>
  `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint><Owner>1</Owner><TopicArn>${ARN}</TopicArn></member>`;
const KIM = subscription("email", "kim@example.com", `${ARN}:1`);
const LEE = subscription("email", "lee@example.com", "PendingConfirmation");
const HOOK = subscription("https", "https://hooks.example.com/a?key=secret", `${ARN}:2`);

const MONITOR = ARN.replace("-pages", "-monitor");
const subscribed = (subscriptions: readonly string[]) =>
  snsOk("ListSubscriptionsByTopic", `<Subscriptions>${subscriptions.join("")}</Subscriptions>`);

/** The topics of alarms on the monitor itself are known by their name. */
async function sns(answers: Readonly<Record<string, AwsAnswer>>, monitor: string[] = [KIM, HOOK]) {
  const endpoint = await startAwsEndpoint(({ operation, body }) => {
    const { TopicArn = "" } = body as { TopicArn?: string };
    const isMonitor = TopicArn.endsWith("-monitor") && operation === "ListSubscriptionsByTopic";
    return (isMonitor ? subscribed(monitor) : answers[operation]) ?? awsOk();
  });
  onTestFinished(() => endpoint.close());
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_SNS: endpoint.url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  })) {
    vi.stubEnv(name, value);
  }
  return endpoint.calls as readonly AwsCall[];
}

const taken = (...subscriptions: string[]) => ({
  ListTopics: snsOk("ListTopics", topics("arn:aws:sns:eu-west-1:1:other", ARN, MONITOR)),
  ListSubscriptionsByTopic: subscribed(subscriptions),
  Publish: snsOk("Publish", "<MessageId>1</MessageId>"),
});

describe("vigil page", () => {
  const STAGE = { stage: "production", region: "eu-west-1" };
  const page = (flags: object) =>
    folder.call((context) => runPage({ ...HERE, by: "kim", ...flags }, context));

  it.each([
    ["without --test", {}, "Write vigil page --test: it sends a test page."],
    [
      "--region alone",
      { test: true, region: "eu-west-1" },
      "--region names where a deployment is at home. Name the deployment too: --stage NAME.",
    ],
    [
      "--webhook with --stage",
      { test: true, ...STAGE, webhook: ["https://a.example"] },
      "--webhook is for this machine. The addresses of --stage are those of its config: paging: { https: [ … ] }.",
    ],
    [
      "a stage that is no name",
      { test: true, stage: "a b" },
      'The stage "a b" is not a name. Use letters, digits and hyphens only, such as production.',
    ],
  ])("refuses %s", async (_name, flags, message) => {
    expect(await page(flags)).toEqual({ code: 2, stdout: "", stderr: `vigil: ${message}\n` });
  });

  it("prints it here, and says who does not take it", async () => {
    const alone = await page({ test: true });
    expect([alone.code, alone.stderr]).toEqual([0, ""]);
    expect(alone.stdout).toContain("OK: test page from Vigil, nothing is wrong\n");
    expect(alone.stdout).toContain("Without --webhook a watch pages in its terminal alone.\n");
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const webhook = [`http://127.0.0.1:${port}/hook?key=secret`];
    const lost = await page({ test: true, webhook });
    expect([lost.code, lost.stderr]).toEqual([
      1,
      `vigil: http://127.0.0.1:${port} did not take it (ECONNREFUSED).\n`,
    ]);
  });

  it("publishes to the stage's topic, and lists who gets it; keys of webhooks stay hidden", async () => {
    const calls = await sns(taken(KIM, HOOK));
    expect(await page({ test: true, ...STAGE })).toEqual({
      code: 0,
      stderr: "",
      stdout:
        "Sent a test page to vigil-production-pages.\n  gets it: email kim@example.com\n  gets it: https https://hooks.example.com\n",
    });
    const sent = calls.find(({ operation }) => operation === "Publish");
    expect(sent?.body).toMatchObject({
      TopicArn: ARN,
      Subject: "OK: test page from Vigil, nothing is wrong",
    });
  });

  it("names those who have not confirmed, exit 3", async () => {
    await sns(taken(KIM, LEE));
    const { code, stdout, stderr } = await page({ test: true, ...STAGE });
    expect(code).toBe(3);
    expect(stdout).toContain("  does NOT get it, has not confirmed: email lee@example.com\n");
    expect(stderr).toBe(
      "vigil: 1 subscription not confirmed. Each must follow the link in the message that AWS has sent, within 48 hours of it.\n",
    );
  });

  it.each<[string, string[], number, string]>([
    ["beside somebody who does", [KIM], 3, ""],
    ["and nobody else does", [], 1, "pages reach nobody. "],
  ])("names those of the config whom AWS has forgotten, %s", async (_name, known, exit, nobody) => {
    const config = "paged.config.ts";
    const paging = `{ email: ["Kim@example.com"], routes: [
      { when: { tags: ["payments"] }, email: ["lee@example.com"] },
      { when: { tags: ["eu"] }, email: ["lee@example.com"] },
    ] }`;
    const targets = '[{ name: "orders", url: "https://a.example/mcp", tags: ["payments", "eu"] }]';
    writeFileSync(
      join(folder.cwd(), config),
      `export default { paging: ${paging}, targets: ${targets} };`,
    );
    await sns(taken(...known));
    const { code, stdout, stderr } = await page({ test: true, ...STAGE, config });
    const forgotten = known.length === 0 ? 2 : 1;
    expect(stdout).toContain("  does NOT get it, is not subscribed: email lee@example.com\n");
    expect(stdout.match(/is not subscribed/g)).toHaveLength(forgotten);
    expect([code, stderr]).toEqual([
      exit,
      `vigil: ${nobody}${forgotten === 1 ? "1 subscription" : "2 subscriptions"} missing that the config asks for. AWS forgets who has not confirmed within 48 hours: run npx sst refresh --stage production, then npx sst deploy --stage production, and have the new link followed.\n`,
    ]);
  });

  it("names those who hear of no alarm on the monitor itself, by vantage, exit 3", async () => {
    const config = "two-vantages.config.ts";
    writeFileSync(
      join(folder.cwd(), config),
      `export default {
        vantages: ["eu-west-1", "us-west-2"],
        paging: { email: ["kim@example.com", "max@example.com"] },
        targets: [{ name: "orders", url: "https://a.example/mcp" }],
      };`,
    );
    const max = KIM.replace("kim", "max");
    const calls = await sns(taken(KIM, max), [KIM, LEE]);
    expect(await page({ test: true, stage: "production", config })).toEqual({
      code: 3,
      stdout: `Sent a test page to vigil-production-pages.
  gets it: email kim@example.com
  gets it: email max@example.com
  does NOT get alarms on Vigil itself, has not confirmed: eu-west-1: email lee@example.com
  does NOT get alarms on Vigil itself, has not confirmed: us-west-2: email lee@example.com
  does NOT get alarms on Vigil itself, is not subscribed: eu-west-1: email max@example.com
  does NOT get alarms on Vigil itself, is not subscribed: us-west-2: email max@example.com
`,
      stderr: `vigil: 2 subscriptions not confirmed. Each must follow the link in the message that AWS has sent, within 48 hours of it.
vigil: 2 subscriptions missing that the config asks for. AWS forgets who has not confirmed within 48 hours: run npx sst refresh --stage production, then npx sst deploy --stage production, and have the new link followed.
`,
    });
    const asked = calls.filter(({ operation }) => operation === "ListSubscriptionsByTopic");
    expect(asked.map(({ region }) => region).sort()).toEqual([
      "eu-west-1",
      "eu-west-1",
      "us-west-2",
    ]);
  });

  it("says when there is no topic for alarms on the monitor itself, exit 3", async () => {
    await sns({ ...taken(KIM), ListTopics: snsOk("ListTopics", topics(ARN)) });
    const { code, stderr } = await page({ test: true, ...STAGE });
    expect([code, stderr]).toEqual([
      3,
      "vigil: who gets alarms on Vigil itself: there is no topic vigil-production-monitor in eu-west-1: deploy it.\n",
    ]);
  });

  it.each([
    [[LEE], "Nobody has confirmed: each must follow the link in the message that AWS has sent."],
    [
      [],
      "Nobody subscribes to it: name somebody in the config, paging: { email: [ … ] }, and deploy.",
    ],
  ])("says that pages reach nobody, exit 1", async (subscriptions, why) => {
    await sns(taken(...subscriptions));
    const { code, stderr } = await page({ test: true, ...STAGE });
    expect([code, stderr]).toEqual([1, `vigil: pages reach nobody. ${why}\n`]);
  });

  it.each([
    [
      "there is no such topic",
      { ListTopics: snsOk("ListTopics", topics()) },
      2,
      "There is no topic vigil-production-pages in eu-west-1. Deploy it with npx sst deploy --stage production, or put --stage or --region right.",
    ],
    [
      "the credentials may not",
      { ListTopics: snsError(403, "AuthorizationError") },
      4,
      "These AWS credentials may not use the topic. Allow sns:ListTopics, sns:ListSubscriptionsByTopic and sns:Publish.",
    ],
    [
      "the credentials have expired",
      { ListTopics: snsError(403, "ExpiredToken") },
      4,
      "The AWS credentials have expired. Renew them, for example with aws sso login.",
    ],
    [
      "the topic refuses",
      { ...taken(KIM), Publish: snsError(400, "InvalidParameter") },
      4,
      "SNS in eu-west-1 did not take the page (InvalidParameterException). Check the credentials and the network, and try again.",
    ],
  ])("tells when %s", async (_name, answers, code, message) => {
    await sns(answers);
    expect(await page({ test: true, ...STAGE })).toEqual({
      code,
      stdout: "",
      stderr: `vigil: ${message}\n`,
    });
  });
});
