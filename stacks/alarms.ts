import {
  type AlarmSpec,
  type AlarmStatistic,
  alarmDescription,
  alarmSpecs,
  type MetricSource,
  type ResourceName,
  type VigilConfig,
} from "@vigil/core";
import { physicalName, type Regions } from "./regions.ts";
import type { Storage } from "./storage.ts";
import type { Topics } from "./topics.ts";

interface AlarmOptions {
  readonly config: VigilConfig;
  readonly regions: Regions;
  readonly storage: Storage;
  /** By vantage. */
  readonly probes: ReadonlyMap<string, sst.aws.Function>;
  readonly topics: Topics;
  readonly pager: sst.aws.Function;
}

/** ARNs by the names that core has for the alarms. */
export type Alarms = Readonly<Record<string, $util.Output<string>>>;

/** Every alarm of core's, in the region of what it watches. */
export function raiseAlarms(options: AlarmOptions): Alarms {
  const raised = alarmSpecs(options.config).map((spec) => [spec.name, raise(spec, options).arn]);
  return Object.fromEntries(raised);
}

function raise(spec: AlarmSpec, options: AlarmOptions): aws.cloudwatch.MetricAlarm {
  const region = the(
    options.regions.vantages.find(({ name }) => name === spec.region),
    spec,
  );
  const { alarmActions, okActions } = actionsOf(spec, options);
  return new aws.cloudwatch.MetricAlarm(
    `Alarm-${spec.name}`,
    {
      name: physicalName(spec.name),
      alarmDescription: alarmDescription(spec),
      comparisonOperator: spec.comparison,
      threshold: spec.threshold,
      datapointsToAlarm: spec.datapointsToAlarm,
      evaluationPeriods: spec.evaluationPeriods,
      treatMissingData: spec.missingData,
      alarmActions,
      okActions,
      ...watched(spec, options),
    },
    { provider: region.provider },
  );
}

/**
 * That a target is down is the pager's, which finds out by itself when that is over; all else goes to
 * the topic of plain alarms, in the alarm's own region.
 */
function actionsOf(spec: AlarmSpec, { topics, pager }: AlarmOptions) {
  switch (spec.action) {
    case "pager":
      return { alarmActions: [pager.arn], okActions: [] };
    case "monitor": {
      const { arn } = the(topics.monitors.get(spec.region), spec);
      return { alarmActions: [arn], okActions: [arn] };
    }
    default:
      return spec.action satisfies never;
  }
}

/** What the alarm looks at, in CloudWatch's words for one metric or for an expression. */
function watched(
  { watch, periodSeconds }: AlarmSpec,
  options: AlarmOptions,
): Partial<aws.cloudwatch.MetricAlarmArgs> {
  switch (watch.kind) {
    case "metric":
      return {
        namespace: watch.namespace,
        metricName: watch.metric,
        dimensions: dimensionsOf(watch, options),
        period: periodSeconds,
        ...watch.statistic,
      };
    case "math":
      return {
        metricQueries: [
          { id: "watched", expression: watch.expression, returnData: true },
          ...watch.sources.map((source) => ({
            id: source.id,
            metric: {
              namespace: source.namespace,
              metricName: source.metric,
              dimensions: dimensionsOf(source, options),
              period: periodSeconds,
              stat: statOf(source.statistic),
            },
          })),
        ],
      };
    default:
      return watch satisfies never;
  }
}

function statOf(statistic: AlarmStatistic): string {
  return "statistic" in statistic ? statistic.statistic : statistic.extendedStatistic;
}

function dimensionsOf({ dimensions }: MetricSource, options: AlarmOptions) {
  const named = Object.entries(dimensions).map(([key, value]) => [
    key,
    typeof value === "string" ? value : nameOf(value, options),
  ]);
  return Object.fromEntries(named) as Record<string, $util.Input<string>>;
}

function nameOf({ resource, vantage }: ResourceName, { probes, storage }: AlarmOptions) {
  switch (resource) {
    case "probeFunction":
      return the(probes.get(vantage), resource).name;
    case "spillQueue":
      return the(storage.spills.get(vantage), resource).queue.name;
    default:
      return resource satisfies never;
  }
}

/** What core names and this deployment lacks is a mistake of ours. */
function the<T>(found: T | undefined, asked: unknown): T {
  if (found !== undefined) return found;
  throw new Error(`nothing is deployed for ${JSON.stringify(asked)}`);
}
