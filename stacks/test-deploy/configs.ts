/** What the tests write into vigil.config.ts; vantages, targets and the default region all differ. */

export const HOME = "eu-west-1";
export const SECOND = "ap-southeast-2";
export const DEMO_REGION = "us-east-1";

const ORDERS = { name: "orders", url: "https://abc.lambda-url.us-east-1.on.aws/mcp" };

/** Everything that the stacks make. */
export const WHOLE = {
  vantages: [HOME, SECOND],
  paging: { email: ["oncall@example.com"] },
  targets: [ORDERS],
  demo: { region: DEMO_REGION },
};

export const SMALL = { vantages: [HOME], targets: [ORDERS] };
