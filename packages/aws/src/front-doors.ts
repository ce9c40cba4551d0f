import type { Clock } from "@vigil/core";
import { findApiRoutes } from "./front-doors/apis.ts";
import { findFunctionUrls } from "./front-doors/function-urls.ts";
import { type DoorsFound, Finds, type OnProgress } from "./front-doors/search.ts";
import { defaultCredentials } from "./sigv4.ts";

export type { DoorsFound, UnansweredCall } from "./front-doors/search.ts";

export interface DoorSearch {
  readonly region: string;
  readonly clock: Clock;
  readonly onProgress: OnProgress;
}

/**
 * Every address of a region that may have an MCP server behind it, by the process's own credentials.
 * Only lists are read. Never rejects: what AWS did not say is told with what it did.
 */
export async function findFrontDoors({
  region,
  clock,
  onProgress,
}: DoorSearch): Promise<DoorsFound> {
  const finds = new Finds(region);
  // Without credentials every call would fail alike; with a role, each would ask for it anew.
  const credentials = defaultCredentials();
  if ((await finds.ask("credentials", credentials)) === null) return finds.found();
  await findFunctionUrls(region, finds, onProgress);
  await findApiRoutes({ region, clock }, finds, onProgress);
  return finds.found();
}
