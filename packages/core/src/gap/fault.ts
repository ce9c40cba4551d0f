import type { Target } from "../config/index.ts";
import type { Status } from "../failure-modes/failure-mode.ts";
import { FAILURE_MODES } from "../failure-modes.ts";
import { DEFAULT_GAP_ALLOWANCE_MS, type GapWindow, type WindowExposure } from "./types.ts";
import { holdsPages } from "./window.ts";

/** A gap window that no page waits for any more: a failure of its own, which no run shows. */
export interface GapFault {
  readonly target: string;
  readonly mode: "gap-overdue" | "allocation-failed";
  readonly status: Exclude<Status, "up">;
  /** Since when it is a fault, as far as it was looked at. ISO 8601. */
  readonly since: string;
  /** One line, in terms of what happened here. */
  readonly summary: string;
  readonly remedy: string;
  readonly window: GapWindow;
}

export interface OpenGap {
  readonly target: Pick<Target, "name" | "lambda">;
  readonly window: GapWindow;
  readonly nowMs: number;
}

/** How long a gap window of the target holds pages, in milliseconds. */
export function allowanceOf({ lambda }: Pick<Target, "lambda">): number {
  return lambda?.gapAllowanceMs ?? DEFAULT_GAP_ALLOWANCE_MS;
}

/** What is wrong with an open window; null while it is within its allowance, and once it is closed. */
export function gapFaultOf({ target, window, nowMs }: OpenGap): GapFault | null {
  const allowanceMs = allowanceOf(target);
  if (window.end !== null || holdsPages(window, { nowMs, allowanceMs })) return null;
  const mode = window.exposure === "failed" ? "allocation-failed" : "gap-overdue";
  const { status, remedy } = FAILURE_MODES[mode];
  return {
    target: target.name,
    mode,
    status,
    since: mode === "allocation-failed" ? failedAt(window) : overdueAt(window, allowanceMs),
    summary: summaryOf(window, allowanceMs),
    remedy,
    window,
  };
}

export interface OpenGaps extends Pick<OpenGap, "nowMs"> {
  /** Open windows by target, as history keeps them. */
  readonly gaps: ReadonlyMap<string, GapWindow>;
  readonly targets: readonly OpenGap["target"][];
}

/** Those of the open windows that are failures of their own. */
export function overdueGaps({ gaps, targets, nowMs }: OpenGaps): readonly GapFault[] {
  return targets.flatMap((target) => {
    const window = gaps.get(target.name);
    return (window && gapFaultOf({ target, window, nowMs })) ?? [];
  });
}

function failedAt({ course, openedAt }: GapWindow): string {
  return course.findLast(({ exposure }) => exposure === "failed")?.at ?? openedAt;
}

function overdueAt(window: GapWindow, allowanceMs: number): string {
  return window.overdueAt ?? new Date(Date.parse(window.openedAt) + allowanceMs).toISOString();
}

const CLIENTS: Readonly<Record<WindowExposure, string>> = {
  shielded: "AWS holds traffic on the old version",
  exposed: "clients reach cold environments",
  failed: "the allocation failed",
};

function summaryOf({ version, exposure, reason, openedAt }: GapWindow, allowanceMs: number) {
  if (exposure === "failed") {
    const why = reason === null ? "" : ` (${reason})`;
    return `provisioned concurrency of version ${version} could not be allocated${why}`;
  }
  const minutes = Math.round(allowanceMs / 60_000);
  return `version ${version} has no ready provisioned concurrency since ${openedAt}, longer than its ${minutes} min: ${CLIENTS[exposure]}`;
}
