import { beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT, type Resource } from "./cloud.ts";
import { FULL, HOME, SECOND, SMALL, THIRD } from "./configs.ts";
import { type Deployment, deploy, known } from "./deploy.ts";

let deployment: Deployment;
beforeAll(async () => {
  deployment = await deploy(FULL);
});

const ofType = (type: string, { resources }: Deployment = deployment): readonly Resource[] =>
  resources.filter((resource) => resource.type === `aws:sns/${type}`);

const arnOf = (name: string, region: string) =>
  `arn:aws:sns:${region}:${ACCOUNT}:vigil-test-${name}`;

const MONITORS = [HOME, SECOND, THIRD].map((region) => arnOf("monitor", region));

describe("topics", () => {
  it("encrypts pages, and leaves alarms a topic that they can publish to", () => {
    const topics = ofType("topic:Topic").map(({ arn, inputs }) => [
      arn,
      inputs.kmsMasterKeyId ?? null,
    ]);
    expect(Object.fromEntries(topics)).toEqual({
      [arnOf("pages", HOME)]: "alias/aws/sns",
      [arnOf("monitor", HOME)]: null,
      [arnOf("monitor", SECOND)]: null,
      [arnOf("monitor", THIRD)]: null,
    });
  });

  it("lets in none without TLS, and this account's alarms alone to monitor", () => {
    const policies = ofType("topicPolicy:TopicPolicy").map(({ inputs }) => [
      inputs.arn,
      JSON.parse(inputs.policy).Statement,
    ]);
    const tlsOnly = (Resource: string) => ({
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    const alarms = (Resource: string) => ({
      Sid: "AlarmsOfThisAccount",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource,
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } },
    });
    const pages = arnOf("pages", HOME);
    expect(Object.fromEntries(policies)).toEqual({
      [pages]: [tlsOnly(pages)],
      ...Object.fromEntries(MONITORS.map((arn) => [arn, [tlsOnly(arn), alarms(arn)]])),
    });
  });

  it("subscribes each address once, to what is published to", () => {
    const subscriptions = ofType("topicSubscription:TopicSubscription").map(
      ({ inputs: { topic, protocol, endpoint } }) => `${topic} ${protocol} ${endpoint}`,
    );
    expect(subscriptions.sort()).toEqual(
      [...MONITORS, arnOf("pages", HOME)]
        .flatMap((arn) => [
          `${arn} email boss@example.com`,
          `${arn} email oncall@example.com`,
          `${arn} https https://events.example.com/vigil`,
        ])
        .sort(),
    );
  });

  it("keeps a subscription when others come before it", async () => {
    const names = (deployed: Deployment) =>
      ofType("topicSubscription:TopicSubscription", deployed)
        .filter(({ inputs }) => inputs.endpoint === "oncall@example.com")
        .map(({ name }) => name);
    const email = ["first@example.com", "oncall@example.com"];
    const before = names(await deploy({ ...SMALL, paging: { email: email.slice(1) } })).sort();
    expect(before).toEqual([
      expect.stringMatching(/^MonitorToEuWest1[0-9a-f]{8}$/),
      expect.stringMatching(/^PagesToEuWest1[0-9a-f]{8}$/),
    ]);
    expect(names(await deploy({ ...SMALL, paging: { email } })).sort()).toEqual(before);
  });

  it("gives a route's addresses the pages that are theirs, each address by one subscription", async () => {
    const [orders] = SMALL.targets;
    const routes = [
      { when: { owner: ["team-orders"], severity: ["critical"] }, email: ["orders@example.com"] },
      { when: { tags: ["payments"] }, email: ["orders@example.com", "boss@example.com"] },
    ];
    const deployed = await deploy({
      ...SMALL,
      targets: [{ ...orders, owner: "team-orders", tags: ["payments"] }],
      paging: { email: ["boss@example.com"], routes },
    });
    const routed = ofType("topicSubscription:TopicSubscription", deployed).filter(({ name }) =>
      name.startsWith("RouteTo"),
    );
    expect(routed.map(({ inputs }) => [inputs.endpoint, inputs.filterPolicyScope])).toEqual([
      ["orders@example.com", "MessageAttributes"],
    ]);
    expect(JSON.parse(routed[0]?.inputs.filterPolicy)).toEqual({
      $or: [{ severity: ["critical"], owner: ["team-orders"] }, { tags: ["payments"] }],
    });
  });

  it("are told by the deployment", async () => {
    expect(await known(deployment.outputs["pages"])).toBe(arnOf("pages", HOME));
    expect(await known(deployment.outputs["monitor"])).toBe(arnOf("monitor", HOME));
  });
});
