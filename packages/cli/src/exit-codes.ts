import type { Status } from "@vigil/core";

/** What the process tells its caller. Part of the public contract. */
export const EXIT = { up: 0, down: 1, usage: 2, degraded: 3, unknown: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const FAIL_ON = ["down", "degraded"] as const;
/** The mildest status that fails the command. */
export type FailOn = (typeof FAIL_ON)[number];

/** Of several targets, the worst one's code is the command's. */
const WORST_FIRST: readonly ExitCode[] = [2, 1, 4, 3, 0];

export function exitCodeOf(status: Status, failOn: FailOn): ExitCode {
  if (status === "degraded" && failOn === "down") {
    return EXIT.up;
  }
  return EXIT[status];
}

export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.up;
}
