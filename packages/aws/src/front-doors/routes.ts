import type { FrontDoor } from "@vigil/core";

/** A route of an API, of either kind. */
export interface Route {
  /** What POST requests reach: `/orders/mcp`, `/{proxy+}`, or `$default`. */
  readonly path: string;
  readonly signed: boolean;
  /** The integration's URI, which names a function or does not. */
  readonly integration: string;
}

interface ApiStage {
  readonly name: string;
  /** Ends without a slash. */
  readonly base: string;
  readonly region: string;
}

interface Candidate extends Route {
  readonly urls: readonly [string, ...string[]];
}

/**
 * The routes of a stage behind which an MCP server may be: a request is sent there, and to no other, for
 * who knows what a POST does elsewhere.
 */
export function doorsOfRoutes(
  routes: readonly Route[],
  { name, base, region }: ApiStage,
): readonly FrontDoor[] {
  const seen = new Set<string>();
  const candidates = routes.flatMap((route) => candidateOf(route, base));
  // An exact route takes requests before a greedy one does.
  const exactFirst = candidates.sort((a, b) => rank(a.path) - rank(b.path));
  return exactFirst.flatMap(({ urls: [first, ...others], integration, signed }) => {
    if (seen.has(first)) return [];
    seen.add(first);
    const lambda = functionOf(integration);
    return [
      {
        label: lambda?.functionName ?? name,
        urls: [first, ...others] as const,
        region,
        lambda,
        signedFor: signed ? "execute-api" : null,
      },
    ];
  });
}

function candidateOf(route: Route, base: string): readonly Candidate[] {
  const { path } = route;
  if (path === "$default") return [{ ...route, urls: [`${base}/mcp`, `${base}/`] }];
  if (path === "/") return [{ ...route, urls: [`${base}/`] }];
  const greedy = /^(.*)\/\{[^{}]+\+\}$/.exec(path)?.[1];
  if (greedy !== undefined && !greedy.includes("{")) {
    return [{ ...route, urls: [`${base}${greedy}/mcp`] }];
  }
  const isExact = !path.includes("{") && /mcp/i.test(path);
  return isExact ? [{ ...route, urls: [`${base}${path}`] }] : [];
}

function rank(path: string): number {
  if (path === "$default") return 2;
  return path.includes("{") ? 1 : 0;
}

/** Within an integration's URI, too; a stage variable instead of a name tells nothing. */
const FUNCTION = /:function:([A-Za-z0-9_-]{1,64})(?::([A-Za-z0-9_$-]{1,128}))?(?:\/|$)/;

function functionOf(integration: string): FrontDoor["lambda"] {
  const [, functionName, qualifier = null] = FUNCTION.exec(integration) ?? [];
  return functionName === undefined ? null : { functionName, qualifier };
}
