import { fillConfirm, fillLimits } from "./defaults.ts";
import { durationMs } from "./duration.ts";
import { DEFAULTS } from "./limits.ts";
import { LOCAL_VANTAGE } from "./regions.ts";
import type { ConfigOutput } from "./schema.ts";
import type {
  Auth,
  Paging,
  PagingRoute,
  Sentinel,
  SentinelExpect,
  StreamExpectation,
  Target,
  TargetExpectations,
  VigilConfig,
  WatchedFunction,
} from "./types.ts";
import { awsPlace } from "./urls.ts";

type TargetOutput = ConfigOutput["targets"][number];
type DefaultsOutput = NonNullable<ConfigOutput["defaults"]>;
type SentinelOutput = NonNullable<TargetOutput["sentinels"]>[number];

/** A config that has passed every rule, with all defaults filled in. */
export function resolveConfig(output: ConfigOutput): VigilConfig {
  const [home = LOCAL_VANTAGE, ...others] = output.vantages ?? [];
  const { demo } = output;
  return {
    vantages: [home, ...others],
    profile: output.profile ?? DEFAULTS.profile,
    slo: output.slo ?? DEFAULTS.slo,
    paging: resolvePaging(output.paging ?? {}),
    demo: demo === undefined ? null : { region: demo.region, fault: demo.fault ?? null },
    deployments: { cloudtrail: output.deployments?.cloudtrail ?? false },
    targets: output.targets.map((target) => resolve(target, output.defaults ?? {})),
  };
}

type PagingOutput = NonNullable<ConfigOutput["paging"]>;

/** What a config without `paging` comes to: nobody is told. */
export function resolvePaging(paging: PagingOutput): Paging {
  const { email = [], https = [], deadman = null, routes = [], degraded = false } = paging;
  return {
    email,
    https,
    deadman,
    routes: routes.map(resolveRoute),
    remindEveryMs: durationMs(paging.remindEvery ?? DEFAULTS.remindEvery) ?? 0,
    degraded,
  };
}

type RouteOutput = NonNullable<PagingOutput["routes"]>[number];

function resolveRoute({ when, email = [], https = [] }: RouteOutput): PagingRoute {
  const { severity = [], tags = [], owner = [] } = when;
  return { when: { severity, tags, owner }, email, https };
}

function resolve(target: TargetOutput, defaults: DefaultsOutput): Target {
  const place = awsPlace(target.url);
  const region = target.region ?? place?.region ?? null;
  const { lambda, stream = null, concurrency = null } = target;
  return {
    name: target.name,
    url: target.url,
    region,
    allowSameRegion: target.allowSameRegion ?? false,
    tags: target.tags ?? [],
    owner: target.owner ?? null,
    severity: target.severity ?? DEFAULTS.severity,
    runbook: target.runbook ?? null,
    lambda: lambda === undefined ? null : resolveFunction(lambda),
    era: target.era ?? DEFAULTS.era,
    auth: resolveAuth(target.auth, { service: place?.service, region }),
    headers: target.headers ?? {},
    ...resolveLimits(target, defaults),
    expect: resolveExpect(target.expect ?? {}),
    sentinels: (target.sentinels ?? []).map(resolveSentinel),
    stream: stream === null ? null : resolveStream(stream),
    concurrency: concurrency === null ? null : resolveConcurrency(concurrency),
    maintenance: target.maintenance ?? [],
  };
}

function resolveFunction(lambda: NonNullable<TargetOutput["lambda"]>): WatchedFunction {
  const { functionName } = lambda;
  return {
    functionName,
    qualifier: lambda.qualifier ?? DEFAULTS.qualifier,
    reportLines: lambda.reportLines ?? false,
    logGroup: lambda.logGroup ?? `/aws/lambda/${functionName}`,
    gapAllowanceMs: durationMs(lambda.gapAllowance ?? DEFAULTS.gapAllowance) ?? 0,
  };
}

function resolveLimits(target: TargetOutput, defaults: DefaultsOutput) {
  const limits = fillLimits({
    clientTimeoutMs: target.clientTimeoutMs ?? defaults.clientTimeoutMs,
    runTimeoutMs: target.runTimeoutMs ?? defaults.runTimeoutMs,
    slowMs: target.slowMs ?? defaults.slowMs,
  });
  const confirm = {
    delaysMs: target.confirm?.delaysMs ?? defaults.confirm?.delaysMs,
    withinMs: target.confirm?.withinMs ?? defaults.confirm?.withinMs,
  };
  return {
    ...limits,
    confirm: fillConfirm(confirm, limits),
    maxResponseBytes:
      target.maxResponseBytes ?? defaults.maxResponseBytes ?? DEFAULTS.maxResponseBytes,
  };
}

interface SigningPlace {
  readonly service: string | undefined;
  readonly region: string | null;
}

function resolveAuth(auth: TargetOutput["auth"] = { type: "none" }, place: SigningPlace): Auth {
  switch (auth.type) {
    case "none":
    case "bearer":
    case "headers":
      return auth;
    case "sigv4":
      // The rules have made sure that both are known.
      return {
        type: "sigv4",
        service: auth.service ?? place.service ?? "",
        region: auth.region ?? place.region ?? "",
      };
    case "oauthClientCredentials":
      return { ...auth, scope: auth.scope ?? null, tokenEndpoint: auth.tokenEndpoint ?? null };
    default:
      return auth satisfies never;
  }
}

function resolveExpect(expect: NonNullable<TargetOutput["expect"]>): TargetExpectations {
  return {
    tools: expect.tools ?? [],
    minTools: expect.minTools ?? DEFAULTS.minTools,
    minProtocolVersion: expect.minProtocolVersion ?? null,
    cors: expect.cors === undefined ? null : resolveCors(expect.cors),
    getStream: expect.getStream ?? false,
    unauthenticated: expect.unauthenticated ?? null,
  };
}

function resolveCors({ origin, every }: NonNullable<NonNullable<TargetOutput["expect"]>["cors"]>) {
  return { origin, everyMs: durationMs(every ?? DEFAULTS.cors.every) ?? 0 };
}

function resolveSentinel(sentinel: SentinelOutput): Sentinel {
  return {
    tool: sentinel.tool,
    arguments: sentinel.arguments ?? {},
    expect: resolveSentinelExpect(sentinel.expect ?? {}),
    allowWrites: sentinel.allowWrites ?? false,
  };
}

function resolveSentinelExpect({
  jsonPath,
  ...texts
}: NonNullable<SentinelOutput["expect"]>): SentinelExpect {
  return {
    ...written(texts),
    ...(jsonPath === undefined ? {} : { jsonPath: written(jsonPath) }),
  };
}

function resolveStream(stream: NonNullable<TargetOutput["stream"]>): StreamExpectation {
  return {
    everyMs: durationMs(stream.every ?? DEFAULTS.stream.every) ?? 0,
    tool: stream.tool,
    arguments: stream.arguments ?? {},
    minEvents: stream.minEvents ?? DEFAULTS.stream.minEvents,
    minSpreadMs: stream.minSpreadMs ?? DEFAULTS.stream.minSpreadMs,
    allowWrites: stream.allowWrites ?? false,
  };
}

function resolveConcurrency(concurrency: NonNullable<TargetOutput["concurrency"]>) {
  const { every = DEFAULTS.concurrency.every, clients = DEFAULTS.concurrency.clients } =
    concurrency;
  return { everyMs: durationMs(every) ?? 0, clients };
}

type Written<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the keys that say `undefined`. */
function written<T extends object>(value: T): Written<T> {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as Written<T>;
}
