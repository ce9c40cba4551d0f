import { mapAtOnce } from "@vigil/core";
import {
  type ApiGatewayCalls,
  type ApiGatewayPlace,
  createApiGatewayCalls,
  domainOf,
} from "./api-gateway-calls.ts";
import { doorsOfRoutes, type Route } from "./routes.ts";
import type { Finds, OnProgress } from "./search.ts";

const AT_ONCE = 4;

/** As the control plane answers: of no shape that is certain. */
type Item = Readonly<Record<string, unknown>>;

interface Search {
  readonly region: string;
  readonly finds: Finds;
  /** `about` is what IAM calls it: `apigateway:GET` on this path. */
  list(path: string, about: string): Promise<readonly Item[]>;
}

/** Every HTTP API and REST API of a region. */
export async function findApiRoutes(
  place: ApiGatewayPlace,
  finds: Finds,
  onProgress: OnProgress,
): Promise<void> {
  const search = searchWith(createApiGatewayCalls(place), finds, place.region);
  const all = await search.list("/v2/apis", "/apis");
  const http = all.filter(({ protocolType }) => protocolType === "HTTP");
  const rest = await search.list("/restapis?limit=500", "/restapis");
  let looked = 0;
  const note = () => onProgress(`${looked} of ${http.length + rest.length} APIs looked at`);
  const looking = [
    ...http.map((api) => () => searchHttpApi(api, search)),
    ...rest.map((api) => () => searchRestApi(api, search)),
  ];
  await mapAtOnce(looking, AT_ONCE, async (look) => {
    note();
    await look();
    looked += 1;
  });
}

function searchWith(calls: ApiGatewayCalls, finds: Finds, region: string): Search {
  return {
    region,
    finds,
    async list(path, about) {
      const items = await finds.ask(`apigateway:GET on ${about}`, () => calls.list(path));
      return (items ?? []).map(asItem);
    },
  };
}

async function searchHttpApi(api: Item, { region, finds, list }: Search): Promise<void> {
  const [id, name, address] = [
    textOf(api["apiId"]),
    textOf(api["name"]),
    textOf(api["apiEndpoint"]),
  ];
  if (api["disableExecuteApiEndpoint"] === true || !URL.canParse(address)) {
    finds.notes.push(closed(name));
    return;
  }
  const under = `/v2/apis/${encodeURIComponent(id)}`;
  const routes = await list(`${under}/routes`, "/apis/*/routes");
  const integrations = await list(`${under}/integrations`, "/apis/*/integrations");
  const uriOf = new Map(
    integrations.map((one) => [
      `integrations/${one["integrationId"]}`,
      textOf(one["integrationUri"]),
    ]),
  );
  const wanted = routes.flatMap((route): readonly Route[] => {
    const path = postPath(textOf(route["routeKey"]));
    const integration = uriOf.get(textOf(route["target"])) ?? "";
    return path === null ? [] : [{ path, integration, signed: isSigned(route) }];
  });
  const stages = await list(`${under}/stages`, "/apis/*/stages");
  for (const stage of stages) {
    const stageName = textOf(stage["stageName"]);
    const base = address.replace(/\/$/, "") + (stageName === "$default" ? "" : `/${stageName}`);
    finds.doors.push(...doorsOfRoutes(wanted, { name, base, region }));
  }
}

/** `POST /orders/mcp`, `ANY /{proxy+}`, `$default`; null where no POST goes. */
function postPath(routeKey: string): string | null {
  if (routeKey === "$default") return routeKey;
  return /^(?:POST|ANY) (\/.*)$/.exec(routeKey)?.[1] ?? null;
}

async function searchRestApi(api: Item, { region, finds, list }: Search): Promise<void> {
  const [id, name] = [textOf(api["id"]), textOf(api["name"])];
  const { types } = asItem(api["endpointConfiguration"]);
  const isPrivate = Array.isArray(types) && types.includes("PRIVATE");
  if (api["disableExecuteApiEndpoint"] === true || isPrivate) {
    finds.notes.push(closed(name));
    return;
  }
  const under = `/restapis/${encodeURIComponent(id)}`;
  const resources = await list(
    `${under}/resources?embed=methods&limit=500`,
    "/restapis/*/resources",
  );
  const wanted = resources.flatMap((resource): readonly Route[] => {
    const methods = asItem(resource["resourceMethods"]);
    const method = methods["POST"] ?? methods["ANY"];
    if (method === undefined) return [];
    const { uri } = asItem(asItem(method)["methodIntegration"]);
    const signed = isSigned(asItem(method));
    return [{ path: textOf(resource["path"]), integration: textOf(uri), signed }];
  });
  for (const stage of await list(`${under}/stages`, "/restapis/*/stages")) {
    const host = `${id}.execute-api.${region}.${domainOf(region)}`;
    const base = `https://${host}/${textOf(stage["stageName"])}`;
    finds.doors.push(...doorsOfRoutes(wanted, { name, base, region }));
  }
}

function closed(name: string): string {
  return `the API ${name} has no public address of AWS's: name its own with --url`;
}

function isSigned({ authorizationType }: Item): boolean {
  return authorizationType === "AWS_IAM";
}

function asItem(value: unknown): Item {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
