import { beforeAll, describe, expect, it } from "vitest";
import { DEMO, DEMO_REGION, FULL, HOME, SECOND, SMALL, THIRD } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

/** `Function ProbeEuWest1Function`: the region that it is made in. */
type Table = Readonly<Record<string, string>>;

const IN_HOME: Table = {
  "Table HistoryTable": HOME,
  "Topic PagesEuWest1": HOME,
  "TopicPolicy PagesPolicyEuWest1": HOME,
};

/** An outage of home is told from the second vantage. */
const IN_HOME_AND_SECOND = ["Topic Monitor*", "TopicPolicy MonitorPolicy*"];
/** By the addresses of the full config. */
const SUBSCRIPTIONS = ["49ddbc0e", "cc679ade", "d11ca825"].map(
  (hash) => `TopicSubscription MonitorTo*${hash}`,
);

/** Once in each vantage; `*` stands for its name. */
const IN_EACH_VANTAGE = [
  "Queue SpillDead*",
  "QueuePolicy SpillDeadPolicy*",
  "Queue Spill*",
  "QueuePolicy SpillPolicy*",
  "LogGroup ProbeLog*",
  "Function Probe*Function",
  "BucketObjectv2 Probe*Code",
  "FunctionEventInvokeConfig Probe*EventInvokeConfig",
  "Schedule Probe*Shard0Schedule",
  "LogGroup ReplayLog*",
  "Function Replay*Function",
  "BucketObjectv2 Replay*Code",
  "EventSourceMapping ReplaySource*",
];

/** IAM has no regions. */
const ROLES = ["Role Probe*Role", "Role Probe*Shard0Role", "Role Replay*Role"];

const VANTAGES = { [HOME]: "EuWest1", [SECOND]: "ApSoutheast2", [THIRD]: "CaCentral1" };

/** Where it is asked for. */
const OF_DEMO: Table = {
  "Alias DemoAlias": DEMO_REGION,
  "BucketObjectv2 DemoUsEast1Code": DEMO_REGION,
  "Function DemoUsEast1Function": DEMO_REGION,
  "FunctionUrl DemoUrl": DEMO_REGION,
  "LogGroup DemoLogUsEast1": DEMO_REGION,
  "Permission DemoMayInvoke": DEMO_REGION,
  "Permission DemoMayInvokeUrl": DEMO_REGION,
  "ProvisionedConcurrencyConfig DemoProvisioned": DEMO_REGION,
  "Role DemoUsEast1Role": "global",
  "Table DemoSessionsTable": DEMO_REGION,
};

/** Every resource that may be there; one that is not listed fails. */
function expected({ vantages, ...config }: { readonly vantages: readonly string[] }): Table {
  const subscriptions = "paging" in config ? SUBSCRIPTIONS : [];
  const each = Object.entries(VANTAGES)
    .filter(([vantage]) => vantages.includes(vantage))
    .flatMap(([vantage, word], index) => [
      ...[...IN_EACH_VANTAGE, ...(index < 2 ? [...IN_HOME_AND_SECOND, ...subscriptions] : [])].map(
        (name) => [name.replace("*", word), vantage],
      ),
      ...ROLES.map((name) => [name.replace("*", word), "global"]),
    ]);
  return {
    ...IN_HOME,
    ...Object.fromEntries(each),
    ...("demo" in config ? OF_DEMO : {}),
  };
}

function made({ resources }: Deployment): Table {
  const rows = resources.map(({ type, name, region }) => [
    `${type.split(":").at(-1)} ${name}`,
    region,
  ]);
  expect(new Set(rows.map(([name]) => name)).size).toBe(rows.length);
  return Object.fromEntries(rows);
}

describe.each([
  ["one vantage", SMALL],
  ["three vantages", FULL],
  ["the demo server in a region of its own", DEMO],
])("%s", (_, config) => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy(config);
  });

  it("makes each resource in its region, and none in the default one", () => {
    expect(made(deployment)).toEqual(expected(config));
  });
});
