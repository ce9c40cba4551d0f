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
    .map(({ response }) => initWord(response?.headers ?? {}));
  if (words.includes("cold")) return true;
  return words.includes("warm") ? false : null;
}

/** What an answer says of its environment; null when it says nothing. */
export function initWord(headers: Readonly<Record<string, string>>): string | null {
  return headers[INIT_HEADER]?.split(";", 1)[0]?.trim().toLowerCase() ?? null;
}
