import {
  type AttemptSummary,
  judge,
  nextAttempt,
  type ProbeRun,
  relabelTimeouts,
  type Target,
  toRunRecord,
  type Verdict,
} from "@vigil/core";
import { runProbe } from "./run-probe.ts";
import type { ConfirmedOptions, ConfirmedRun, ProbeDeps } from "./types.ts";

