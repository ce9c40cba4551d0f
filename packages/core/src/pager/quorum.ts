import type { FailureCode } from "../failure-modes.ts";
import type { GapFault } from "../gap/index.ts";
import type { IncidentStatus } from "../history/index.ts";
import type { TargetState } from "../state.ts";

/**
 * A vantage whose state is older than this has no say: it, or its way home, is away. A state that goes
 * on as it was is written every quarter of an hour, after a run that may start late and take a minute.
 */
export const STALE_VANTAGE_MS = 18 * 60_000;

/** What the vantages together make of a target. */
export type Quorum =
  /** None of them could look: neither good nor bad. */
  | { readonly kind: "unknown" }
  | { readonly kind: "up"; readonly vantages: readonly string[] }
  | {
      readonly kind: "unwell";
      readonly status: IncidentStatus;
      /** Since when enough of them have seen it, ISO 8601. */
      readonly since: string;
      readonly modes: readonly FailureCode[];
      /** Those that see it, and those that see the target well. */
      readonly seenFrom: readonly string[];
      readonly wellFrom: readonly string[];
      readonly lastGoodRunAt: string | null;
    };

/**
 * Half of the vantages that can judge the target are enough: with two, one that sees it down is
 * believed, since its failure was confirmed by repeats; with three, one alone may have a bad line.
 */
export function quorumOf(states: readonly TargetState[], nowMs: number): Quorum {
  const judging = states.filter(
    ({ status, lastRunAt }) =>
      status !== "unknown" && nowMs - Date.parse(lastRunAt) <= STALE_VANTAGE_MS,
  );
  if (judging.length === 0) return { kind: "unknown" };
  const needed = Math.ceil(judging.length / 2);
  const down = judging.filter(({ status }) => status === "down");
  if (down.length >= needed) return unwell("down", { seen: down, judging, needed });
  const notUp = judging.filter(({ status }) => status !== "up");
  if (notUp.length >= needed) return unwell("degraded", { seen: notUp, judging, needed });
  return { kind: "up", vantages: judging.map(({ vantage }) => vantage) };
}

interface Counted {
  readonly seen: readonly TargetState[];
  readonly judging: readonly TargetState[];
  readonly needed: number;
}

function unwell(status: IncidentStatus, { seen, judging, needed }: Counted): Quorum {
  const sinces = seen.map(({ since }) => since).sort();
  const good = judging.flatMap(({ lastGoodRunAt }) => lastGoodRunAt ?? []).sort();
  return {
    kind: "unwell",
    status,
    since: sinces[needed - 1] ?? "",
    modes: [...new Set(seen.flatMap(({ modes }) => modes))],
    seenFrom: seen.map(({ vantage }) => vantage),
    wellFrom: judging.filter(({ status: its }) => its === "up").map(({ vantage }) => vantage),
    lastGoodRunAt: good.at(-1) ?? null,
  };
}

/**
 * The same with a gap window that is a failure of its own: nobody's run need fail for it, and where
 * runs do fail it is one more thing that is wrong.
 */
export function withGapFault(quorum: Quorum, fault: GapFault | null): Quorum {
  if (fault === null) return quorum;
  const { mode, since } = fault;
  if (quorum.kind === "unwell") return { ...quorum, modes: [...quorum.modes, mode] };
  return {
    kind: "unwell",
    status: "degraded",
    since,
    modes: [mode],
    seenFrom: [],
    wellFrom: quorum.kind === "up" ? quorum.vantages : [],
    lastGoodRunAt: null,
  };
}
