import { beforeAll, describe, expect, it } from "vitest";
import { DEMO, DEMO_REGION, FULL, HOME, SECOND, SMALL, THIRD } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

/** `Function ProbeEuWest1Function`: the region that it is made in. */
type Table = Readonly<Record<string, string>>;

const IN_HOME: Table = {
  "Table HistoryTable": HOME,
  "Dashboard Dashboard-overview": HOME,
  "Topic PagesEuWest1": HOME,
  "TopicPolicy PagesPolicyEuWest1": HOME,
  "LogGroup PagerLogEuWest1": HOME,
  "Function PagerEuWest1Function": HOME,
  "BucketObjectv2 PagerEuWest1Code": HOME,
  "FunctionEventInvokeConfig PagerEuWest1EventInvokeConfig": HOME,
  "Schedule PagerTickEuWest1Schedule": HOME,
  "Permission AlarmsMayPage": HOME,
  "LogGroup WidgetLogEuWest1": HOME,
  "Function WidgetEuWest1Function": HOME,
  "BucketObjectv2 WidgetEuWest1Code": HOME,
  "Role WidgetEuWest1Role": "global",
  "Role PagerEuWest1Role": "global",
  "Role PagerTickEuWest1Role": "global",
};

/** Once in each vantage; `*` stands for its word in names, `~` for the region itself. */
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
  "FunctionEventInvokeConfig Replay*EventInvokeConfig",
  "Schedule ReplayTick*Schedule",
  "Topic Monitor*",
  "TopicPolicy MonitorPolicy*",
  "MetricAlarm Alarm-spill-age-~",
];

/** By the addresses of the full config. */
const SUBSCRIPTIONS = ["49ddbc0e", "cc679ade", "d11ca825"].map(
  (hash) => `TopicSubscription MonitorTo*${hash}`,
);

/** Alarms look at metrics, and those are sent home. */
const AT_HOME_FOR_EACH_VANTAGE = [
  "MetricAlarm Alarm-heartbeat-~",
  "MetricAlarm Alarm-unknown-~",
  "MetricAlarm Alarm-orders-~-down",
];

/** IAM has no regions. */
const ROLES = [
  "Role Probe*Role",
  "Role Probe*Shard0Role",
  "Role Replay*Role",
  "Role ReplayTick*Role",
];

const WORDS: Readonly<Record<string, string>> = {
  [HOME]: "EuWest1",
  [SECOND]: "ApSoutheast2",
  [THIRD]: "CaCentral1",
};

const PAGES_TO = ["49ddbc0e", "cc679ade", "d11ca825"].map((hash) => [
  `TopicSubscription PagesToEuWest1${hash}`,
  HOME,
]);

const FULL_ONLY: Table = {
  ...Object.fromEntries(PAGES_TO),
  [`MetricAlarm Alarm-heartbeat-${SECOND}-invocations`]: SECOND,
  "MetricAlarm Alarm-billing-slow": HOME,
  ...Object.fromEntries(
    [HOME, SECOND, THIRD].map((vantage) => [`MetricAlarm Alarm-billing-${vantage}-down`, HOME]),
  ),
};

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

type Config = typeof SMALL | typeof FULL | typeof DEMO;

/** Every resource that may be there; one that is not listed fails. */
function expected(config: Config): Table {
  const isFull = config === FULL;
  const each = [...IN_EACH_VANTAGE, ...(isFull ? SUBSCRIPTIONS : [])];
  const inVantages = config.vantages.flatMap((vantage) => {
    const fill = (name: string) => name.replace("*", WORDS[vantage] ?? "").replace("~", vantage);
    return [
      ...each.map((name) => [fill(name), vantage]),
      ...AT_HOME_FOR_EACH_VANTAGE.map((name) => [fill(name), HOME]),
      ...ROLES.map((name) => [fill(name), "global"]),
    ];
  });
  return {
    ...IN_HOME,
    ...Object.fromEntries(inVantages),
    "MetricAlarm Alarm-orders-slow": HOME,
    ...(isFull ? FULL_ONLY : {}),
    ...(config === DEMO ? OF_DEMO : {}),
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
