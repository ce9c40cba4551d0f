import { DEFAULTS } from "../config/index.ts";
import { LOCAL_VANTAGE } from "../config/regions.ts";
import type { ConfigPath, LimitPath, OwnPath } from "./key-path.ts";
import { type KeyWords, shown } from "./key-words.ts";
import { TARGET_WORDS } from "./words-target.ts";

const LIMITS: Readonly<Record<LimitPath, KeyWords>> = {
  clientTimeoutMs: {
    means: "how long a client waits for one answer",
    fallback: shown(DEFAULTS.clientTimeoutMs),
  },
  runTimeoutMs: {
    means: "how long one attempt may take",
    fallback: shown(DEFAULTS.runTimeoutMs),
  },
  slowMs: { means: "from when on a run is slow", fallback: shown(DEFAULTS.slowMs) },
  maxResponseBytes: {
    means: "how much of one answer is read",
    fallback: shown(DEFAULTS.maxResponseBytes),
  },
  confirm: { means: "how a failure is repeated before it is believed" },
  "confirm.delaysMs": {
    means: "the wait before each repeat; a time-out is repeated at once",
    fallback: shown(DEFAULTS.confirm.delaysMs),
  },
  "confirm.withinMs": {
    means: "time for the first attempt and its repeats",
    fallback: shown(DEFAULTS.confirm.withinMs),
  },
};

const WHOLE: Readonly<Record<Exclude<OwnPath, `targets[].${string}`>, KeyWords>> = {
  vantages: {
    means:
      "where probes run from; the first is home, where history, metrics, alarms and topics are",
    fallback: shown([LOCAL_VANTAGE]),
  },
  profile: {
    means: "which metrics and alarms are paid for: [cost.md](cost.md)",
    fallback: shown(DEFAULTS.profile),
  },
  slo: { means: "the percentage of good runs to be kept", fallback: shown(DEFAULTS.slo) },
  defaults: { means: "limits for all targets: the keys under [Limits](#limits)" },
  paging: { means: "whom to page: [paging.md](paging.md)" },
  demo: { means: "deploys the demo server too" },
  "demo.region": { means: "where to" },
  "demo.fault": { means: "what is broken about it", fallback: "nothing" },
  deployments: { means: "how changes of functions are noticed" },
  "deployments.cloudtrail": {
    means:
      "take word of changes from CloudTrail too, where a trail logs Lambda's management events",
    fallback: shown(false),
  },
  targets: { means: "what to watch" },
  "paging.email": { means: "get every page" },
  "paging.https": { means: "get every page" },
  "paging.routes": { means: "further addresses for some pages" },
  "paging.routes[].when": { means: "which targets; every key that it names must fit" },
  "paging.routes[].when.severity": { means: "any of them" },
  "paging.routes[].when.tags": { means: "any of them" },
  "paging.routes[].when.owner": { means: "any of them" },
  "paging.routes[].email": { means: "get the pages of this route" },
  "paging.routes[].https": { means: "get the pages of this route" },
  "paging.remindEvery": {
    means: "time between reminders until somebody acknowledges",
    fallback: shown(DEFAULTS.remindEvery),
  },
  "paging.degraded": {
    means: "true pages for targets that are only degraded too",
    fallback: shown(false),
  },
  "paging.deadman": { means: "asked for each minute while pages reach somebody" },
};

/** Every key of the config: the compiler misses one that is left out. */
export const KEY_WORDS: Readonly<Record<ConfigPath, KeyWords>> = {
  ...WHOLE,
  ...TARGET_WORDS,
  ...LIMITS,
};
