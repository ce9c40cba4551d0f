import { FAILURE_MODES, type FailureCode } from "../failure-modes.ts";
import type { PageFacts } from "./page-facts.ts";
import { asciiLine } from "./safe-text.ts";

/** SNS takes fewer than 100. */
export const MAX_SUBJECT_CHARS = 99;

/** `ALARM` while it goes on, `OK` when it is over: PagerDuty and its kin go by these words. */
export function alarmState({ page }: PageFacts): "ALARM" | "OK" {
  return page.kind === "closed" ? "OK" : "ALARM";
}

/** One line of ASCII, for subjects and text messages, which take nothing else. No server's words are in it. */
export function pageLine(facts: PageFacts, max: number): string {
  return asciiLine(`${alarmState(facts)}: ${headline(facts)}`, max);
}

/** What happened, in a sentence's beginning. */
export function headline(facts: PageFacts): string {
  const { page, target } = facts;
  const { alert, kind, at } = page;
  const { name } = target;
  const lasted = duration(Date.parse(at) - Date.parse(alert.openedAt));
  const mode = gravestMode(facts);
  const why = mode === null ? "" : `: ${FAILURE_MODES[mode].title}`;
  switch (kind) {
    case "opened":
      return `${name} is ${alert.status}${why}`;
    case "worse":
      return `${name} was degraded and is now down${why}`;
    case "reminder":
      return `${name} is still ${alert.status} after ${lasted}${why}`;
    case "closed":
      return `${name} is well again after ${lasted}`;
    default:
      return kind satisfies never;
  }
}

/** What makes the alert as bad as it is: what is broken now, else what came last. */
export function gravestMode({
  page,
  failure,
}: Pick<PageFacts, "page" | "failure">): FailureCode | null {
  const { modes, status } = page.alert;
  const grave = modes.filter((mode) => FAILURE_MODES[mode].status === status);
  if (failure !== null && grave.includes(failure.mode)) return failure.mode;
  return grave.at(-1) ?? failure?.mode ?? modes[0] ?? null;
}

const MINUTE_MS = 60_000;

/** `40 s`, `12 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.round(ms / 1_000))} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return twoUnits(`${hours} h`, minutes % 60, "min");
  return twoUnits(`${Math.floor(hours / 24)} d`, hours % 24, "h");
}

function twoUnits(big: string, small: number, unit: string): string {
  return small === 0 ? big : `${big} ${small} ${unit}`;
}

/** `2026-11-22 08:00:00 UTC`. */
export function utc(iso: string): string {
  const canonical = new Date(iso).toISOString();
  return `${canonical.slice(0, 10)} ${canonical.slice(11, 19)} UTC`;
}
