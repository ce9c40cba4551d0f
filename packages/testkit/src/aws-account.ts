import { type AwsAnswer, type AwsCall, awsError, awsOk } from "./aws-endpoint.ts";

interface AccountFunction {
  readonly name: string;
  readonly urls?: readonly {
    readonly url: string;
    readonly alias?: string;
    readonly authType?: "NONE" | "AWS_IAM";
  }[];
}

interface AccountHttpApi {
  readonly apiId: string;
  readonly name?: string;
  readonly protocolType?: string;
  readonly apiEndpoint: string;
  readonly disableExecuteApiEndpoint?: boolean;
  readonly stages?: readonly string[];
  readonly routes: readonly {
    readonly routeKey: string;
    readonly authorizationType?: string;
    readonly integrationUri?: string;
  }[];
}

interface AccountRestApi {
  readonly id: string;
  readonly name?: string;
  readonly types?: readonly string[];
  readonly stages?: readonly string[];
  readonly resources: readonly {
    readonly path: string;
    readonly methods: Readonly<Record<string, { authorizationType?: string; uri?: string }>>;
  }[];
}

/** What there is in a region of an AWS account. */
export interface AwsAccount {
  readonly functions?: readonly AccountFunction[];
  readonly httpApis?: readonly AccountHttpApi[];
  readonly restApis?: readonly AccountRestApi[];
}

/** As many as a page of any list holds. */
export const ACCOUNT_PAGE = 50;

type Answer = (path: string, query: URLSearchParams) => AwsAnswer | null;

/** Answers what Lambda's and API Gateway's control planes are asked, as they do. */
export function answerForAccount(account: AwsAccount): (call: AwsCall) => AwsAnswer {
  const answers: readonly Answer[] = [functionsOf(account), httpOf(account), restOf(account)];
  return ({ operation, service }) => {
    const url = new URL(operation.replace(/^GET /, ""), "http://aws");
    if (service !== "lambda" && service !== "apigateway")
      return awsError(403, "SignatureDoesNotMatch");
    for (const answer of answers) {
      const found = answer(url.pathname.replace(/\/$/, ""), url.searchParams);
      if (found !== null) return found;
    }
    return awsError(404, "NotFoundException");
  };
}

function page<T>(items: readonly T[], from: string | null) {
  const start = Number(from ?? 0);
  const end = start + ACCOUNT_PAGE;
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}

function functionsOf({ functions = [] }: AwsAccount): Answer {
  return (path, query) => {
    if (path === "/2015-03-31/functions") {
      const { items, next } = page(functions, query.get("Marker"));
      return awsOk({
        Functions: items.map(({ name }) => ({ FunctionName: name })),
        NextMarker: next,
      });
    }
    const name = /^\/2021-10-31\/functions\/([^/]+)\/urls$/.exec(path)?.[1];
    if (name === undefined) return null;
    const urls = functions.find((one) => one.name === decodeURIComponent(name))?.urls ?? [];
    return awsOk({
      FunctionUrlConfigs: urls.map(({ url, alias, authType = "NONE" }) => ({
        FunctionUrl: url,
        FunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${name}${alias === undefined ? "" : `:${alias}`}`,
        AuthType: authType,
      })),
    });
  };
}

function httpOf({ httpApis = [] }: AwsAccount): Answer {
  return (path, query) => {
    if (path === "/v2/apis") {
      const { items, next } = page(httpApis, query.get("nextToken"));
      const apis = items.map(({ routes, stages, ...api }) => ({
        name: api.apiId,
        protocolType: "HTTP",
        ...api,
      }));
      return awsOk({ items: apis, nextToken: next });
    }
    const [, id, list] = /^\/v2\/apis\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const api = httpApis.find(({ apiId }) => apiId === id);
    if (api === undefined) return null;
    const { items, next } = page(httpList(api, list ?? ""), query.get("nextToken"));
    return awsOk({ items, nextToken: next });
  };
}

function httpList(
  { routes, stages = ["$default"] }: AccountHttpApi,
  list: string,
): readonly object[] {
  if (list === "stages") return stages.map((stageName) => ({ stageName }));
  return routes.map(({ integrationUri = "", authorizationType = "NONE", ...route }, i) =>
    list === "routes"
      ? { ...route, authorizationType, target: `integrations/i${i}` }
      : { integrationId: `i${i}`, integrationUri },
  );
}

function restOf({ restApis = [] }: AwsAccount): Answer {
  return (path, query) => {
    const from = query.get("position");
    if (path === "/restapis") {
      const { items, next } = page(restApis, from);
      const apis = items.map(({ id, name = id, types = ["EDGE"] }) => ({
        id,
        name,
        endpointConfiguration: { types },
      }));
      return awsOk({ item: apis, position: next });
    }
    const [, id, list] = /^\/restapis\/([^/]+)\/(resources|stages)$/.exec(path) ?? [];
    const api = restApis.find((one) => one.id === id);
    if (api === undefined) return null;
    const { items, next } = page(restList(api, list ?? ""), from);
    return awsOk({ item: items, position: next });
  };
}

function restList(
  { resources, stages = ["prod"] }: AccountRestApi,
  list: string,
): readonly object[] {
  if (list === "stages") return stages.map((stageName) => ({ stageName }));
  return resources.map(({ path, methods }) => {
    const entries = Object.entries(methods).map(([method, { uri, authorizationType = "NONE" }]) => {
      return [method, { authorizationType, methodIntegration: { uri } }] as const;
    });
    return { path, resourceMethods: Object.fromEntries(entries) };
  });
}
