import { createHash } from "node:crypto";
import { type Datapoint, datapointsOf, type PagerInvocation, readSpilled } from "@vigil/core";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  awsOk,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPagerCall } from "../src/pager-call.ts";
import { createPublisher, MAX_DATAPOINTS } from "../src/publish.ts";
import { createSpillQueue } from "../src/spill-queue.ts";
import { healthyRun, minute } from "./fixtures.ts";

const QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/spill";
/** How long a silent endpoint is waited for, each try. */
const PATIENCE_MS = 150;

let endpoint: AwsEndpoint | null = null;

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint?.close();
  endpoint = null;
});

type Script = (call: AwsCall, nth: number) => AwsAnswer | Promise<AwsAnswer>;

async function placeOf(script: Script, timeoutMs = PATIENCE_MS) {
  endpoint = await startAwsEndpoint(script);
  return { region: "eu-west-1", endpoint: endpoint.url, timeoutMs };
}

/** Far more than a slow answer takes. */
const LONG_MS = 20 * PATIENCE_MS;

/** Answers late, though well within {@link LONG_MS}. */
const slowly =
  (script: Script): Script =>
  async (call, nth) => {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    return script(call, nth);
  };

/** The trouble at first, then success. */
const once =
  (trouble: AwsAnswer, script: Script): Script =>
  (call, nth) =>
    nth === 0 ? trouble : script(call, nth);

const calls = () => endpoint?.calls ?? [];

/** What may be wrong with AWS, and the code by which it is told. */
const TROUBLES: readonly (readonly [string, AwsAnswer, string])[] = [
  ["throttles", awsError(400, "ThrottlingException"), "ThrottlingException"],
  ["fails", awsError(500, "InternalFailure"), "InternalFailure"],
  ["denies", awsError(400, "AccessDeniedException"), "AccessDeniedException"],
  ["is silent", { kind: "silence" }, "TimeoutError"],
  // The SDK names a broken connection so, too.
  ["breaks off", { kind: "reset" }, "TimeoutError"],
];
/** Troubles that may pass, and are therefore tried again. */
const PASSING = TROUBLES.filter(([, , code]) => code !== "AccessDeniedException");

function datapoints(count: number): readonly Datapoint[] {
  return Array.from({ length: count }, (_, n) =>
    datapointsOf(healthyRun({ target: `t${n}`, scheduledAt: minute(n % 60) }), "lean"),
  ).flat();
}

describe("metrics", () => {
  it("go to Vigil's namespace with unit, time and dimensions", async () => {
    const publisher = createPublisher(await placeOf(() => awsOk()));
    expect(await publisher.publish(datapoints(1))).toEqual({ sent: 1, failed: [] });
    expect(calls().map(({ operation, region, body }) => ({ operation, region, body }))).toEqual([
      {
        operation: "PutMetricData",
        region: "eu-west-1",
        body: {
          Namespace: "Vigil",
          MetricData: [
            {
              MetricName: "ProbeSuccess",
              Unit: "None",
              Value: 1,
              Timestamp: Date.parse(minute(0)) / 1_000,
              Dimensions: [
                { Name: "Target", Value: "t0" },
                { Name: "Vantage", Value: "eu-west-1" },
              ],
            },
          ],
        },
      },
    ]);
  });

  it("are sent in as few requests as the limit allows, compressed", async () => {
    const publisher = createPublisher(await placeOf(() => awsOk(), LONG_MS));
    const all = datapoints(2 * MAX_DATAPOINTS + 1);
    expect(await publisher.publish(all)).toEqual({ sent: all.length, failed: [] });
    const sizes = calls().map(({ body }) => (body as { MetricData: unknown[] }).MetricData.length);
    expect(sizes.sort((a, b) => a - b)).toEqual([1, MAX_DATAPOINTS, MAX_DATAPOINTS]);
    const full = calls().filter(({ headers }) => headers["content-encoding"] === "gzip");
    expect(full.map(({ bytes }) => bytes < 100_000)).toEqual([true, true]);
  });

  it("that nobody has are not sent", async () => {
    const publisher = createPublisher(await placeOf(() => awsOk()));
    expect(await publisher.publish([])).toEqual({ sent: 0, failed: [] });
    expect(calls()).toEqual([]);
  });

  it("of a batch that fails are told, and the other batches are sent", async () => {
    const isFirst = ({ body }: AwsCall) => JSON.stringify(body).includes('"t0"');
    const publisher = createPublisher(
      await placeOf((call) => (isFirst(call) ? awsError(500, "InternalFailure") : awsOk())),
    );
    const all = datapoints(MAX_DATAPOINTS + 5);
    expect(await publisher.publish(all)).toEqual({
      sent: 5,
      failed: [{ datapoints: all.slice(0, MAX_DATAPOINTS), code: "InternalFailure" }],
    });
  });

  it.each(TROUBLES)("are told as failed when CloudWatch %s", async (_title, answer, code) => {
    const publisher = createPublisher(await placeOf(() => answer));
    const { sent, failed } = await publisher.publish(datapoints(2));
    expect({ sent, codes: failed.map((batch) => batch.code) }).toEqual({ sent: 0, codes: [code] });
  });

  it.each(PASSING)("are sent at the second try when CloudWatch %s once", async (_title, answer) => {
    const publisher = createPublisher(await placeOf(once(answer, () => awsOk())));
    expect(await publisher.publish(datapoints(2))).toEqual({ sent: 2, failed: [] });
    expect(calls()).toHaveLength(2);
  });

  it("are sent once when CloudWatch is slow, but in time", async () => {
    const publisher = createPublisher(
      await placeOf(
        slowly(() => awsOk()),
        LONG_MS,
      ),
    );
    expect(await publisher.publish(datapoints(2))).toEqual({ sent: 2, failed: [] });
    expect(calls()).toHaveLength(1);
  });
});

