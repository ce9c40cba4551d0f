import { type IncidentKeeper, shouldWriteState, type ToolKeeper } from "@vigil/aws";
import {
  type Clock,
  extrasOf,
  nextState,
  pagerInvocationOf,
  type RunRecord,
  type Target,
  type TargetState,
  type ToolLists,
} from "@vigil/core";
import type { Keeper } from "./keeper.ts";

/** What this environment knows of a target. */
export interface Memory {
  /** As its last run left it, whether that could be written or not. */
  readonly state: TargetState;
  /** As history last had it; null when it never did. */
  readonly stored: TargetState | null;
}

/** By target; history may be away, or behind. */
export type Remembered = Map<string, Memory>;

export interface FollowDeps {
  readonly clock: Pick<Clock, "now">;
  readonly keeper: Keeper;
  readonly remembered: Remembered;
  readonly tools: ToolKeeper;
  readonly incidents: IncidentKeeper;
}

export interface Ended {
  readonly target: Target;
  readonly record: RunRecord;
  readonly lists: ToolLists | null;
  /** Before the run. */
  readonly memory: Memory | null;
}

/** Whether somebody is told of the run at once. */
export function isPaged({ target, record, memory }: Ended): boolean {
  const { state, events } = nextState(memory?.state ?? null, record, extrasOf(target));
  return pagerInvocationOf(record, state, events) !== null;
}

/** Takes a run into all that is kept of its target: run, page, state, incident, tools. */
export async function follow(ended: Ended, deps: FollowDeps): Promise<void> {
  const { target, record, lists, memory } = ended;
  const { keeper, remembered, tools } = deps;
  const previous = memory?.state ?? null;
  const { state, events } = nextState(previous, record, extrasOf(target));
  remembered.set(record.target, { state, stored: memory?.stored ?? null });
  if (!(await keeper.run(record))) {
    // Another delivery of this minute came first: what it makes of its run is what counts.
    recall(record.target, memory, remembered);
    return;
  }
  const page = pagerInvocationOf(record, state, events);
  await Promise.all([
    page === null ? undefined : keeper.page(page),
    keepState({ ...ended, state }, deps),
    keeper.also(record.target, () => tools.keep({ record, lists, previous })),
  ]);
}

/**
 * The stored state is what environments that overlap agree by: of several that go on from one state
 * only one gets to store the next, and only that one opens and closes incidents. So an incident's
 * beginning is always that of a stored spell, which has one.
 */
async function keepState(
  { record, memory, state }: Ended & { readonly state: TargetState },
  { keeper, clock, remembered, incidents }: FollowDeps,
): Promise<void> {
  const stored = memory?.stored ?? null;
  const isDue = shouldWriteState({
    previous: stored,
    next: state,
    lastWrittenAt: stored?.lastRunAt ?? null,
    now: clock.now(),
  });
  const written = isDue ? await keeper.state(state, stored) : "written";
  if (written === "stale") {
    // What the other one stored is read with the next minute's states.
    remembered.delete(record.target);
    return;
  }
  const onlyRemember = written === "failed";
  if (isDue && !onlyRemember) remembered.set(record.target, { state, stored: state });
  const run = { record, previous: memory?.state ?? null, state, onlyRemember };
  await keeper.also(record.target, () => incidents.follow(run));
}

function recall(target: string, memory: Memory | null, remembered: Remembered): void {
  if (memory === null) remembered.delete(target);
  else remembered.set(target, memory);
}
