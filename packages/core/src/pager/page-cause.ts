import type { LikelyCause } from "../doctor/index.ts";
import type { Redactor } from "../redact.ts";
import type { Quorum } from "./quorum.ts";
import { oneLine } from "./safe-text.ts";
import type { Alert } from "./types.ts";

const MAX_CAUSE_CHARS = 300;

/**
 * Whether people are about to be told that a target is down: only then a look at its function is
 * worth its calls.
 */
export function isCauseWanted(alert: Alert | null, quorum: Quorum): boolean {
  if (quorum.kind !== "unwell" || quorum.status !== "down") return false;
  return alert === null || alert.pagedAt === null || alert.status !== "down";
}

/** As everybody is told of it: names in it are whatever somebody called something. */
export function causeLine({ text }: Pick<LikelyCause, "text">, redact: Redactor): string {
  // Again once it is clean: what is invisible may have parted a secret.
  return redact(oneLine(redact(text), MAX_CAUSE_CHARS));
}
