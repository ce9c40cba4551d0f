export * from "./config.ts";
export * from "./front-door.ts";
export * from "./name.ts";
export * from "./sentinel.ts";
export * from "./vantage.ts";
