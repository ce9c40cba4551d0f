import {
  type DeploymentExposure,
  FAILURE_MODES,
  type FailureCode,
  GROUPS,
  type Group,
  type Status,
} from "@vigil/core";

/** What a target is shown as. */
export type Shown = Status | "stale" | "waiting";

/** A word and a sign for each, so that nothing hangs on colour. */
export const SHOWN: Readonly<Record<Shown, { readonly word: string; readonly sign: string }>> = {
  up: { word: "up", sign: "✓" },
  degraded: { word: "degraded", sign: "!" },
  down: { word: "down", sign: "✕" },
  unknown: { word: "unknown", sign: "?" },
  stale: { word: "stale", sign: "‖" },
  waiting: { word: "first run to come", sign: "…" },
};

/** What clients met, in words. */
export const EXPOSURE_TEXTS: Readonly<Record<DeploymentExposure, string>> = {
  shielded: "shielded: traffic stayed on the old version",
  exposed: "exposed: clients reached cold environments",
  failed: "failed: provisioned concurrency could not be allocated",
  unprovisioned: "unprovisioned: cold starts, for there is no provisioned concurrency",
  covered: "covered: provisioned concurrency was ready all along",
  unknown: "unknown: nobody could look",
};

/** In the order in which targets are listed: what somebody must look at comes first. */
export const MOST_URGENT_FIRST: readonly Shown[] = [
  "down",
  "unknown",
  "stale",
  "degraded",
  "waiting",
  "up",
];

/** The letter on a mode's mark, and the class that bears its colour. */
export const GROUP_LETTERS: Readonly<Record<Group, string>> = {
  network: "N",
  "front-door": "F",
  hosting: "H",
  protocol: "P",
  tools: "T",
  time: "L",
  browser: "B",
  monitor: "M",
};

export const GROUP_NAMES = Object.keys(GROUPS) as readonly Group[];

function isCode(mode: string): mode is FailureCode {
  return Object.hasOwn(FAILURE_MODES, mode);
}

/** Another version may have written modes that this one does not know. */
export function groupOf(mode: string): Group | null {
  return isCode(mode) ? FAILURE_MODES[mode].group : null;
}

export function modeOf(mode: string) {
  return isCode(mode) ? FAILURE_MODES[mode] : null;
}

/** `g-T` and so on; `g-x` for modes of another version. */
export function groupClass(mode: string): string {
  const group = groupOf(mode);
  return group === null ? "g-x" : `g-${GROUP_LETTERS[group]}`;
}
