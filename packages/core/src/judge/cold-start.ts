import type { ProbeRun } from "../run.ts";

/** Header by which a server can say how its environment was when the request came. */
export const INIT_HEADER = "x-lambda-init";

/**
 * Whether the run met a cold environment: only on a server's word, never guessed from latency.
 * True when any answer says so; null when none says anything.
 */
export function provenColdStart(run: ProbeRun): boolean | null {
  const words = run.legs
    .flatMap(({ steps }) => steps)
    // Simultaneous clients open environments that the run's own requests do not meet.
    .filter(({ step }) => step !== "concurrency")
    .flatMap(({ exchanges }) => exchanges)
    .flatMap(({ response }) => response?.headers[INIT_HEADER] ?? [])
    .map((value) => value.split(";", 1)[0]?.trim().toLowerCase());
  if (words.includes("cold")) return true;
  return words.includes("warm") ? false : null;
}
