import { takeSeen } from "./seen.ts";
import {
  type Absent,
  DEFAULT_GAP_ALLOWANCE_MS,
  type GapAdvance,
  type GapEvent,
  type GapState,
  type Hint,
  type Observation,
  type Unseen,
} from "./types.ts";
import { closeWindow, narrowed } from "./window.ts";

const MAX_HINTS = 20;

export function startGap(allowanceMs: number = DEFAULT_GAP_ALLOWANCE_MS): GapState {
  return {
    schema: 1,
    allowanceMs,
    lastAt: null,
    seenAt: null,
    clearAt: null,
    serving: null,
    configured: null,
    missingSince: null,
    readyRequested: null,
    lastDeployment: null,
    open: null,
    hints: [],
    trouble: null,
  };
}

/**
 * Takes one look, or one hint, at what serves a qualifier into what is known of it. A look that is
 * not newer than the last one changes nothing; a look that failed leaves all as it was known.
 * Replayable: the same observations from the same state give the same windows.
 */
export function advance(state: GapState, observation: Observation): GapAdvance {
  const { lastAt } = state;
  switch (observation.kind) {
    case "hint":
      return { state: withHint(state, observation), events: [] };
    case "seen":
    case "absent":
    case "unseen":
      if (lastAt !== null && Date.parse(observation.at) <= Date.parse(lastAt)) {
        return { state, events: [] };
      }
      return overdue(take({ ...state, lastAt: observation.at }, observation), observation.at);
    default:
      return observation satisfies never;
  }
}

function take(state: GapState, look: Exclude<Observation, Hint>): GapAdvance {
  switch (look.kind) {
    case "seen":
      return recovered(takeSeen({ ...state, trouble: null }, look), state, look.at);
    case "absent":
      return recovered(takeAbsent({ ...state, trouble: null }, look), state, look.at);
    case "unseen":
      return takeUnseen(state, look);
    default:
      return look satisfies never;
  }
}

/** Hints come when they come: they are no looks, and never stale. */
function withHint(state: GapState, { at }: Hint): GapState {
  const time = new Date(at).toISOString();
  if (state.hints.includes(time)) return state;
  const hints = [...state.hints, time].sort().slice(-MAX_HINTS);
  const { open } = state;
  if (open === null || !open.byDeployment) return { ...state, hints };
  const window = { ...open.window, start: narrowed(open.looked, hints) };
  return { ...state, hints, open: { ...open, window } };
}

function takeUnseen(state: GapState, { at, reason }: Unseen): GapAdvance {
  if (state.trouble === reason) return { state, events: [] };
  return { state: { ...state, trouble: reason }, events: [{ kind: "look-failed", at, reason }] };
}

function recovered({ state, events }: GapAdvance, before: GapState, at: string): GapAdvance {
  if (before.trouble === null) return { state, events };
  return { state, events: [{ kind: "look-recovered", at }, ...events] };
}

/** Whatever comes back later is compared with nothing. */
function takeAbsent(state: GapState, { at, what }: Absent): GapAdvance {
  const isNews = state.serving !== null || state.seenAt === null;
  const gone: readonly GapEvent[] = isNews ? [{ kind: "absent", at, what }] : [];
  const closed: readonly GapEvent[] =
    state.open === null
      ? []
      : [{ kind: "gap-closed", window: closeWindow(state.open, { at, ended: "gone" }) }];
  const { lastAt } = state;
  return {
    // Until then there was nothing that clients could reach.
    state: { ...startGap(state.allowanceMs), lastAt, seenAt: at, clearAt: at },
    events: [...gone, ...closed],
  };
}

/** Marks a window that has been open for longer than pages may wait for it. */
function overdue({ state, events }: GapAdvance, at: string): GapAdvance {
  const { open } = state;
  if (open === null || open.window.overdueAt !== null) return { state, events };
  const openMs = Date.parse(at) - Date.parse(open.window.openedAt);
  if (openMs <= state.allowanceMs) return { state, events };
  const window = { ...open.window, overdueAt: at };
  return {
    state: { ...state, open: { ...open, window } },
    events: [...events, { kind: "gap-overdue", window }],
  };
}
