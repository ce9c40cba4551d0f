import type { VigilConfig } from "../config/index.ts";
import { METRIC_NAMESPACE, type MetricName } from "../metrics/index.ts";
import { shardTargets } from "../shards.ts";
import type { AlarmSpec, MetricSource, ResourceName } from "./alarm-spec.ts";
import { runbookOf } from "./runbooks.ts";

/** A spilled message that is older was tried in vain a few times, and waits for home to be back. */
export const SPILL_AGE_SECONDS = 600;

type Settled = "profile" | "periodSeconds" | "action" | "target";
const OWN: Pick<AlarmSpec, Settled> = {
  profile: "lean",
  periodSeconds: 60,
  action: "monitor",
  target: null,
};

const THREE_OF_THREE = { datapointsToAlarm: 3, evaluationPeriods: 3 };
const FIVE_OF_FIVE = { datapointsToAlarm: 5, evaluationPeriods: 5 };
const SUM = { statistic: "Sum" } as const;

/**
 * What the monitor says of itself. Its metrics are at home, and alarms cannot look across regions:
 * so the second vantage has a heartbeat of its own, by what Lambda counts there, and each vantage
 * an alarm on its own spill queue, which is also how it tells that home does not answer.
 */
export function vantageAlarms(config: VigilConfig): AlarmSpec[] {
  const [home, second] = config.vantages;
  return [
    ...config.vantages.map((vantage) => heartbeat(vantage, { home, config })),
    ...(second === undefined ? [] : [invocations(second, config)]),
    ...config.vantages.map((vantage) => unknown(vantage, home)),
    ...config.vantages.map(spillAge),
  ];
}

function heartbeat(
  vantage: string,
  { home, config }: { readonly home: string; readonly config: VigilConfig },
): AlarmSpec {
  const count = config.targets.length;
  return {
    ...OWN,
    ...THREE_OF_THREE,
    name: `heartbeat-${vantage}`,
    title: `The probe in ${vantage} misses targets`,
    meaning: `For three minutes ${vantage} reported fewer than ${count} probed target(s): nobody watches the others from there.`,
    severity: "critical",
    region: home,
    watch: {
      kind: "math",
      expression: "FILL(probed, 0)",
      sources: [{ id: "probed", ...own("TargetsProbed", vantage) }],
    },
    comparison: "LessThanThreshold",
    threshold: count,
    // FILL leaves gaps open where a metric has no value at all.
    missingData: "breaching",
    vantage,
    runbook: runbookOf("heartbeat"),
    dedupeKey: `vantage/${vantage}/heartbeat`,
  };
}

/** Free metrics of Lambda's own; a probe that fails at once counts as none. */
function invocations(vantage: string, config: VigilConfig): AlarmSpec {
  const shards = shardTargets(config.targets).length;
  const FunctionName: ResourceName = { resource: "probeFunction", vantage };
  const lambda = (id: string, metric: string) => ({
    id,
    namespace: "AWS/Lambda",
    metric,
    dimensions: { FunctionName },
    statistic: SUM,
  });
  return {
    ...OWN,
    ...THREE_OF_THREE,
    name: `heartbeat-${vantage}-invocations`,
    title: `The probe in ${vantage} does not run`,
    meaning: `For three minutes fewer than ${shards} invocation(s) of the probe in ${vantage} went well. Counted there, so that it rings though home is away.`,
    severity: "critical",
    region: vantage,
    watch: {
      kind: "math",
      expression: "FILL(invocations, 0) - FILL(errors, 0)",
      sources: [lambda("invocations", "Invocations"), lambda("errors", "Errors")],
    },
    comparison: "LessThanThreshold",
    threshold: shards,
    missingData: "breaching",
    vantage,
    runbook: runbookOf("heartbeat"),
    dedupeKey: `vantage/${vantage}/heartbeat`,
  };
}

function unknown(vantage: string, home: string): AlarmSpec {
  return {
    ...OWN,
    ...FIVE_OF_FIVE,
    name: `unknown-${vantage}`,
    title: `${vantage} cannot judge some target`,
    meaning: `For five minutes some run in ${vantage} could not judge its target, by the monitor's own or its credentials' fault: that target is not watched.`,
    severity: "warning",
    region: home,
    watch: { kind: "metric", ...own("ProbeUnknown", vantage) },
    comparison: "GreaterThanOrEqualToThreshold",
    threshold: 1,
    missingData: "notBreaching",
    vantage,
    runbook: runbookOf("unknown"),
    dedupeKey: `vantage/${vantage}/unknown`,
  };
}

function spillAge(vantage: string): AlarmSpec {
  return {
    ...OWN,
    datapointsToAlarm: 1,
    evaluationPeriods: 1,
    name: `spill-age-${vantage}`,
    title: `History or metrics do not take what ${vantage} sends`,
    meaning: `What ${vantage} could not write waits in its spill queue for over ten minutes: home's DynamoDB or CloudWatch does not take it, or replay fails.`,
    severity: "warning",
    region: vantage,
    watch: {
      kind: "metric",
      namespace: "AWS/SQS",
      metric: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: { resource: "spillQueue", vantage } },
      statistic: { statistic: "Maximum" },
    },
    comparison: "GreaterThanThreshold",
    threshold: SPILL_AGE_SECONDS,
    missingData: "notBreaching",
    vantage,
    runbook: runbookOf("spill-age"),
    dedupeKey: `vantage/${vantage}/spill`,
  };
}

/** Shards of one minute add up. */
function own(metric: MetricName, vantage: string): MetricSource {
  return {
    namespace: METRIC_NAMESPACE,
    metric,
    dimensions: { Vantage: vantage },
    statistic: SUM,
  };
}
