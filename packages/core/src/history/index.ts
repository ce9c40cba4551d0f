export * from "./coverage.ts";
export * from "./first-attempt.ts";
export * from "./histogram.ts";
export * from "./periods.ts";
export * from "./rollup.ts";
export * from "./sli.ts";
export * from "./summary.ts";
