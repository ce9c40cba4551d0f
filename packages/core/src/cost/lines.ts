import { type AlarmSpec, alarmSpecs } from "../alarms/index.ts";
import type { Target, VigilConfig } from "../config/index.ts";
import { followedShards, isFollowed } from "../gap/index.ts";
import { isPaidFor, METRIC_NAMES, METRICS, type MetricName } from "../metrics/index.ts";
import { shardTargets } from "../shards.ts";
import * as capacity from "./capacity.ts";
import type { PriceName } from "./prices.ts";

/** What the lines of a bill are counted from. */
export interface Scene {
  readonly config: VigilConfig;
  readonly shards: readonly (readonly Target[])[];
  readonly vantages: number;
  readonly alarms: readonly AlarmSpec[];
}

export interface Line {
  readonly title: string;
  readonly price: PriceName;
  /** Whose account pays, where that may be another one. */
  readonly account: "monitor" | "target";
  /** A month's quantity that all targets share, and that of one target, from all vantages. */
  readonly shared?: (scene: Scene) => number;
  readonly own?: (target: Target, scene: Scene) => number;
}

const { GB, MONTH_HOURS, MONTH_RUNS } = capacity;
const PROBE_GB = capacity.PROBE_MEMORY_MB / 1_024;

/** Every line of the bill, in its order. */
export const LINES = {
  metrics: {
    title: "CloudWatch custom metrics",
    price: "customMetric",
    account: "monitor",
    shared: ({ vantages }) => vantages * standingMetrics("Vantage").length,
    own: (target, { config, vantages }) => vantages * targetMetrics(target, config).length,
  },
  metricRequests: {
    title: "CloudWatch PutMetricData",
    price: "putMetricData",
    account: "monitor",
    shared: ({ config, shards, vantages }) =>
      vantages * MONTH_RUNS * sum(shards.map((targets) => metricRequests(targets, config))),
  },
  alarms: {
    title: "CloudWatch alarms",
    price: "alarmMetric",
    account: "monitor",
    shared: ({ alarms }) => watchedMetrics(alarms, null),
    own: ({ name }, { alarms }) => watchedMetrics(alarms, name),
  },
  probeCompute: {
    title: "Lambda probe, compute",
    price: "lambdaCompute",
    account: "monitor",
    shared: (scene) => invocations(scene) * gbSeconds(capacity.RUN_MS + capacity.REPORT_MS),
    own: (_, { vantages }) => vantages * MONTH_RUNS * gbSeconds(capacity.TARGET_CPU_MS),
  },
  probeRequests: {
    title: "Lambda probe, requests",
    price: "lambdaRequest",
    account: "monitor",
    shared: (scene) => invocations(scene),
  },
  replayCompute: {
    title: "Lambda replay, compute",
    price: "lambdaCompute",
    account: "monitor",
    shared: (scene) =>
      (replays(scene) * (capacity.REPLAY_MEMORY_MB / 1_024) * capacity.REPLAY_MS) / 1_000,
  },
  replayRequests: {
    title: "Lambda replay, requests",
    price: "lambdaRequest",
    account: "monitor",
    shared: (scene) => replays(scene),
  },
  correlatorCompute: {
    title: "Lambda correlator, compute",
    price: "lambdaCompute",
    account: "monitor",
    shared: (scene) => correlations(scene) * correlatorGbSeconds(capacity.CORRELATOR_TICK_MS),
    own: (target) =>
      isFollowed(target) ? MONTH_RUNS * correlatorGbSeconds(capacity.CORRELATOR_LOOK_MS) : 0,
  },
  correlatorRequests: {
    title: "Lambda correlator, requests",
    price: "lambdaRequest",
    account: "monitor",
    shared: (scene) => correlations(scene),
  },
  pagerCompute: {
    title: "Lambda pager, compute",
    price: "lambdaCompute",
    account: "monitor",
    shared: (scene) =>
      (sweeps(scene) * (capacity.PAGER_MEMORY_MB / 1_024) * capacity.PAGER_MS) / 1_000,
  },
  pagerRequests: {
    title: "Lambda pager, requests",
    price: "lambdaRequest",
    account: "monitor",
    shared: sweeps,
  },
  widgetCompute: {
    title: "Lambda widget, compute",
    price: "lambdaCompute",
    account: "monitor",
    shared: () =>
      (capacity.WIDGET_VIEWS * (capacity.WIDGET_MEMORY_MB / 1_024) * capacity.WIDGET_MS) / 1_000,
  },
  widgetRequests: {
    title: "Lambda widget, requests",
    price: "lambdaRequest",
    account: "monitor",
    shared: () => capacity.WIDGET_VIEWS,
  },
  ticks: {
    title: "EventBridge Scheduler",
    price: "schedulerTick",
    account: "monitor",
    shared: (scene) => invocations(scene) + replays(scene) + correlations(scene) + sweeps(scene),
  },
  historyWrites: {
    title: "DynamoDB writes",
    price: "dynamoWrite",
    account: "monitor",
    shared: (scene) => correlations(scene) * capacity.CLAIMS_PER_TICK,
    own: (target, { vantages }) =>
      vantages * monthlyWrites() +
      (isFollowed(target) ? MONTH_HOURS * capacity.GAP_WRITES_PER_HOUR : 0),
  },
  historyReads: {
    title: "DynamoDB reads",
    price: "dynamoRead",
    account: "monitor",
    shared: (scene) => {
      const { shards, vantages } = scene;
      const states = sum(shards.map(({ length }) => stateReads(length * vantages)));
      return (
        vantages * MONTH_RUNS * states +
        (invocations(scene) + correlations(scene) + sweeps(scene)) * gapReads(scene) +
        sweeps(scene) +
        fullSweeps() * states +
        capacity.WIDGET_VIEWS * (states + 1)
      );
    },
    own: (target, { vantages }) =>
      fullSweeps() * budgetReads(vantages) + capacity.WIDGET_VIEWS * widgetReads(target, vantages),
  },
  historyStorage: {
    title: "DynamoDB storage",
    price: "dynamoStorage",
    account: "monitor",
    own: (_, { vantages }) => vantages * storedGb(),
  },
  recovery: {
    title: "DynamoDB point-in-time recovery",
    price: "dynamoRecovery",
    account: "monitor",
    own: (_, { vantages }) => vantages * storedGb(),
  },
  logs: {
    title: "CloudWatch Logs, ingestion",
    price: "logIngestion",
    account: "monitor",
    shared: (scene) => sharedLogGb(scene),
    own: (_, { vantages }) => vantages * targetLogGb(),
  },
  logStorage: {
    title: "CloudWatch Logs, 30 days' storage",
    price: "logStorage",
    account: "monitor",
    shared: (scene) => sharedLogGb(scene),
    own: (_, { vantages }) => vantages * targetLogGb(),
  },
  polls: {
    title: "SQS, looks into the spill queue",
    price: "sqsRequest",
    account: "monitor",
    shared: (scene) => replays(scene),
  },
  pages: {
    title: "SNS, pages and alarms",
    price: "snsPublish",
    account: "monitor",
    shared: () => capacity.MESSAGES_PER_MONTH,
  },
  transfer: {
    title: "Data sent to targets",
    price: "transferBetweenRegions",
    account: "monitor",
    own: (_, { vantages }) => (vantages * MONTH_RUNS * capacity.SENT_BYTES) / GB,
  },
  targetRequests: {
    title: "The target's Lambda, requests",
    price: "lambdaRequest",
    account: "target",
    own: (target, { vantages }) => vantages * targetRequests(target),
  },
  targetCompute: {
    title: "The target's Lambda, compute",
    price: "lambdaCompute",
    account: "target",
    own: (target, { vantages }) =>
      (vantages *
        targetRequests(target) *
        (capacity.TARGET_MEMORY_MB / 1_024) *
        capacity.TARGET_REQUEST_MS) /
      1_000,
  },
} as const satisfies Record<string, Line>;

