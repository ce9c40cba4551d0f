import type { Clock, FunctionSubject, GatewayFacts, Reading } from "@vigil/core";
import { type ApiGatewayCalls, createApiGatewayCalls } from "../front-doors/api-gateway-calls.ts";
import type { AskPart } from "./ask-part.ts";

interface GatewayQuestion {
  readonly about: FunctionSubject;
  readonly clock: Clock;
  readonly endpoint: string | undefined;
}

type Item = Readonly<Record<string, unknown>>;

/** AWS's own, where an integration says nothing. */
const REST_TIMEOUT_MS = 29_000;
const HTTP_TIMEOUT_MS = 30_000;

/** How the API before the function hands requests on to it. */
export function readGateway(
  ask: AskPart,
  { about, clock, endpoint }: GatewayQuestion,
): Promise<Reading<GatewayFacts | null>> {
  const id = about.host.split(".")[0] ?? "";
  const place = { region: about.region, clock, ...(endpoint !== undefined && { endpoint }) };
  return ask<GatewayFacts | null>({
    permission: "apigateway:GET",
    async send() {
      const calls = createApiGatewayCalls(place);
      return (await httpApi(calls, id, about)) ?? restApi(calls, id, about);
    },
  });
}

/** Null when the API is no HTTP API: the id alone does not tell. */
async function httpApi(
  calls: ApiGatewayCalls,
  id: string,
  about: FunctionSubject,
): Promise<GatewayFacts | null> {
  const integrations = await calls.list(`/v2/apis/${id}/integrations`).catch((error: unknown) => {
    if (error instanceof Error && error.name === "NotFoundException") return null;
    throw error;
  });
  if (integrations === null) return null;
  const own = ofFunction(integrations.map(asItem), "integrationUri", about);
  return { kind: "http", timeoutMs: shortest(own, HTTP_TIMEOUT_MS), streams: false };
}

async function restApi(
  calls: ApiGatewayCalls,
  id: string,
  about: FunctionSubject,
): Promise<GatewayFacts> {
  const resources = await calls.list(`/restapis/${id}/resources?embed=methods&limit=500`);
  const methods = resources.flatMap((resource) => {
    const { POST, ANY } = asItem(asItem(resource)["resourceMethods"]);
    return POST === undefined && ANY === undefined ? [] : [asItem(POST ?? ANY)];
  });
  const integrations = methods.map((method) => asItem(method["methodIntegration"]));
  const own = ofFunction(integrations, "uri", about);
  return {
    kind: "rest",
    timeoutMs: shortest(own, REST_TIMEOUT_MS),
    streams: own.length > 0 && own.every((one) => one["responseTransferMode"] === "STREAM"),
  };
}

/** Those that lead to the function; a stage variable may hide its name, and then all count. */
function ofFunction(
  integrations: readonly Item[],
  field: string,
  { functionName }: FunctionSubject,
): readonly Item[] {
  const name = functionName.split(":function:").at(-1)?.split(":")[0] ?? functionName;
  const own = integrations.filter((one) =>
    `${String(one[field] ?? "")}/`.replaceAll(":", "/").includes(`/function/${name}/`),
  );
  return own.length > 0 ? own : integrations;
}

function shortest(integrations: readonly Item[], usual: number): number {
  const given = integrations.map(({ timeoutInMillis }) =>
    typeof timeoutInMillis === "number" ? timeoutInMillis : usual,
  );
  return given.length === 0 ? usual : Math.min(...given);
}

function asItem(value: unknown): Item {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
