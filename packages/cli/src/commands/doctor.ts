import { type FactsRead, readFunctionFacts, type WatchedTarget } from "@vigil/aws/function-facts";
import { type Clock, type Diagnosis, diagnose, worstFinding } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { credentialTrouble } from "../aws-trouble.ts";
import { complain } from "../complain.ts";
import { type Diagnosed, doctorJson, doctorText } from "../doctor-text.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { DoctorFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { createPalette } from "../palette.ts";
import { bad, type Complaint, ok, type Result } from "../result.ts";
import { configuredTargets } from "../targets.ts";

/** A person waits for it, from any network. */
const TIMEOUT_MS = 5_000;

interface DoctorContext {
  readonly io: Io;
  readonly clock?: Clock;
}

/** Holds the function behind a target against the rules, and tells how to mend what is wrong. */
export async function runDoctor(
  name: string,
  flags: DoctorFlags,
  { io, clock = systemClock }: DoctorContext,
): Promise<ExitCode> {
  const target = await watchedTarget(name, flags, io);
  if (!target.ok) return complain(target.complaint, io);
  const read = await readFunctionFacts(target.value, { clock, timeoutMs: TIMEOUT_MS });
  const trouble = troubleOf(read, io);
  if (trouble !== null) return complain(trouble, io);
  const diagnosis = diagnose(read.facts);
  const diagnosed: Diagnosed = { about: read.facts.about, ...diagnosis };
  const width = Math.min(io.columns(), 100);
  io.out(
    flags.json === true
      ? `${JSON.stringify(doctorJson(diagnosed))}\n`
      : doctorText(diagnosed, { palette: createPalette(io.outColour), width }),
  );
  return exitOf(diagnosis);
}

/** The config's target of that name, if it says which function is behind it, and where. */
async function watchedTarget(
  name: string,
  flags: DoctorFlags,
  io: Io,
): Promise<Result<WatchedTarget>> {
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) return configured;
  if (configured.value === null) {
    return bad(
      "There is no config here, and doctor reads from it which function is behind a target. Write one with vigil init, or name it with --config.",
    );
  }
  const { targets, shownPath } = configured.value;
  const target = targets.find((one) => one.name === name);
  if (target === undefined) {
    const known = targets.map((one) => one.name).join(", ");
    return bad(`${shownPath} has no target ${JSON.stringify(name)}. Its targets: ${known}.`);
  }
  const { lambda, region } = target;
  // A config that names a function without a region is refused as such.
  if (lambda === null || region === null) {
    return bad(
      `${shownPath} does not say which function is behind ${name}. Write beside its url: lambda: { functionName: "…", qualifier: "live" }; without an alias, leave qualifier out.`,
    );
  }
  return ok({ ...target, lambda, region });
}

/** What keeps all of it from being read; null when there is something to judge. */
function troubleOf({ facts, error }: FactsRead, io: Io): Complaint | null {
  const { configuration } = facts.parts;
  const { functionName, qualifier, region, target } = facts.about;
  if (configuration.kind === "read") return null;
  if (configuration.why.code === "absent") {
    return {
      message: `There is no function ${functionName} (qualifier ${qualifier}) in ${region}. Put lambda and region of ${target} right, or choose the account with AWS_PROFILE.`,
    };
  }
  return credentialTrouble(error, io.env);
}

/** What could not be read is neither good nor bad: it counts unless something is known to be wrong. */
function exitOf({ findings, unread }: Diagnosis): ExitCode {
  const worst = worstFinding(findings);
  if (worst === "error") return EXIT.down;
  if (unread.length > 0) return EXIT.unknown;
  return worst === "warning" ? EXIT.degraded : EXIT.up;
}