export type LineName = keyof typeof LINES;
export const LINE_NAMES = Object.keys(LINES) as readonly LineName[];

export function sceneOf(config: VigilConfig): Scene {
  return {
    config,
    shards: shardTargets(config.targets),
    vantages: config.vantages.length,
    alarms: alarmSpecs(config),
  };
}

/** Metrics of a kind that are sent all the time; the others cost nothing while all is well. */
function standingMetrics(kind: "Target" | "Vantage"): readonly MetricName[] {
  return METRIC_NAMES.filter((name) => {
    const { dimensions, onlyWhenNotZero } = METRICS[name];
    return !onlyWhenNotZero && dimensions[0] === kind;
  });
}

/** Without a sentinel no tool is called, and nothing is published of it. */
function targetMetrics({ sentinels }: Target, { profile }: VigilConfig): readonly MetricName[] {
  return standingMetrics("Target").filter(
    (name) => isPaidFor(name, profile) && (name !== "ToolCallDuration" || sentinels.length > 0),
  );
}

function metricRequests(targets: readonly Target[], config: VigilConfig): number {
  const own = standingMetrics("Vantage").length;
  const datapoints = own + sum(targets.map((target) => targetMetrics(target, config).length));
  return Math.ceil(datapoints / capacity.DATAPOINTS_PER_REQUEST);
}

