import type { Target } from "../config/index.ts";
import {
  FROM_ZERO,
  GRAPH,
  graphs,
  type MetricEntry,
  type MetricLook,
  type MetricProperties,
  type Row,
} from "./widget.ts";

const NAMESPACE = "AWS/Lambda";
const LATEST = "$LATEST";
/** CloudWatch fills in each line's own. */
const VERSION_LABEL = `version $\{PROP('Dim.ExecutedVersion')}`;

/** Metrics that Lambda itself has of the function, in its own region; none where it is not known. */
export function nativeRow({ name, lambda, region }: Target): Row | null {
  if (lambda === null || region === null) return null;
  const { functionName, qualifier } = lambda;
  const isLatest = qualifier === LATEST;
  const dimensions = [
    ...["FunctionName", functionName],
    ...(isLatest ? [] : ["Resource", `${functionName}:${qualifier}`]),
  ];
  const entry = (metric: string, look: MetricLook): MetricEntry => [
    NAMESPACE,
    metric,
    ...dimensions,
    look,
  ];
  const graph = (title: string, metrics: readonly MetricEntry[]): MetricProperties => ({
    ...GRAPH,
    title: `${name}: ${title}`,
    region,
    metrics,
    yAxis: { left: FROM_ZERO, right: FROM_ZERO },
  });
  return graphs(
    6,
    graph("Lambda's invocations", [
      entry("Invocations", { stat: "Sum", label: "invocations" }),
      entry("Errors", { stat: "Sum", label: "errors" }),
      entry("Throttles", { stat: "Sum", label: "throttles" }),
    ]),
    graph("Lambda's duration and concurrency", [
      entry("Duration", { stat: "p95", label: "duration p95, ms" }),
      entry("ConcurrentExecutions", { stat: "Maximum", label: "at once", yAxis: "right" }),
    ]),
    isAlias(qualifier) ? graph("versions that serve", [versionsOf(functionName, qualifier)]) : null,
    // $LATEST can have no provisioned concurrency.
    isLatest ? null : graph("provisioned concurrency", provisioned(entry)),
  );
}

/** Only an alias can pass from one version to another. */
function isAlias(qualifier: string): boolean {
  return qualifier !== LATEST && !/^\d+$/u.test(qualifier);
}

/** A line for each version behind the alias: where one goes over into the next was a deployment. */
function versionsOf(functionName: string, alias: string): MetricEntry {
  const terms = [
    'MetricName="Invocations"',
    `FunctionName="${functionName}"`,
    `Resource="${functionName}:${alias}"`,
  ];
  const schema = `{${NAMESPACE},ExecutedVersion,FunctionName,Resource}`;
  return [
    { expression: `SEARCH('${schema} ${terms.join(" ")}', 'Sum', 60)`, label: VERSION_LABEL },
  ];
}

function provisioned(
  entry: (metric: string, look: MetricLook) => MetricEntry,
): readonly MetricEntry[] {
  return [
    entry("ProvisionedConcurrencyUtilization", { stat: "Maximum", label: "utilization" }),
    entry("ProvisionedConcurrencySpilloverInvocations", {
      stat: "Sum",
      label: "spill-over",
      yAxis: "right",
    }),
  ];
}
