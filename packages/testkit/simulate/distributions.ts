import type { Random } from "./random.ts";

/** How long something takes that no code of ours decides, in milliseconds. */
export interface Distribution {
  readonly about: string;
  readonly source: string;
  readonly sample: (random: Random) => number;
}

const MINUTE_MS = 60_000;
/** Where nobody publishes a figure, ours is on the slow side of what is reported. */
const ASSUMED = "assumed";

/** Every distribution of the simulation, with where it comes from. */
export const DISTRIBUTIONS = {
  withinMinute: {
    about: "EventBridge Scheduler, independent: anywhere in the minute, each minute anew",
    source:
      "EventBridge Scheduler User Guide: 60-second precision. That minutes are independent of each other is the worst that this allows",
    sample: (random) => random.uniform(0, MINUTE_MS),
  },
  phase: {
    about: "EventBridge Scheduler, steady: a schedule's own second, drawn once",
    source:
      "trek10.com/blog/lambdaclock, 4,700 events: some rules were always within 10 s, others regularly beyond 40 s, nearly all below 60 s",
    sample: (random) => random.uniform(0, 55_000),
  },
  wander: {
    about: "EventBridge Scheduler, steady: from that second on",
    source: ASSUMED,
    sample: (random) => random.uniform(0, 4_000),
  },
  asyncDelay: {
    about: "Lambda's queue of asynchronous events",
    source: "github.com/lukehoban/lambdaperf: 125 ms and more from event to handler; tail assumed",
    sample: (random) => random.skewed(125, 600),
  },
  pagerStart: {
    about: "the pager's start, nearly always a cold one",
    source: "the built probe's start in docs/performance.md, and Lambda's own share, assumed",
    sample: (random) => random.skewed(600, 1_500),
  },
  answer: {
    about: "a whole attempt on a healthy target",
    source: "packages/core/src/cost/capacity.ts: 400 ms; tail assumed",
    sample: (random) => random.skewed(400, 1_500),
  },
  fastFailure: {
    about: "an attempt that is refused or answered by an error",
    source: ASSUMED,
    sample: (random) => random.skewed(120, 500),
  },
  coldStart: {
    about: "an attempt that meets a cold environment in a gap",
    source: "reports of 5 s budgets and more exceeded; share of 30 % assumed",
    sample: (random) => random.uniform(3_000, 14_000),
  },
  tableCall: {
    about: "a read or write of DynamoDB",
    source: "single-digit milliseconds, as AWS says, and a round trip; tail assumed",
    sample: (random) => random.skewed(12, 50),
  },
  metricDelay: {
    about: "from the probe's end to a metric that alarms can see",
    source: "re:Post, QUGIWUPlEYQWaCBm9x2WfnWA: a few seconds; tail assumed",
    sample: (random) => random.skewed(3_000, 15_000),
  },
  alarmPhase: {
    about: "an alarm's own second of each minute in which it is evaluated",
    source: "CloudWatch User Guide: periods of a minute and more are evaluated once a minute",
    sample: (random) => random.uniform(0, MINUTE_MS),
  },
  alarmAction: {
    about: "from an alarm's change to its Lambda action",
    source: ASSUMED,
    sample: (random) => random.skewed(500, 2_000),
  },
  snsDelivery: {
    about: "from SNS's publication to an https endpoint or an e-mail's server",
    source: "assumed; AWS promises none",
    sample: (random) => random.skewed(200, 1_500),
  },
  controlCall: {
    about: "a call of Lambda's control plane, from another region",
    source: ASSUMED,
    sample: (random) => random.skewed(120, 400),
  },
  allocation: {
    about: "an allocation of provisioned concurrency",
    source: "AWS: after a minute or two; tests of it wait about 130 s",
    sample: (random) => random.uniform(70_000, 240_000),
  },
  hintDelay: {
    about: "CloudTrail's word of a change, for half of them",
    source: "seen 15 s to 15 min late, best effort",
    sample: (random) => random.uniform(15_000, 15 * MINUTE_MS),
  },
} as const satisfies Record<string, Distribution>;

type Timing = keyof typeof DISTRIBUTIONS;

export function sample(timing: Timing, random: Random): number {
  return DISTRIBUTIONS[timing].sample(random);
}
