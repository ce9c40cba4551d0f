import { type Target, targetFromUrl } from "@vigil/core";
import type { LookPlace } from "./watch-plan.ts";

/** Where the demo server listens unless told otherwise, and so where `demo:break` looks for it. */
export const DEMO_PORT = 7331;
/** Faults of the demo are to be named within two runs, so its client has less patience than usual. */
const DEMO_CLIENT_TIMEOUT_MS = 3_000;
/** Faults and gaps of the demo are to be seen while one looks on. */
export const DEMO_LOOK_MS = 5_000;
const DEMO_ALLOWANCE = "1m";
/** What the demo server is taken for; it answers for Lambda itself. */
const DEMO_FUNCTION = {
  functionName: "vigil-demo",
  qualifier: "live",
  gapAllowance: DEMO_ALLOWANCE,
};
const DEMO_CONFIRM = { delaysMs: [1_000, 2_000], withinMs: 9_000 };

/** The demo server as a target: its sentinel must answer ok. */
export function demoTarget(url: string): Target {
  const made = targetFromUrl(url, {
    name: "demo",
    clientTimeoutMs: DEMO_CLIENT_TIMEOUT_MS,
    runTimeoutMs: DEMO_CLIENT_TIMEOUT_MS + 1_000,
    confirm: DEMO_CONFIRM,
    region: "us-east-1",
    lambda: DEMO_FUNCTION,
    sentinels: [{ tool: "sentinel", expect: { contains: "ok" } }],
  });
  if (!made.ok) {
    throw new Error(`The demo server gave an address that is no target: ${url}`);
  }
  return made.target;
}

/** The same where nothing but its answers counts: its function is played, and AWS knows nothing of it. */
export function demoServerAlone(): Target {
  return { ...demoTarget(`http://127.0.0.1:${DEMO_PORT}/mcp`), lambda: null };
}

/** Lambda as the demo server plays it, which takes any credentials: the operator's own stay here. */
export function demoLookPlace(url: string): LookPlace {
  const { origin } = new URL(url);
  const credentials = { accessKeyId: "demo", secretAccessKey: "demo" };
  return { endpoint: `${origin}/lambda`, credentials };
}
