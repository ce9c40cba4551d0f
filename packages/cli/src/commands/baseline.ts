import { acceptTools, compareLists, type ToolBaseline, type ToolLists } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { baselineChanges } from "../baseline-rows.ts";
import { type BaselineView, baselineText, changesTable } from "../baseline-text.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { BaselineFlags } from "../flags.ts";
import { createPalette } from "../palette.ts";
import type { Place } from "../place.ts";
import { checkSubject, type ReadContext, withHistory } from "../read-history.ts";
import { bad, ok, type Result } from "../result.ts";
import { count } from "../text.ts";

interface Context {
  readonly io: ReadContext["io"];
  readonly clock?: ReadContext["clock"];
}

/** Shows the accepted tools of a target, and what it lists now that differs. */
export function runBaselineShow(
  target: string,
  flags: BaselineFlags,
  { io, clock = systemClock }: Context,
): Promise<ExitCode> {
  return withHistory(flags, { io, clock }, async (place) => {
    const view = await look(place, target);
    if (!view.ok) {
      return view;
    }
    const text =
      flags.json === true
        ? `${JSON.stringify(viewJson(view.value))}\n`
        : baselineText(view.value, { palette: createPalette(io.outColour) });
    io.out(text);
    return ok(EXIT.up);
  });
}

/** Takes what a target lists now as what its callers rely on. */
export function runBaselineAccept(
  target: string,
  flags: BaselineFlags,
  { io, clock = systemClock }: Context,
): Promise<ExitCode> {
  return withHistory(flags, { io, clock }, async (place) => {
    const view = await look(place, target);
    if (!view.ok) {
      return view;
    }
    const accepted = await accept(place, view.value, new Date(clock.now()).toISOString());
    if (!accepted.ok) {
      return accepted;
    }
    const { changes } = view.value;
    if (flags.json === true) {
      const json = viewJson({ ...view.value, baseline: accepted.value ?? view.value.baseline });
      io.out(`${JSON.stringify({ ...json, accepted: accepted.value !== null })}\n`);
    } else if (accepted.value === null) {
      io.out(`Nothing to accept: the tools that ${target} listed last are the accepted ones.\n`);
    } else {
      io.out(changes.length === 0 ? "" : `${changesTable(changes, createPalette(io.outColour))}\n`);
      io.out(`${acceptedText(target, accepted.value, place.seenBy)}\n`);
    }
    return ok(EXIT.up);
  });
}

async function look(place: Place, target: string): Promise<Result<BaselineView>> {
  const { history } = place;
  const known = await checkSubject(place, { target, vantage: undefined });
  if (!known.ok) {
    return known;
  }
  const [baseline, latest] = [await history.getBaseline(target), await history.getTools(target)];
  const compared =
    baseline === null || latest === null ? [] : compareLists(baseline.lists, latest.lists);
  return ok({ target, baseline, latest, changes: baselineChanges(compared) });
}

/** The new baseline; null when there is nothing to accept. */
async function accept(
  { history, flags }: Place,
  { target, baseline, latest, changes }: BaselineView,
  now: string,
): Promise<Result<ToolBaseline | null>> {
  if (latest === null) {
    return bad(
      `No run of ${target} has listed its tools yet, so there is nothing to accept. Its runs say why: vigil history ${target}${flags}.`,
    );
  }
  if (baseline !== null && changes.length === 0) {
    return ok(null);
  }
  const next = acceptTools(latest, baseline, now);
  const written = await history.putBaseline({ target, baseline: next, when: "always" });
  return written === "too-large"
    ? bad(`The tools of ${target} are too many to be kept, so they cannot be accepted.`)
    : ok(next);
}

function acceptedText(target: string, { lists }: ToolBaseline, seenBy: string): string {
  const counts = Object.values(lists).map(({ toolCount }) => count(toolCount, "tool"));
  return `Accepted: ${target} with ${counts.join(" and ")}. ${seenBy} it is held against these.`;
}

/** Names of tools instead of their schemas, which may be large. */
function viewJson({ target, baseline, latest, changes }: BaselineView) {
  return {
    target,
    baseline:
      baseline === null
        ? null
        : {
            acceptedAt: baseline.acceptedAt,
            acceptedBy: baseline.acceptedBy,
            previousAcceptedAt: baseline.previousAcceptedAt,
            lists: listsJson(baseline.lists),
          },
    latest: latest === null ? null : { since: latest.at, lists: listsJson(latest.lists) },
    breaking: changes.some((change) => change.breaking),
    changes,
  };
}

function listsJson(lists: ToolLists) {
  return Object.fromEntries(
    Object.entries(lists).map(([era, { toolsHash, toolCount, tools }]) => [
      era,
      { toolsHash, toolCount, tools: tools.map(({ name }) => name).sort() },
    ]),
  );
}
