import type { History } from "@vigil/aws";
import { BUDGET_WINDOW, DEFAULTS, type SloReport, sloReport } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { firstRunAt } from "../first-run.ts";
import type { SloFlags } from "../flags.ts";
import { createPalette } from "../palette.ts";
import type { Place } from "../place.ts";
import {
  checkSubject,
  collect,
  type ReadContext,
  type Subject,
  tellUnreadable,
  withHistory,
} from "../read-history.ts";
import { ok, type Result } from "../result.ts";
import { type SloSubject, sloJson, sloText } from "../slo-text.ts";
import { configuredTargets } from "../targets.ts";

const ALL = "all";

interface Objective {
  readonly percent: number;
  /** Where it comes from, for people. */
  readonly source: string;
}

/** Shows how a target, or each of them, keeps its objective. */
export async function runSlo(
  target: string,
  flags: SloFlags,
  {
    io,
    clock = systemClock,
  }: { readonly io: ReadContext["io"]; readonly clock?: ReadContext["clock"] },
): Promise<ExitCode> {
  const objective = await readObjective(flags, io.cwd);
  if (!objective.ok) {
    return complain(objective.complaint, io);
  }
  const context = { io, clock };
  return withHistory(flags, context, async (place) => {
    const subject = { target, vantage: flags.vantage };
    const targets = await targetsOf(place, subject);
    return targets.ok
      ? report(
          place.history,
          { targets: targets.value, objective: objective.value, flags },
          context,
        )
      : targets;
  });
}

/** `--slo` needs no config; without either it is what a config gets that says nothing. */
async function readObjective({ slo, config }: SloFlags, cwd: string): Promise<Result<Objective>> {
  if (slo !== undefined) {
    return ok({ percent: slo, source: "--slo" });
  }
  const configured = await configuredTargets(cwd, config);
  if (!configured.ok) {
    return configured;
  }
  return ok(
    configured.value === null
      ? { percent: DEFAULTS.slo, source: "the usual objective; there is no config here" }
      : { percent: configured.value.slo, source: configured.value.shownPath },
  );
}

async function targetsOf(place: Place, subject: Subject): Promise<Result<readonly string[]>> {
  const known = await place.history.targets();
  if (subject.target === ALL && known.length > 0) {
    return ok(known);
  }
  const checked = await checkSubject(place, subject);
  return checked.ok ? ok([subject.target]) : checked;
}

interface Wanted {
  readonly targets: readonly string[];
  readonly objective: Objective;
  readonly flags: SloFlags;
}

async function report(
  history: History,
  { targets, objective, flags }: Wanted,
  { io, clock }: ReadContext,
): Promise<Result<ExitCode>> {
  const now = clock.now();
  for (const [index, target] of targets.entries()) {
    const question = { target, vantage: flags.vantage, objective: objective.percent, now };
    const { slo, unreadable } = await readSlo(history, question);
    const subject: SloSubject = {
      target,
      vantage: flags.vantage ?? null,
      source: objective.source,
    };
    const text = () => sloText(slo, subject, createPalette(io.outColour));
    io.out(
      flags.json === true
        ? `${JSON.stringify(sloJson(slo, subject))}\n`
        : `${index > 0 ? "\n" : ""}${text()}`,
    );
    tellUnreadable(unreadable, io);
  }
  return ok(EXIT.up);
}

interface Question extends Subject {
  readonly objective: number;
  readonly now: number;
}

async function readSlo(
  history: History,
  { target, vantage, objective, now }: Question,
): Promise<{ readonly slo: SloReport; readonly unreadable: number }> {
  const [first, { entries: rollups, unreadable }] = await Promise.all([
    firstRunAt(history, { target, vantage }),
    collect(
      history.rollups(target, {
        since: new Date(now - BUDGET_WINDOW.lengthMs).toISOString(),
        order: "oldest",
        ...(vantage !== undefined && { vantage }),
      }),
    ),
  ]);
  return { slo: sloReport({ rollups, objective, now, firstRunAt: first }), unreadable };
}
