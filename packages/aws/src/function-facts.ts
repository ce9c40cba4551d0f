import { LambdaClient } from "@aws-sdk/client-lambda";
import {
  type AliasFacts,
  type Clock,
  type FactParts,
  type FunctionFacts,
  type FunctionSubject,
  functionSubject,
  type Reading,
  servingOf,
  type Target,
} from "@vigil/core";
import { type AwsPlace, clientOptions } from "./aws-clients.ts";
import { type AskPart, createAskPart } from "./function-facts/ask-part.ts";
import { readGateway } from "./function-facts/gateway.ts";
import {
  readAlias,
  readConfiguration,
  readPolicy,
  readProvisioned,
  readReserved,
  readUrls,
} from "./function-facts/lambda-parts.ts";
import { withoutVersionWarning } from "./version-warning.ts";

export interface FactsPlace extends Omit<AwsPlace, "region"> {
  readonly clock: Clock;
  /** Ends every call that is under way. */
  readonly signal?: AbortSignal;
}

export interface FactsRead {
  readonly facts: FunctionFacts;
  /** The first error that is about no part of its own, such as credentials that AWS does not take. */
  readonly error: Error | null;
}

/** A target that names the function behind it, and where that is. */
export type WatchedTarget = Pick<Target, "name" | "url" | "auth" | "era" | "clientTimeoutMs"> & {
  readonly lambda: NonNullable<Target["lambda"]>;
  readonly region: string;
};

/**
 * How the function behind a target is set up, by the process's own credentials. Never rejects: what
 * could not be read is told part by part. Values of environment variables are dropped on arrival.
 */
export async function readFunctionFacts(
  target: WatchedTarget,
  place: FactsPlace,
): Promise<FactsRead> {
  const about = functionSubject(target, new Date(place.clock.now()).toISOString());
  const options = clientOptions({ ...place, region: about.region });
  const client = withoutVersionWarning(() => new LambdaClient(options));
  const asked = createAskPart(client, place.signal);
  try {
    return {
      facts: { about, parts: await readParts(about, asked.ask, place) },
      error: asked.error(),
    };
  } finally {
    client.destroy();
  }
}

async function readParts(
  about: FunctionSubject,
  ask: AskPart,
  { clock, endpoint }: FactsPlace,
): Promise<FunctionFacts["parts"]> {
  const { functionName } = about;
  // Which qualifier serves is known only from the URLs.
  const urls = await readUrls(ask, functionName);
  const qualifier = servingOf(urls.kind === "read" ? urls.value : [], about);
  const asked = { functionName, qualifier };
  const [configuration, policy, alias, provisioned, reserved, gateway] = await Promise.all([
    readConfiguration(ask, asked),
    readPolicy(ask, asked),
    isAlias(qualifier) ? readAlias(ask, asked) : NO_ALIAS,
    readProvisioned(ask, functionName),
    readReserved(ask, functionName),
    about.door === "api-gateway" ? readGateway(ask, { about, clock, endpoint }) : NO_GATEWAY,
  ]);
  return { configuration, urls, policy, alias, provisioned, reserved, gateway };
}

const NO_ALIAS: Reading<AliasFacts | null> = { kind: "read", value: null };
const NO_GATEWAY: Reading<FactParts["gateway"]> = { kind: "read", value: null };

function isAlias(qualifier: string): boolean {
  return qualifier !== "$LATEST" && !/^\d+$/.test(qualifier);
}
