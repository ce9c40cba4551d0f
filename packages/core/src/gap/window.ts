import {
  type Bounds,
  type GapWindow,
  type OpenWindow,
  WINDOW_EXPOSURES,
  type WindowEnd,
  type WindowExposure,
} from "./types.ts";

/** A flapping allocation, or deployment upon deployment, must not let the record grow without end. */
const MAX_ENTRIES = 20;
/** AWS gives times of changes in whole seconds. */
const GRAIN_MS = 1_000;

interface Opening extends Pick<OpenWindow, "looked" | "byDeployment"> {
  readonly began: string;
  readonly at: string;
  readonly exposure: WindowExposure;
  readonly reason: string | null;
  readonly version: string;
  readonly deployments: readonly string[];
}

export function openWindow(opening: Opening, hints: readonly string[]): OpenWindow {
  const { at, began, looked, byDeployment, exposure, reason, version, deployments } = opening;
  const window: GapWindow = {
    openedAt: at,
    start: byDeployment ? narrowed(looked, hints) : looked,
    end: null,
    ended: null,
    exposure,
    course: [{ at, exposure }],
    deployments,
    version,
    reason,
    overdueAt: null,
  };
  return { window, looked, byDeployment, worst: exposure, lastOpenAt: began };
}

export function withDeployment(open: OpenWindow, at: string, version: string): OpenWindow {
  const deployments = [...open.window.deployments, at].slice(0, MAX_ENTRIES);
  return { ...open, window: { ...open.window, deployments, version } };
}

export function changeExposure(
  open: OpenWindow,
  change: {
    readonly at: string;
    readonly exposure: WindowExposure;
    readonly reason: string | null;
  },
): OpenWindow {
  const { window, worst } = open;
  const { at, exposure } = change;
  if (exposure === window.exposure) return open;
  const course = [...window.course, { at, exposure }].slice(0, MAX_ENTRIES);
  const reason = change.reason ?? window.reason;
  return {
    ...open,
    window: { ...window, exposure, course, reason },
    worst: worse(worst, exposure),
  };
}

function worse(one: WindowExposure, other: WindowExposure): WindowExposure {
  return WINDOW_EXPOSURES.indexOf(one) > WINDOW_EXPOSURES.indexOf(other) ? one : other;
}

export function closeWindow(
  { window, worst, lastOpenAt }: OpenWindow,
  { at, ended }: { readonly at: string; readonly ended: WindowEnd },
): GapWindow {
  return { ...window, exposure: worst, end: { notBefore: lastOpenAt, notAfter: at }, ended };
}

/** Bounds as close as the changes within them allow. */
export function narrowed(looked: Bounds, changes: readonly string[]): Bounds {
  const from = looked.notBefore === null ? Number.NEGATIVE_INFINITY : Date.parse(looked.notBefore);
  const to = Date.parse(looked.notAfter);
  const inside = changes.map((at) => Date.parse(at)).filter((at) => at >= from && at <= to);
  if (inside.length === 0) return looked;
  return {
    notBefore: new Date(Math.min(...inside)).toISOString(),
    notAfter: new Date(Math.min(to, Math.max(...inside) + GRAIN_MS)).toISOString(),
  };
}

/** Whether pages wait for the window to close: a failed allocation is a fault, which nobody waits for. */
export function holdsPages(window: GapWindow, when: GapPatience): boolean {
  if (window.end !== null || window.overdueAt !== null || window.exposure === "failed")
    return false;
  return when.nowMs - Date.parse(window.openedAt) <= when.allowanceMs;
}

export interface GapPatience {
  readonly nowMs: number;
  readonly allowanceMs: number;
}
