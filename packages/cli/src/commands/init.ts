import { randomUUID } from "node:crypto";
import { lazySigner } from "@vigil/aws/lazy-signer";
import {
  type Clock,
  type FrontDoor,
  parseConfig,
  proposeConfig,
  proposeVantage,
  type TargetProposal,
} from "@vigil/core";
import { type ProbeDeps, systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { InitFlags } from "../flags.ts";
import { type Asker, Stopped, terminalAsker } from "../init/ask.ts";
import { type ConfigPlace, planConfigFile, writeConfigFile } from "../init/config-file.ts";
import { acceptAll, askFor, type Decisions } from "../init/decisions.ts";
import { findDoors } from "../init/find-doors.ts";
import { type Probed, probeDoors } from "../init/probe-doors.ts";
import { withProgress } from "../init/progress.ts";
import { proposeTargets } from "../init/propose.ts";
import { renderConfig } from "../init/render-config.ts";
import { foundLines, remarksOn } from "../init/say.ts";
import type { Io } from "../io.ts";
import { bad, ok, type Result } from "../result.ts";
import { count } from "../text.ts";

interface InitContext {
  readonly io: Io;
  readonly version: string;
  readonly clock?: Clock;
  /** Null when there is nobody to ask. */
  readonly openAsker?: () => Asker | null;
}

/** Finds MCP servers and writes the config that watches them. */
export async function runInit(flags: InitFlags, context: InitContext): Promise<ExitCode> {
  const { io, openAsker = terminalAsker } = context;
  const place = planConfigFile(io.cwd, flags.out);
  if (!place.ok) return complain(place.complaint, io);
  const refusal = flags.yes === true ? refuseToReplace(place.value, flags) : null;
  if (refusal !== null) return complain(refusal, io);
  const asker = flags.yes === true ? null : openAsker();
  if (flags.yes !== true && asker === null) return complain({ message: NOBODY_TO_ASK }, io);
  try {
    const done = await init(flags, { ...context, place: place.value, asker });
    return done.ok ? EXIT.up : complain(done.complaint, io);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return complain({ message: "Stopped. Nothing was written." }, io);
  } finally {
    asker?.close();
  }
}

const NOBODY_TO_ASK =
  "vigil init asks before it probes, calls and writes, and there is no terminal to ask at. Add --yes to take what it proposes; that replaces no config and calls no tool but those annotated as read-only.";

function refuseToReplace({ existing }: ConfigPlace, { force, dryRun }: InitFlags) {
  if (existing === null || force === true || dryRun === true) return null;
  return {
    message: `There is ${existing} already. --force replaces it, --out PATH writes elsewhere, --dry-run prints instead.`,
  };
}

interface Setting extends InitContext {
  readonly place: ConfigPlace;
  readonly asker: Asker | null;
}

async function init(flags: InitFlags, setting: Setting): Promise<Result<null>> {
  const { io, place, asker, clock = systemClock, version } = setting;
  if (asker !== null && !(await mayReplace(place, flags, asker))) {
    return bad(`${place.existing} stays as it is. --out PATH writes elsewhere.`);
  }
  const say = (line: string) => (flags.dryRun === true ? io.err : io.out)(`${line}\n`);
  const decisions = asker === null ? acceptAll : askFor(asker);
  const found = await findDoors(flags, { io, clock, say });
  if (!found.ok) return found;
  const deps = {
    vantage: "local",
    clock,
    secrets: async () => null,
    sign: lazySigner(clock),
    version,
    randomId: () => randomUUID(),
  };
  const probed = await ask(found.value, decisions, { io, deps });
  if (probed === null) return bad("Nothing was asked, so there is nothing to write.");
  foundLines(probed).forEach(say);
  const targets = await proposeTargets(probed, { decisions, deps, say });
  if (targets.length === 0) return bad(NOTHING_TO_WATCH);
  return write({ flags, place, io, say }, await configOf(targets, probed, decisions));
}

const NOTHING_TO_WATCH =
  "No server to watch, so nothing is written. Name an MCP endpoint with --url https://…/mcp, or look in other regions with --region.";

async function mayReplace(
  { existing }: ConfigPlace,
  { force, dryRun }: InitFlags,
  asker: Asker,
): Promise<boolean> {
  if (existing === null || force === true || dryRun === true) return true;
  return asker.confirm(`There is ${existing} already. Replace it in the end?`, false);
}

interface Asking {
  readonly io: Io;
  readonly deps: ProbeDeps;
}

async function ask(
  doors: readonly FrontDoor[],
  decisions: Decisions,
  { io, deps }: Asking,
): Promise<readonly Probed[] | null> {
  if (doors.length === 0) return [];
  if (!(await decisions.probe(doors))) return null;
  let done = 0;
  const passing = () => `asking who speaks MCP: ${done} of ${doors.length} done`;
  return withProgress({ io, clock: deps.clock, passing }, () =>
    probeDoors(doors, deps, () => {
      done += 1;
    }),
  );
}

async function configOf(
  targets: readonly TargetProposal[],
  probed: readonly Probed[],
  decisions: Decisions,
): Promise<Parameters<typeof renderConfig>[0]> {
  const regions = targets.flatMap(({ region }) => (region === null ? [] : [region]));
  const vantage = await decisions.vantage(proposeVantage(regions), regions);
  const email = await decisions.email();
  return { config: proposeConfig({ vantage, email, targets }), remarks: remarksOn(probed) };
}

interface Writing {
  readonly flags: InitFlags;
  readonly place: ConfigPlace;
  readonly io: Io;
  readonly say: (line: string) => void;
}

async function write(
  { flags, place, io, say }: Writing,
  file: Parameters<typeof renderConfig>[0],
): Promise<Result<null>> {
  const parsed = parseConfig(file.config);
  if (!parsed.ok)
    throw new Error(`a config was proposed that is none: ${parsed.findings[0]?.path}`);
  const text = renderConfig(file);
  if (flags.dryRun === true) {
    io.out(text);
    return ok(null);
  }
  const written = await writeConfigFile(place, text);
  if (!written.ok) return written;
  const { targets, vantages } = parsed.config;
  const named = flags.out === undefined ? "" : ` --config ${place.shownPath}`;
  say(`Wrote ${place.shownPath}: ${count(targets.length, "target")}, probed from ${vantages[0]}.`);
  say(`Next: vigil check${named}`);
  return written;
}
