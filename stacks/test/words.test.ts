import { ComparisonOperator, Statistic } from "@aws-sdk/client-cloudwatch";
import { BillingMode, ScalarAttributeType } from "@aws-sdk/client-dynamodb";
import {
  Architecture,
  FunctionUrlAuthType,
  InvokeMode,
  LogFormat,
  Runtime,
} from "@aws-sdk/client-lambda";
import { FlexibleTimeWindowMode, ScheduleState } from "@aws-sdk/client-scheduler";
import { beforeAll, describe, expect, it } from "vitest";
import { DEMO, FULL } from "./configs.ts";
import { type Deployment, deploy } from "./deploy.ts";

/** CloudWatch knows these words, and its SDK has no enum for them. */
const MISSING_DATA = ["breaching", "notBreaching", "ignore", "missing"];

/** Where the inputs hold a word that the types take for any string, and what words there are. */
const WORDS: readonly (readonly [type: string, path: string, words: object])[] = [
  ["cloudwatch/metricAlarm:MetricAlarm", "comparisonOperator", ComparisonOperator],
  ["cloudwatch/metricAlarm:MetricAlarm", "statistic", Statistic],
  [
    "cloudwatch/metricAlarm:MetricAlarm",
    "metricQueries.*.metric.stat",
    [...Object.values(Statistic), "p95"],
  ],
  ["cloudwatch/metricAlarm:MetricAlarm", "extendedStatistic", ["p95"]],
  ["cloudwatch/metricAlarm:MetricAlarm", "treatMissingData", MISSING_DATA],
  ["dynamodb/table:Table", "billingMode", BillingMode],
  ["dynamodb/table:Table", "attributes.*.type", ScalarAttributeType],
  ["lambda/function:Function", "architectures.*", Architecture],
  ["lambda/function:Function", "loggingConfig.logFormat", LogFormat],
  ["lambda/function:Function", "runtime", Runtime],
  ["lambda/functionUrl:FunctionUrl", "authorizationType", FunctionUrlAuthType],
  ["lambda/functionUrl:FunctionUrl", "invokeMode", InvokeMode],
  ["lambda/permission:Permission", "functionUrlAuthType", FunctionUrlAuthType],
  ["scheduler/schedule:Schedule", "flexibleTimeWindow.mode", FlexibleTimeWindowMode],
  ["scheduler/schedule:Schedule", "state", ScheduleState],
];

let deployments: readonly Deployment[];
beforeAll(async () => {
  deployments = [await deploy(FULL), await deploy(DEMO)];
});

/** What stands at a path; `*` is every item of a list. */
function valuesAt(value: unknown, [key, ...rest]: readonly string[]): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (key === undefined) return [value];
  if (key === "*") return (value as readonly unknown[]).flatMap((item) => valuesAt(item, rest));
  return valuesAt((value as Readonly<Record<string, unknown>>)[key], rest);
}

describe("words that the types of a resource do not hold to any list", () => {
  it.each(WORDS)("%s: %s is one that AWS knows", (type, path, words) => {
    const used = deployments.flatMap(({ resources }) =>
      resources
        .filter((resource) => resource.type === `aws:${type}`)
        .flatMap(({ inputs }) => valuesAt(inputs, path.split("."))),
    );
    expect(used.length).toBeGreaterThan(0);
    const known: readonly unknown[] = Object.values(words);
    expect(used.filter((word) => !known.includes(word))).toEqual([]);
  });
});