/** An alarm on an expression is billed for each metric in it. */
function watchedMetrics(alarms: readonly AlarmSpec[], target: string | null): number {
  const own = alarms.filter((alarm) => alarm.target === target);
  return sum(own.map(({ watch }) => (watch.kind === "metric" ? 1 : watch.sources.length)));
}

function invocations({ shards, vantages }: Scene): number {
  return vantages * shards.length * MONTH_RUNS;
}

/** Ticks of the correlator, which is at home alone. */
function correlations({ config }: Scene): number {
  return followedShards(config.targets).length * MONTH_RUNS;
}

function correlatorGbSeconds(ms: number): number {
  return ((capacity.CORRELATOR_MEMORY_MB / 1_024) * ms) / 1_000;
}

/** Of all gap states at once, by each probe and each correlator; none where no function is followed. */
function gapReads({ config }: Scene): number {
  const bytes = config.targets.filter(isFollowed).length * capacity.GAP_STATE_BYTES;
  return Math.ceil(bytes / capacity.READ_UNIT_BYTES);
}

function replays({ vantages }: Scene): number {
  return (vantages * MONTH_HOURS * 60) / capacity.REPLAY_EVERY_MINUTES;
}

/** Of the pager, by its schedule; more while something is unwell. */
function sweeps({ config }: Scene): number {
  return config.paging.deadman === null ? fullSweeps() : MONTH_RUNS;
}

function fullSweeps(): number {
  return (MONTH_HOURS * 60) / capacity.SWEEP_EVERY_MINUTES;
}

/** Of one target's hours; eventually consistent. */
function budgetReads(vantages: number): number {
  const bytes = vantages * capacity.BUDGET_HOURS * capacity.HOUR_ITEM_BYTES;
  return Math.ceil(bytes / capacity.READ_UNIT_BYTES) / 2;
}

/** Of one target's hours on the widget, and of what its followed function went through. */
function widgetReads(target: Target, vantages: number): number {
  const { WIDGET_TARGET_READS, WIDGET_FOLLOWED_READS } = capacity;
  return WIDGET_TARGET_READS * vantages + (isFollowed(target) ? WIDGET_FOLLOWED_READS : 0);
}

function gbSeconds(ms: number): number {
  return (PROBE_GB * ms) / 1_000;
}

function monthlyWrites(): number {
  const { RUN_WRITES, SLOWEST_PER_HOUR, STATE_WRITES_PER_HOUR } = capacity;
  return MONTH_RUNS * RUN_WRITES + MONTH_HOURS * (SLOWEST_PER_HOUR + STATE_WRITES_PER_HOUR);
}

function stateReads(states: number): number {
  return Math.ceil((states * capacity.STATE_ITEM_BYTES) / capacity.READ_UNIT_BYTES);
}

/** Once the first items expire, which is when it no longer grows. */
function storedGb(): number {
  const { RUN_ITEM_BYTES, HOUR_ITEM_BYTES, ITEM_OVERHEAD_BYTES } = capacity;
  const runs = MONTH_RUNS * capacity.RUN_MONTHS * (RUN_ITEM_BYTES + ITEM_OVERHEAD_BYTES);
  const hours = MONTH_HOURS * capacity.HOUR_MONTHS * (HOUR_ITEM_BYTES + ITEM_OVERHEAD_BYTES);
  return (runs + hours) / GB;
}

function sharedLogGb(scene: Scene): number {
  const each = capacity.DONE_LOG_BYTES + capacity.PLATFORM_LOG_BYTES;
  return (
    ((invocations(scene) + replays(scene) + correlations(scene)) * each +
      (sweeps(scene) + capacity.WIDGET_VIEWS) * capacity.PLATFORM_LOG_BYTES) /
    GB
  );
}

function targetLogGb(): number {
  return (MONTH_RUNS * capacity.RUN_LOG_BYTES) / GB;
}

/** In a month, from one vantage. */
function targetRequests({ era, sentinels, stream, concurrency, expect }: Target): number {
  const legs = era === "both" ? 2 : 1;
  const further = [
    stream === null ? 0 : perMonth(stream.everyMs),
    concurrency === null ? 0 : concurrency.clients * perMonth(concurrency.everyMs),
    expect.cors === null ? 0 : 2 * perMonth(expect.cors.everyMs),
  ];
  return MONTH_RUNS * legs * (capacity.TARGET_REQUESTS + sentinels.length) + sum(further);
}

function perMonth(everyMs: number): number {
  return (MONTH_HOURS * 3_600_000) / everyMs;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
