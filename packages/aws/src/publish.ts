import {
  CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from "@aws-sdk/client-cloudwatch";
import { type Datapoint, METRIC_NAMESPACE } from "@vigil/core";
import { type AwsPlace, awsErrorCode, clientOptions } from "./aws-clients.ts";

/** CloudWatch's limit of a request. Source: PutMetricData in the CloudWatch API reference. */
export const MAX_DATAPOINTS = 1_000;
/** CloudWatch takes 1 MB; this leaves room for the envelope. */
export const MAX_REQUEST_BYTES = 900_000;

export interface PublishOutcome {
  readonly sent: number;
  /** Batches that failed after their retries, with AWS's error code. */
  readonly failed: readonly {
    readonly datapoints: readonly Datapoint[];
    readonly code: string;
  }[];
}

export interface Publisher {
  /** Sends batch by batch; never rejects. */
  publish(datapoints: readonly Datapoint[]): Promise<PublishOutcome>;
}

/** Metrics to CloudWatch in one region. The client compresses what is worth it and retries each batch. */
export function createPublisher(place: AwsPlace): Publisher {
  const client = new CloudWatchClient(clientOptions(place));
  return {
    async publish(datapoints) {
      const outcomes = await Promise.all(
        batchesOf(datapoints).map(async (batch) => ({ batch, code: await send(client, batch) })),
      );
      const failed = outcomes.flatMap(({ batch, code }) =>
        code === null ? [] : [{ datapoints: batch, code }],
      );
      const lost = failed.reduce((sum, { datapoints: batch }) => sum + batch.length, 0);
      return { sent: datapoints.length - lost, failed };
    },
  };
}

/** Null when it was taken, otherwise AWS's error code. */
async function send(client: CloudWatchClient, batch: readonly Datapoint[]): Promise<string | null> {
  try {
    await client.send(
      new PutMetricDataCommand({ Namespace: METRIC_NAMESPACE, MetricData: batch.map(datumOf) }),
    );
    return null;
  } catch (error) {
    return awsErrorCode(error);
  }
}

function datumOf({ metric, unit, value, at, dimensions }: Datapoint): MetricDatum {
  return {
    MetricName: metric,
    Unit: unit satisfies StandardUnit,
    Value: value,
    Timestamp: new Date(at),
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  };
}

/** As few requests as the limits allow. */
export function batchesOf(datapoints: readonly Datapoint[]): readonly (readonly Datapoint[])[] {
  const batches: Datapoint[][] = [];
  let bytes = 0;
  for (const datapoint of datapoints) {
    const size = JSON.stringify(datumOf(datapoint)).length;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length >= MAX_DATAPOINTS || bytes + size > MAX_REQUEST_BYTES) {
      batches.push([datapoint]);
      bytes = size;
    } else {
      batch.push(datapoint);
      bytes += size;
    }
  }
  return batches;
}
