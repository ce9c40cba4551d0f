export * from "./clock.ts";
export * from "./failure-modes.ts";
export * from "./run.ts";
export * from "./state.ts";
export * from "./verdict.ts";
