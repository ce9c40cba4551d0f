import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateFunctionCommand,
  LambdaClient,
  PutFunctionEventInvokeConfigCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Bundle, bundlesOf, unzip, zipUp } from "./bundles.ts";
import type { Deployed } from "./project.ts";

interface Options {
  readonly state: readonly Deployed[];
  /** For unzipped code. */
  readonly scratch: string;
  /** Text in the deployed config, by what stands for it here. */
  readonly replace: Readonly<Record<string, string>>;
}

/**
 * Makes in the emulator what a deployment's state holds, each in its region and as it was asked
 * for: tables, queues, topics, functions with their own archives, and schedules.
 */
export async function createEmulated({ state, ...options }: Options): Promise<void> {
  const each = (
    type: string,
    make: (resource: Deployed & { region: string }) => Promise<unknown>,
  ) =>
    Promise.all(
      state
        .filter((resource) => resource.type === type)
        .map((resource) => make({ ...resource, region: resource.region ?? "" })),
    );
  await Promise.all([
    each("aws:dynamodb/table:Table", createTable),
    each("aws:sns/topic:Topic", createTopic),
    each("aws:sqs/queue:Queue", createQueue),
  ]);
  const bundles = bundlesOf(state).filter(({ fn }) => fn.inputs.handler !== "run.sh");
  await Promise.all(bundles.map((bundle) => createFunction(bundle, options)));
  await each("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", invokeConfig);
  await each("aws:scheduler/schedule:Schedule", createSchedule);
}

/** So that no tick comes any more. */
export async function stopSchedules(state: readonly Deployed[]): Promise<void> {
  const schedules = state.filter(({ type }) => type === "aws:scheduler/schedule:Schedule");
  for (const { region, inputs } of schedules) {
    const client = new SchedulerClient({ region: region ?? "" });
    await client.send(new DeleteScheduleCommand({ Name: inputs.name }));
  }
}

type Placed = Deployed & { readonly region: string };

async function createTable({ region, inputs }: Placed): Promise<void> {
  const client = new DynamoDBClient({ region });
  const keys = [
    { AttributeName: inputs.hashKey, KeyType: "HASH" as const },
    ...(inputs.rangeKey ? [{ AttributeName: inputs.rangeKey, KeyType: "RANGE" as const }] : []),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: inputs.name,
      BillingMode: inputs.billingMode,
      KeySchema: keys,
      AttributeDefinitions: inputs.attributes.map(({ name, type }: Record<string, string>) => ({
        AttributeName: name,
        AttributeType: type,
      })),
    }),
  );
  const { attributeName: AttributeName, enabled: Enabled } = inputs.ttl;
  const TimeToLiveSpecification = { AttributeName, Enabled };
  await client.send(
    new UpdateTimeToLiveCommand({ TableName: inputs.name, TimeToLiveSpecification }),
  );
}

const createTopic = ({ region, inputs }: Placed) =>
  new SNSClient({ region }).send(new CreateTopicCommand({ Name: inputs.name }));

const createQueue = ({ region, inputs }: Placed) =>
  new SQSClient({ region }).send(
    new CreateQueueCommand({
      QueueName: inputs.name,
      Attributes: {
        MessageRetentionPeriod: String(inputs.messageRetentionSeconds),
        ...(inputs.visibilityTimeoutSeconds && {
          VisibilityTimeout: String(inputs.visibilityTimeoutSeconds),
        }),
        ...(inputs.redrivePolicy && { RedrivePolicy: inputs.redrivePolicy }),
      },
    }),
  );

/**
 * The emulator hands a schedule's input on as it stands, where AWS fills in the minute. This does it
 * in front of the deployed handler, and nothing else.
 */
const FILL_IN = `import * as bundle from "./bundle.mjs";
export const handler = (event, context) => {
  const minute = new Date(Math.floor(Date.now() / 60000) * 60000).toISOString().replace(".000", "");
  const text = JSON.stringify(event).replace("<aws.scheduler.scheduled-time>", minute);
  return bundle.handler(JSON.parse(text), context);
};
`;

async function createFunction({ name, fn, zip }: Bundle, options: Omit<Options, "state">) {
  const { inputs } = fn;
  const folder = join(options.scratch, `emulated-${name}`);
  unzip(zip, folder);
  const config = join(folder, "config");
  for (const file of existsSync(config) ? readdirSync(config) : []) {
    const path = join(config, file);
    let text = readFileSync(path, "utf8");
    for (const [here, there] of Object.entries(options.replace))
      text = text.replaceAll(here, there);
    writeFileSync(path, text);
  }
  writeFileSync(join(folder, "fill-in.mjs"), FILL_IN);
  const client = new LambdaClient({ region: fn.region ?? "" });
  await client.send(
    new CreateFunctionCommand({
      FunctionName: inputs.name,
      Description: inputs.description,
      Runtime: inputs.runtime,
      Architectures: inputs.architectures,
      Handler: inputs.handler.replace(/^bundle\./, "fill-in."),
      Role: inputs.role,
      Timeout: inputs.timeout,
      MemorySize: inputs.memorySize,
      Environment: { Variables: inputs.environment.variables },
      Code: { ZipFile: readFileSync(zipUp(folder)) },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName: inputs.name });
}

const invokeConfig = ({ region, inputs }: Placed) =>
  new LambdaClient({ region }).send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: inputs.functionName,
      MaximumEventAgeInSeconds: inputs.maximumEventAgeInSeconds,
      MaximumRetryAttempts: inputs.maximumRetryAttempts,
      ...(inputs.destinationConfig && {
        DestinationConfig: {
          OnFailure: { Destination: inputs.destinationConfig.onFailure.destination },
        },
      }),
    }),
  );

const createSchedule = ({ region, inputs: { name, target, ...inputs } }: Placed) =>
  new SchedulerClient({ region }).send(
    new CreateScheduleCommand({
      Name: name,
      ScheduleExpression: inputs.scheduleExpression,
      FlexibleTimeWindow: { Mode: inputs.flexibleTimeWindow.mode },
      State: inputs.state,
      Target: {
        Arn: target.arn,
        RoleArn: target.roleArn,
        Input: target.input,
        RetryPolicy: { MaximumRetryAttempts: target.retryPolicy.maximumRetryAttempts },
      },
    }),
  );
