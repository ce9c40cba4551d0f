import {
  type ConfigFinding,
  type JsonObject,
  resolveTarget,
  type Target,
  type TargetOverrides,
  type TargetResult,
  targetFromUrl,
  withClientTimeout,
} from "@vigil/core";
import { demoServerAlone } from "./demo-target.ts";
import type { CheckFlags } from "./flags.ts";
import { type HeaderFlags, overrideHeaders, readHeaders } from "./header-flag.ts";
import type { Io } from "./io.ts";
import { type LocalSecrets, openLocalSecrets } from "./local-secrets.ts";
import { all, allComplaints, bad, ok, type Result } from "./result.ts";
import { type Configured, configuredTargets } from "./targets.ts";
import { plain } from "./text.ts";

/** One target to check, and what the operator calls it. */
export interface Check {
  readonly label: string;
  readonly target: Target;
}

export interface CheckPlan {
  readonly checks: readonly Check[];
  readonly secrets: LocalSecrets;
}

/** As the config spells names. */
const TARGET_NAME = /^[a-z0-9-]+$/u;

/** What the flags say of every target. */
interface Said {
  readonly sentinel: SentinelFlag | null;
  readonly headers: HeaderFlags;
}

interface SentinelFlag {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly expect: { readonly contains?: string };
  readonly allowWrites: boolean;
}

/** Turns names, URLs and flags into targets; every complaint there is comes at once. */
export async function planCheck(
  names: readonly string[],
  flags: CheckFlags,
  io: Io,
): Promise<Result<CheckPlan>> {
  const sentinel = readSentinel(flags);
  const headers = readHeaders(flags.header ?? [], io.env);
  const patience = readPatience(flags);
  const needsConfig = names.length === 0 || names.some((name) => TARGET_NAME.test(name));
  const config =
    needsConfig || flags.config !== undefined
      ? await configuredTargets(io.cwd, flags.config)
      : ok(null);
  if (!sentinel.ok || !headers.ok || !patience.ok || !config.ok) {
    return allComplaints([sentinel, headers, patience, config]);
  }
  const said = { sentinel: sentinel.value, headers: headers.value };
  const checks = collectChecks(names, { flags, said, config: config.value });
  if (!checks.ok) return checks;
  const home = config.value?.config.vantages[0] ?? null;
  const secrets = openLocalSecrets({ env: { ...io.env, ...said.headers.secrets }, home });
  return ok({ checks: checks.value, secrets });
}

function readPatience({ timeout, waitReady }: CheckFlags): Result<null> {
  return timeout === undefined || waitReady === true
    ? ok(null)
    : bad(
        "--timeout says how long --wait-ready waits, which is not asked for. Add it, or write --client-timeout MS for one answer's time.",
      );
}

interface Sources {
  readonly flags: CheckFlags;
  readonly said: Said;
  readonly config: Configured | null;
}

function collectChecks(names: readonly string[], sources: Sources): Result<readonly Check[]> {
  const { config, flags, said } = sources;
  if (names.length > 0) {
    return all([...new Set(names)].map((name) => collectOne(name, sources)));
  }
  if (config === null) {
    return bad(
      "Nothing to check. Name a URL (vigil check http://localhost:3000/mcp), or write a vigil.config.ts.",
    );
  }
  return all(config.targets.map((target) => checkOfTarget(target, flags, said)));
}

function collectOne(name: string, { config, flags, said }: Sources): Result<Check> {
  if (!TARGET_NAME.test(name)) {
    return checkOfUrl(name, flags, said);
  }
  // Without a config a watch watches the demo server, and its pages tell to check it by this name.
  const known = config === null ? [demoServerAlone()] : config.targets;
  const target = known.find((candidate) => candidate.name === name);
  if (target !== undefined) {
    return checkOfTarget(target, flags, said);
  }
  return config === null
    ? bad(
        `${name} is no URL, and there is no vigil.config.ts here to name it. Write the whole URL (https://…/mcp), or --config PATH.`,
      )
    : bad(
        `There is no target ${name} in ${config.shownPath}. It has: ${config.targets.map((known) => known.name).join(", ")}.`,
      );
}

function checkOfUrl(url: string, flags: CheckFlags, said: Said): Result<Check> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//iu.test(url)) {
    const label = labelOf(url);
    return bad(
      `${label} is no whole URL: it begins with neither https:// nor http://. ${guess(label)}`,
    );
  }
  const made = targetFromUrl(url, overridesOf(flags, said));
  return made.ok
    ? ok({ label: labelOf(url), target: made.target })
    : bad(findingsText(labelOf(url), made.findings));
}

