import { type Condition, conditionOf } from "./condition.ts";
import { deploymentOf, type Sight } from "./deployment.ts";
import type { Deployment, GapAdvance, GapEvent, GapState, OpenWindow, Seen } from "./types.ts";
import { changeExposure, closeWindow, narrowed, openWindow, withDeployment } from "./window.ts";

/** Missing for longer, provisioned concurrency counts as removed for good. */
const RETURN_MS = 30 * 60_000;

type Gap = Extract<Condition, { kind: "gap" }>;
type Look = Sight & { readonly deployment: Deployment | null };

/** Was configured, and is missing: whoever comes meets a cold environment. */
const MISSING: Gap = { kind: "gap", exposure: "exposed", reason: null };
const FORGOTTEN = { configured: false, missingSince: null } as const;

export function takeSeen(before: GapState, seen: Seen): GapAdvance {
  const { began, version, codeSha256 } = seen;
  const isSame = before.serving?.version === version;
  const weights = seen.weights ?? (isSame ? before.serving?.weights : null) ?? {};
  const shares = { version, weights };
  const sight = { before, seen, shares, condition: conditionOf(seen, shares, before) };
  const deployment = deploymentOf(sight);
  const state: GapState = {
    ...before,
    ...provisioning(sight),
    seenAt: began,
    serving: { version, codeSha256, weights },
    lastDeployment: deployment?.at ?? before.lastDeployment,
  };
  const told: readonly GapEvent[] = deployment === null ? [] : [{ kind: "deployed", deployment }];
  const look = { ...sight, deployment };
  const then = before.open === null ? whenClosed(state, look) : whenOpen(state, before.open, look);
  return { state: then.state, events: [...told, ...then.events] };
}

/** What is known of provisioned concurrency being configured, after a look. */
function provisioning({
  before,
  condition,
  seen: { at },
}: Sight): Pick<GapState, "configured" | "missingSince" | "readyRequested"> {
  const { configured, missingSince, readyRequested } = before;
  switch (condition.kind) {
    case "unknown":
      return { configured, missingSince, readyRequested };
    case "ready":
      return { configured: true, missingSince: null, readyRequested: condition.requested };
    case "gap":
    case "scaling":
      return { configured: true, missingSince: null, readyRequested };
    case "missing":
      return configured === true
        ? { configured, missingSince: missingSince ?? at, readyRequested: null }
        : { ...FORGOTTEN, readyRequested: null };
    default:
      return condition satisfies never;
  }
}

function whenClosed(state: GapState, look: Look): GapAdvance {
  const { condition } = look;
  switch (condition.kind) {
    case "unknown":
      return { state, events: [] };
    case "ready":
    case "scaling":
      return { state: { ...state, clearAt: look.seen.began }, events: [] };
    case "gap":
      return opened(state, look, condition);
    case "missing":
      return missing(state, look);
    default:
      return condition satisfies never;
  }
}

/** It is a gap only beside a deployment: a deletion alone may be meant. */
function missing(state: GapState, look: Look): GapAdvance {
  const { at, began } = look.seen;
  const isGap = state.configured === true && isWithin(state.lastDeployment, at);
  if (isGap) return opened(state, look, MISSING);
  const isNews = state.missingSince !== null && look.before.missingSince === null;
  const isForGood = state.missingSince !== null && !isWithin(state.missingSince, at);
  return {
    state: { ...state, clearAt: began, ...(isForGood && FORGOTTEN) },
    events: isNews ? [{ kind: "provisioning-removed", at }] : [],
  };
}

function isWithin(since: string | null, at: string): boolean {
  return since !== null && Date.parse(at) - Date.parse(since) <= RETURN_MS;
}

function opened(state: GapState, look: Look, { exposure, reason }: Gap): GapAdvance {
  const { before, seen, deployment } = look;
  const { at, began, version } = seen;
  const open = openWindow(
    {
      at,
      began,
      byDeployment: deployment !== null,
      looked:
        deployment === null
          ? allocated({ notBefore: before.clearAt, notAfter: at }, seen)
          : deployment.between,
      exposure,
      reason,
      version,
      deployments: deployment === null ? [] : [deployment.at],
    },
    state.hints,
  );
  return { state: { ...state, open }, events: [{ kind: "gap-opened", window: open.window }] };
}

/**
 * A first allocation, which no deployment explains, begins when it is asked for. With a deployment
 * this would mislead: what was asked for just before a move is older than the gap.
 */
function allocated(looked: OpenWindow["looked"], { provisioned }: Seen): OpenWindow["looked"] {
  const since = provisioned?.find(({ status }) => status === "in-progress")?.lastModified ?? null;
  const { notAfter } = since === null ? looked : narrowed(looked, [since]);
  return { ...looked, notAfter };
}

function whenOpen(state: GapState, before: OpenWindow, look: Look): GapAdvance {
  const { condition, seen, deployment } = look;
  const open = deployment === null ? before : withDeployment(before, deployment.at, seen.version);
  switch (condition.kind) {
    case "unknown":
      return { state: { ...state, open }, events: [] };
    case "ready":
    case "scaling":
      return closed({ ...state, open: null }, { open, seen, ended: "ready" });
    case "gap":
      return goesOn(state, { open, seen, gap: condition });
    case "missing":
      return isWithin(state.missingSince, seen.at)
        ? goesOn(state, { open, seen, gap: MISSING })
        : closed({ ...state, ...FORGOTTEN, open: null }, { open, seen, ended: "removed" });
    default:
      return condition satisfies never;
  }
}

function closed(
  state: GapState,
  {
    open,
    seen: { at, began },
    ended,
  }: { readonly open: OpenWindow; readonly seen: Seen; readonly ended: "ready" | "removed" },
): GapAdvance {
  const window = closeWindow(open, { at, ended });
  return { state: { ...state, clearAt: began }, events: [{ kind: "gap-closed", window }] };
}

function goesOn(
  state: GapState,
  {
    open,
    seen: { at, began },
    gap: { exposure, reason },
  }: { readonly open: OpenWindow; readonly seen: Seen; readonly gap: Gap },
): GapAdvance {
  const from = open.window.exposure;
  const changed = changeExposure({ ...open, lastOpenAt: began }, { at, exposure, reason });
  const { window } = changed;
  return {
    state: { ...state, open: changed },
    events: exposure === from ? [] : [{ kind: "exposure-changed", window, from }],
  };
}
