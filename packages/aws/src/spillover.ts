import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { FollowedTarget, GapWindow } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

export type Spillover =
  | { readonly ok: true; readonly invocations: number }
  | { readonly ok: false; readonly code: string };

export interface SpilloverReader {
  /** Of a closed window: what found no provisioned environment, by AWS's own count. Never rejects. */
  read(lambda: FollowedTarget["lambda"], window: GapWindow): Promise<Spillover>;
}

const MINUTE_MS = 60_000;

/** The metrics of Lambda in one region, by whole minutes. */
export function createSpilloverReader(place: AwsPlace): SpilloverReader {
  const client = new CloudWatchClient(clientOptions(place));
  return {
    async read({ functionName, qualifier }, { start, end }) {
      const from = Date.parse(start.notBefore ?? start.notAfter);
      const to = Date.parse(end?.notAfter ?? start.notAfter);
      const Metric = {
        Namespace: "AWS/Lambda",
        MetricName: "ProvisionedConcurrencySpilloverInvocations",
        Dimensions: [
          { Name: "FunctionName", Value: functionName },
          { Name: "Resource", Value: `${functionName}:${qualifier}` },
        ],
      };
      const question = new GetMetricDataCommand({
        StartTime: new Date(Math.floor(from / MINUTE_MS) * MINUTE_MS),
        EndTime: new Date((Math.floor(to / MINUTE_MS) + 1) * MINUTE_MS),
        MetricDataQueries: [{ Id: "spillover", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
      });
      try {
        const { MetricDataResults = [] } = await client.send(question);
        const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
        return { ok: true, invocations: values.reduce((sum, value) => sum + value, 0) };
      } catch (error) {
        return { ok: false, code: awsErrorCode(error) };
      }
    },
  };
}
