export * from "./datapoints.ts";
export * from "./registry.ts";
