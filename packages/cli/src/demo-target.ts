import { type Target, targetFromUrl } from "@vigil/core";

/** Where the demo server listens unless told otherwise, and so where `demo:break` looks for it. */
export const DEMO_PORT = 7331;
/** Faults of the demo are to be named within two runs, so its client has less patience than usual. */
const DEMO_CLIENT_TIMEOUT_MS = 3_000;
const DEMO_CONFIRM = { delaysMs: [1_000, 2_000], withinMs: 9_000 };

/** The demo server as a target: its sentinel must answer ok. */
export function demoTarget(url: string): Target {
  const made = targetFromUrl(url, {
    name: "demo",
    clientTimeoutMs: DEMO_CLIENT_TIMEOUT_MS,
    runTimeoutMs: DEMO_CLIENT_TIMEOUT_MS + 1_000,
    confirm: DEMO_CONFIRM,
    sentinels: [{ tool: "sentinel", expect: { contains: "ok" } }],
  });
  if (!made.ok) {
    throw new Error(`The demo server gave an address that is no target: ${url}`);
  }
  return made.target;
}
