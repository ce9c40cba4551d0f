export { advanceAlert } from "./advance-alert.ts";
export * from "./holds.ts";
export { type Quorum, quorumOf, STALE_VANTAGE_MS } from "./quorum.ts";
export type * from "./types.ts";
