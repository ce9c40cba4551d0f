/** All that loads an AWS SDK: imported when a table is configured, and not otherwise. */
export { dynamo } from "./dynamo.ts";
export { createLookup } from "./lookup.ts";
export { createSessionTable } from "./session-table.ts";
