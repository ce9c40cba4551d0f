import {
  type FunctionConfiguration,
  type FunctionUrlConfig,
  LambdaClient,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
} from "@aws-sdk/client-lambda";
import { type FrontDoor, mapAtOnce } from "@vigil/core";
import { clientOptions } from "../aws-clients.ts";
import { withoutVersionWarning } from "../version-warning.ts";
import type { Finds, OnProgress } from "./search.ts";

/** Lambda answers some 15 such questions a second, to everybody in the account together. */
const AT_ONCE = 4;
const TIMEOUT_MS = 5_000;
/** Throttling is usual among hundreds of functions; the SDK then slows down by itself. */
const MAX_ATTEMPTS = 8;

/** Every Function URL of a region. */
export async function findFunctionUrls(
  region: string,
  finds: Finds,
  onProgress: OnProgress,
): Promise<void> {
  const options = clientOptions({ region, timeoutMs: TIMEOUT_MS, maxAttempts: MAX_ATTEMPTS });
  const client = withoutVersionWarning(
    () => new LambdaClient({ ...options, retryMode: "adaptive" }),
  );
  try {
    const functions = await listFunctions(client, finds, (count) =>
      onProgress(`${count} functions`),
    );
    let looked = 0;
    await mapAtOnce(functions, AT_ONCE, async ({ FunctionName: functionName = "" }) => {
      const urls = await listUrls(client, functionName, finds);
      finds.doors.push(...urls.flatMap((config) => doorOf(config, { functionName, region })));
      looked += 1;
      onProgress(`${looked} of ${functions.length} functions looked at for URLs`);
    });
  } finally {
    client.destroy();
  }
}

async function listFunctions(
  client: LambdaClient,
  finds: Finds,
  onCount: (count: number) => void,
): Promise<readonly FunctionConfiguration[]> {
  const functions: FunctionConfiguration[] = [];
  let marker: string | undefined;
  do {
    const page = await finds.ask("lambda:ListFunctions", () =>
      client.send(new ListFunctionsCommand({ ...(marker !== undefined && { Marker: marker }) })),
    );
    functions.push(...(page?.Functions ?? []));
    onCount(functions.length);
    marker = page?.NextMarker || undefined;
  } while (marker !== undefined);
  return functions;
}

async function listUrls(
  client: LambdaClient,
  name: string,
  finds: Finds,
): Promise<readonly FunctionUrlConfig[]> {
  const configs: FunctionUrlConfig[] = [];
  let marker: string | undefined;
  do {
    const page = await finds.ask("lambda:ListFunctionUrlConfigs", () =>
      client.send(
        new ListFunctionUrlConfigsCommand({
          FunctionName: name,
          ...(marker !== undefined && { Marker: marker }),
        }),
      ),
    );
    configs.push(...(page?.FunctionUrlConfigs ?? []));
    marker = page?.NextMarker || undefined;
  } while (marker !== undefined);
  return configs;
}

/** `arn:aws:lambda:us-east-1:123456789012:function:Orders:live`; without an alias, its newest code. */
const QUALIFIED = /:function:[^:]+:([^:]+)$/;

interface Owner {
  readonly functionName: string;
  readonly region: string;
}

function doorOf(
  { FunctionUrl: address = "", FunctionArn: arn = "", AuthType: authType }: FunctionUrlConfig,
  { functionName, region }: Owner,
): readonly FrontDoor[] {
  if (!URL.canParse(address)) return [];
  const qualifier = QUALIFIED.exec(arn)?.[1] ?? null;
  return [
    {
      label: functionName,
      // Where servers for Lambda usually listen; the root, where nothing routes by path.
      urls: [new URL("mcp", address).href, address],
      region,
      lambda: { functionName, qualifier },
      signedFor: authType === "AWS_IAM" ? "lambda" : null,
    },
  ];
}
