import type { Target } from "../config/index.ts";
import type { Deployment, GapWindow } from "../gap/index.ts";
import type { Redactor } from "../redact.ts";
import type { Failure } from "../verdict.ts";
import type { Page } from "./types.ts";

/** All that a page may tell of. */
export interface PageFacts {
  readonly page: Page;
  readonly target: Pick<Target, "name" | "severity" | "owner" | "tags" | "runbook" | "lambda">;
  /** The worst failure of the newest run that failed; null when none could be read. */
  readonly failure: Failure | null;
  /** Vantages that see the target well. */
  readonly wellFrom: readonly string[];
  readonly lastGoodRunAt: string | null;
  /** The last one before the alert began, however long before; null when there is none, or none is followed. */
  readonly deployment: Deployment | null;
  /** The gap window that is open; null when none is. */
  readonly gap: GapWindow | null;
  /** Of the deployment; null on one machine. Commands are to ask it. */
  readonly stage: string | null;
  /** Takes out every secret of the target's. */
  readonly redact: Redactor;
}