/** By which the SDK knows that SQS got the message whole. */
function md5(body: unknown): string {
  const { MessageBody } = body as { MessageBody: string };
  return createHash("md5").update(MessageBody).digest("hex");
}

describe("the spill queue", () => {
  const open = async (script: Script, timeoutMs?: number) =>
    createSpillQueue({ ...(await placeOf(script, timeoutMs)), queueUrl: QUEUE });
  const taken: Script = ({ body }) => awsOk({ MessageId: "1", MD5OfMessageBody: md5(body) });
  const sent = () =>
    calls().map(({ body }) => readSpilled((body as { MessageBody: string }).MessageBody));

  it("takes runs, and gives them back equal", async () => {
    const queue = await open(taken);
    const runs = [healthyRun(), healthyRun({ target: "billing" })];
    expect(await queue.spillRuns(runs)).toMatchObject({ spilled: 2, lost: 0 });
    expect(sent()).toEqual([{ schema: 1, kind: "runs", runs }]);
  });

  it.each(TROUBLES)("tells what is lost when SQS %s", async (_title, answer, code) => {
    const queue = await open(() => answer);
    expect(await queue.spillRuns([healthyRun()])).toEqual({ spilled: 0, lost: 1, code });
    expect(await queue.spillDatapoints(datapoints(3))).toEqual({ spilled: 0, lost: 3, code });
  });

  it.each(PASSING)("takes runs at the second try when SQS %s once", async (_title, answer) => {
    const queue = await open(once(answer, taken));
    expect(await queue.spillRuns([healthyRun()])).toEqual({ spilled: 1, lost: 0, code: null });
    expect(calls()).toHaveLength(2);
  });

  it("takes runs once when SQS is slow, but in time", async () => {
    const queue = await open(slowly(taken), LONG_MS);
    expect(await queue.spillRuns([healthyRun()])).toEqual({ spilled: 1, lost: 0, code: null });
    expect(calls()).toHaveLength(1);
  });
});

describe("the pager's call", () => {
  const CHANGE: PagerInvocation = {
    schema: 1,
    kind: "state-change",
    target: "orders",
    vantage: "eu-west-1",
    at: minute(0),
    from: "up",
    to: "down",
    modes: ["tools-empty"],
    runId: "1",
    summary: "tools/list returned no tools",
    remedy: "…",
    lastGoodRunAt: null,
  };
  const open = async (script: Script, timeoutMs?: number) =>
    createPagerCall({ ...(await placeOf(script, timeoutMs)), functionName: "vigil-pager" });
  const accepted: Script = () => ({ kind: "json", status: 202, body: {} });

  it("is asynchronous and carries the change", async () => {
    const pager = await open(accepted);
    expect(await pager.tell(CHANGE)).toBeNull();
    expect(calls()).toMatchObject([
      {
        operation: "POST /2015-03-31/functions/vigil-pager/invocations",
        headers: { "x-amz-invocation-type": "Event" },
        body: CHANGE,
      },
    ]);
  });

  it.each(TROUBLES)("tells when Lambda %s", async (_title, answer, code) => {
    const pager = await open(() => answer);
    expect(await pager.tell(CHANGE)).toBe(code);
  });

  it.each(PASSING)("is taken at the second try when Lambda %s once", async (_title, answer) => {
    const pager = await open(once(answer, accepted));
    expect(await pager.tell(CHANGE)).toBeNull();
    expect(calls()).toHaveLength(2);
  });

  it("is made once when Lambda is slow, but in time", async () => {
    const pager = await open(slowly(accepted), LONG_MS);
    expect(await pager.tell(CHANGE)).toBeNull();
    expect(calls()).toHaveLength(1);
  });
});
