/** What a target gets where its config is silent. */
export const DEFAULTS = {
  profile: "standard",
  severity: "critical",
  era: "auto",
  clientTimeoutMs: 10_000,
  runTimeoutMs: 15_000,
  slowMs: 3_000,
  maxResponseBytes: 1_048_576,
  confirm: { delaysMs: [2_000, 6_000], withinMs: 20_000 },
  slo: 99.9,
  minTools: 1,
  stream: { every: "10m", minEvents: 2, minSpreadMs: 200 },
  cors: { every: "60m" },
  concurrency: { every: "60m", clients: 3 },
  qualifier: "$LATEST",
  remindEvery: "30m",
  gapAllowance: "5m",
} as const;

/** A run starts every minute and must be over by then. */
export const MAX_RUN_TIMEOUT_MS = 59_999;
export const MAX_CLIENT_TIMEOUT_MS = MAX_RUN_TIMEOUT_MS - 1;
export const MAX_RESPONSE_BYTES = 100 * 1_048_576;
export const MAX_NAME_LENGTH = 64;
export const MAX_CLIENTS = 20;
/** A day of maintenance. */
export const MAX_WINDOW_MINUTES = 1_440;
export const MIN_EVERY_MS = 60_000;
export const MAX_EVERY_MS = 86_400_000;
export const MIN_REMINDER_MS = 300_000;
/** How long pages may wait for a gap window to close. */
export const MIN_GAP_ALLOWANCE_MS = 60_000;
export const MAX_GAP_ALLOWANCE_MS = 3_600_000;
/** Percent. A hundred would leave no budget at all. */
export const MIN_SLO = 50;
export const MAX_SLO = 99.999;
