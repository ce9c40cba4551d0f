export * from "./first-attempt.ts";
export * from "./histogram.ts";
export * from "./rollup.ts";
export * from "./summary.ts";