function overridesOf(flags: CheckFlags, said: Said): TargetOverrides {
  const { era, clientTimeout, minTools, confirm, deep } = flags;
  return {
    ...(confirm ? {} : { confirm: { delaysMs: [] } }),
    ...(deep === true && { concurrency: {} }),
    ...(era === undefined ? {} : { era }),
    ...(clientTimeout === undefined ? {} : { clientTimeoutMs: clientTimeout }),
    ...(minTools === undefined ? {} : { expect: { minTools } }),
    ...(said.sentinel === null ? {} : { sentinels: [said.sentinel] }),
    headers: said.headers.values,
  };
}

/** A configured target with what the flags say otherwise. */
function checkOfTarget(configured: Target, flags: CheckFlags, said: Said): Result<Check> {
  const { sentinel, headers } = said;
  const { name: label, expect, sentinels } = configured;
  const target: Target = {
    ...configured,
    ...overrideHeaders(configured, headers),
    ...(flags.confirm ? {} : { confirm: { ...configured.confirm, delaysMs: [] } }),
    era: flags.era ?? configured.era,
    expect: { ...expect, minTools: flags.minTools ?? expect.minTools },
    sentinels: sentinel === null ? sentinels : [sentinel],
  };
  const patient = withClientTimeout(target, flags.clientTimeout ?? target.clientTimeoutMs);
  const clashes = [patient, agreement(target, flags, said)].flatMap((read) =>
    read.ok ? [] : read.findings,
  );
  return patient.ok && clashes.length === 0
    ? ok({ label, target: patient.target })
    : bad(`${label}: ${findingsText(label, clashes)}`);
}

/** Whether the flags go with what the config says, by the config's own rules. */
function agreement(target: Target, { minTools }: CheckFlags, said: Said): TargetResult {
  const { name, url, era, stream } = target;
  const { tools, minProtocolVersion, unauthenticated, getStream } = target.expect;
  const tellsTools = minTools !== undefined || target.expect.minTools === 0;
  return resolveTarget({
    name,
    url,
    era,
    headers: said.headers.values,
    expect: {
      ...(tellsTools && { minTools: target.expect.minTools }),
      ...(tools.length > 0 && { tools }),
      ...(minProtocolVersion !== null && { minProtocolVersion }),
      ...(unauthenticated !== null && { unauthenticated }),
      ...(getStream && { getStream }),
    },
    ...(target.sentinels.length > 0 && { sentinels: target.sentinels }),
    ...(stream !== null && { stream: { tool: stream.tool } }),
  });
}

function readSentinel(flags: CheckFlags): Result<SentinelFlag | null> {
  const { tool, args, contains, allowWrites = false } = flags;
  if (tool === undefined) {
    const aimless = [
      ...(args === undefined ? [] : ["--args"]),
      ...(contains === undefined ? [] : ["--contains"]),
      ...(allowWrites ? ["--allow-writes"] : []),
    ];
    return aimless[0] === undefined
      ? ok(null)
      : bad(`${aimless[0]} needs the tool that it is for: --tool NAME.`);
  }
  const read = args === undefined ? ok({}) : readArguments(args);
  const expect = contains === undefined ? {} : { contains };
  return read.ok ? ok({ tool, arguments: read.value, expect, allowWrites }) : read;
}

const ARGS_HOW = `Quote it for the shell: --args '{"message":"hi"}'`;

function readArguments(text: string): Result<JsonObject> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? ok(parsed as JsonObject)
      : bad(`--args must be a JSON object, the tool's arguments by name. ${ARGS_HOW}`);
  } catch (error) {
    const why = error instanceof Error ? plain(error.message, 120) : "it cannot be parsed";
    return bad(`--args is no JSON: ${why}. ${ARGS_HOW}`, error);
  }
}

function guess(label: string): string {
  return /^(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?(?:\/|$)/u.test(label)
    ? `Write http://${label}`
    : 'Write the MCP endpoint\'s whole address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".';
}

/** What is typed, but for a query, which may hold a key, and a password, which is one. */
function labelOf(url: string): string {
  return plain(url.replace(/[?#].*$/su, "").replace(/\/\/[^/]*@/u, "//"), 200);
}

/** The flags by what they say of a target. */
const FLAG_OF: Readonly<Record<string, string>> = {
  era: "--era",
  clientTimeoutMs: "--client-timeout",
  runTimeoutMs: "--client-timeout",
  "expect.minTools": "--min-tools",
  "sentinels[0].expect.contains": "--contains",
  sentinels: "--tool",
};

function findingsText(label: string, findings: readonly ConfigFinding[]): string {
  return findings
    .map(({ path, problem, fix }) => `${subject(label, path)} ${problem}. ${fix}`)
    .join("\n");
}

function subject(label: string, path: string): string {
  const [key = ""] = path.split(/[.[]/u);
  if (key === "headers") {
    return `--header ${path.slice("headers".length).replace(/^[.["]+|["\]]+$/gu, "")}`;
  }
  const flag = Object.keys(FLAG_OF).find((place) => path === place || key === place);
  if (flag !== undefined) {
    return FLAG_OF[flag] ?? label;
  }
  return key === "expect" ? path : label;
}
