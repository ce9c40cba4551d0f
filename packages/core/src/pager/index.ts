export { advanceAlert } from "./advance-alert.ts";
export * from "./holds.ts";
export type { PageFacts } from "./page-facts.ts";
export * from "./page-message.ts";
export { MAX_SUBJECT_CHARS } from "./page-words.ts";
export { type Quorum, quorumOf, STALE_VANTAGE_MS } from "./quorum.ts";
export type * from "./types.ts";
