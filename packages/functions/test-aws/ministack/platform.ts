import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

const ROLE = "arn:aws:iam::000000000000:role/vigil";
const POLL_MS = 250;

/** Files by name, as they lie in a function's code. */
export type Code = Readonly<Record<string, string | Buffer>>;

interface FunctionSpec {
  readonly region: string;
  readonly name: string;
  readonly handler: string;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
}

/** Creates a Node function, and returns its ARN once it takes invocations. */
export async function createFunction(spec: FunctionSpec): Promise<string> {
  const client = new LambdaClient({ region: spec.region });
  const { FunctionArn = "" } = await client.send(
    new CreateFunctionCommand({
      FunctionName: spec.name,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: spec.handler,
      Role: ROLE,
      Timeout: 55,
      MemorySize: 512,
      Environment: { Variables: { ...spec.environment } },
      Code: { ZipFile: zip(spec.code) },
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName: spec.name });
  return FunctionArn;
}

/** Python is there already, and Node has no zip. */
function zip(code: Code): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "vigil-zip-"));
  try {
    const names = Object.keys(code);
    for (const [name, content] of Object.entries(code)) writeFileSync(join(folder, name), content);
    const python = process.env["VIGIL_TEST_PYTHON"] ?? "python3";
    execFileSync(python, ["-m", "zipfile", "-c", "code.zip", ...names], { cwd: folder });
    return readFileSync(join(folder, "code.zip"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function filesOf(folder: string): Code {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]),
  );
}

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

export async function createQueue(client: SQSClient, name: string): Promise<Queue> {
  const { QueueUrl: url = "" } = await client.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: Attributes?.QueueArn ?? "" };
}

interface Wait<T> {
  readonly what: string;
  readonly withinMs: number;
  /** Null while it has not come. */
  readonly look: () => Promise<T | null>;
}

/** Looks again and again until it has come. */
export async function comes<T>({ what, withinMs, look }: Wait<T>): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > until) throw new Error(`${what} did not come within ${withinMs} ms`);
    await sleep(POLL_MS);
  }
}
