/** What the tests write into vigil.config.ts; vantages, targets and the default region all differ. */

export const HOME = "eu-west-1";
export const SECOND = "ap-southeast-2";
export const DEMO_REGION = "us-east-1";

const ORDERS = { name: "orders", url: "https://abc.lambda-url.us-east-1.on.aws/mcp" };
/** What makes a target's deployments followed. */
const LAMBDA = { functionName: "Orders", qualifier: "live" };

/** Everything that the stacks make. */
export const WHOLE = {
  vantages: [HOME, SECOND],
  paging: { email: ["oncall@example.com"] },
  targets: [{ ...ORDERS, lambda: LAMBDA }],
  demo: { region: DEMO_REGION },
};

export const SMALL = { vantages: [HOME], targets: [ORDERS] };

/** Stands where the emulator's functions are given the address of a server on loopback. */
export const WATCHED_URL = "https://mcp.example.com/mcp";
export const WATCHED = {
  vantages: [HOME],
  targets: [{ name: "orders", url: WATCHED_URL, region: "us-east-1", lambda: LAMBDA }],
  demo: { region: DEMO_REGION },
};
