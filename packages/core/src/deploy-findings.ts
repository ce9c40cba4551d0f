import { alarmSpecs } from "./alarms/index.ts";
import {
  type ConfigFinding,
  type Paging,
  secretReferences,
  type Target,
  type VigilConfig,
} from "./config/index.ts";
import { LOCAL_VANTAGE } from "./config/regions.ts";
import { isLoopback, parseUrl } from "./config/urls.ts";
import { isFollowed } from "./gap/index.ts";
import { MAX_ROLE_POLICIES, policyGroups } from "./policy-groups.ts";
import { signedResource } from "./signed-resource.ts";

/** CloudWatch's default quota for a region of an account. Source: its service quotas. */
const MAX_ALARMS = 5_000;
/** IAM's quota for the inline policies of a role together. */
const MAX_POLICY_CHARACTERS = 10_240;
/** Of a policy, what is not about single targets; and what an ARN has beside its own name. */
const POLICY_FRAME = 2_000;
const ARN_FRAME = 75;
/** SNS's quota for a topic. Source: its endpoints and quotas. */
const MAX_FILTERS = 200;

/** What a sound config asks for that no deployment can have, though one machine could. */
export function deployFindings(config: VigilConfig): readonly ConfigFinding[] {
  const { vantages, targets } = config;
  const local = vantages.flatMap((vantage, index) =>
    vantage === LOCAL_VANTAGE ? [localVantage(index)] : [],
  );
  const [home] = vantages;
  return [
    ...local,
    ...targets.flatMap((target, index) => targetFindings(target, { index, home })),
    ...tooManyAlarms(config),
    ...tooLongPolicy(targets),
    ...tooManyFollowed(targets),
    ...tooManyRoutes(config.paging),
  ];
}

const localVantage = (index: number): ConfigFinding => ({
  path: `vantages[${index}]`,
  problem: 'is "local", which it is also when nothing is written, and no region to deploy to',
  fix: 'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].',
});

interface Place {
  readonly index: number;
  readonly home: string;
}

function targetFindings(target: Target, { index, home }: Place): readonly ConfigFinding[] {
  const path = `targets[${index}]`;
  const fromEnv = secretReferences(target).filter((reference) => reference.startsWith("env:"));
  return [
    ...(isLoopback(parseUrl(target.url)?.hostname ?? "") ? [ownAddress(path)] : []),
    ...fromEnv.map((reference) => ({
      path,
      problem: `takes a secret from ${reference}, and a deployed function has no such variable`,
      fix: `Keep it in Parameter Store in ${home}, and write secret("ssm:/vigil/${target.name}/token"), or whatever its path is.`,
    })),
    ...(target.auth.type === "sigv4" && signedResource(target) === null ? [unsigned(path)] : []),
  ];
}

const ownAddress = (path: string): ConfigFinding => ({
  path: `${path}.url`,
  problem: "is this machine's own address, behind which a deployed probe finds nothing",
  fix: 'Write an address that can be reached from AWS, for example "https://….lambda-url.us-east-1.on.aws/mcp".',
});

const unsigned = (path: string): ConfigFinding => ({
  path: `${path}.auth`,
  problem: "signs requests for what the probe cannot be given permission to call: it is not named",
  fix: 'Write lambda: { functionName: "McpServer" } for a Function URL, or the API\'s own address, https://….execute-api.….amazonaws.com, for API Gateway.',
});

function tooManyAlarms(config: VigilConfig): readonly ConfigFinding[] {
  const byRegion = new Map<string, number>();
  for (const { region } of alarmSpecs(config))
    byRegion.set(region, (byRegion.get(region) ?? 0) + 1);
  return [...byRegion]
    .filter(([, count]) => count > MAX_ALARMS)
    .map(([region, count]) => ({
      path: "targets",
      problem: `take ${count} alarms in ${region}, where an account may have ${MAX_ALARMS}`,
      fix: 'Write profile: "lean", watch from fewer vantages, or watch some of the targets from another account.',
    }));
}

/** The probe's role names every secret and log that it may read, and every function that it may call. */
function tooLongPolicy(targets: readonly Target[]): readonly ConfigFinding[] {
  const called = targets.flatMap((target) => signedResource(target)?.name ?? []);
  const logs = targets.flatMap(({ lambda }) => (lambda?.reportLines ? [lambda.logGroup] : []));
  const named = new Set([...targets.flatMap(secretReferences), ...called, ...logs]);
  const characters = [...named].reduce((sum, name) => sum + name.length + ARN_FRAME, 0);
  if (POLICY_FRAME + characters <= MAX_POLICY_CHARACTERS) return [];
  return [
    {
      path: "targets",
      problem: `name ${named.size} secrets, functions and logs, too many for the ${MAX_POLICY_CHARACTERS} characters of a role's policy`,
      fix: "Let targets share secrets, or watch some of them from another stage.",
    },
  ];
}

/** The roles of pager and correlator name every function that they look at. */
function tooManyFollowed(targets: readonly Target[]): readonly ConfigFinding[] {
  if (policyGroups(targets).length <= 1 + MAX_ROLE_POLICIES) return [];
  const functions = new Set(
    targets.filter(isFollowed).map(({ lambda, region }) => `${region} ${lambda.functionName}`),
  );
  return [
    {
      path: "targets",
      problem: `name ${functions.size} functions to look at, too many for the ${MAX_ROLE_POLICIES} policies of a role`,
      fix: "Leave lambda out of some of them, or watch some of them from another stage.",
    },
  ];
}

/** An address that gets some pages is a subscription with a filter; one that gets every page has none. */
function tooManyRoutes({ email, https, routes }: Paging): readonly ConfigFinding[] {
  const everything = new Set([...email, ...https]);
  const routed = new Set(routes.flatMap((route) => [...route.email, ...route.https]));
  const filters = [...routed].filter((address) => !everything.has(address)).length;
  if (filters <= MAX_FILTERS) return [];
  return [
    {
      path: "paging.routes",
      problem: `lead to ${filters} addresses, and a topic takes ${MAX_FILTERS} that get only some pages`,
      fix: "Write one address for each team, for example a mailing list, or write addresses under paging.email, which get every page.",
    },
  ];
}
