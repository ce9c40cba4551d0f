/** Configs that the tests deploy. Vantages, targets and the default region all differ. */

export const HOME = "eu-west-1";
export const SECOND = "ap-southeast-2";
export const THIRD = "ca-central-1";
export const TARGET_REGION = "us-east-1";

const ORDERS = { name: "orders", url: `https://abc.lambda-url.${TARGET_REGION}.on.aws/mcp` };

/** The least that can be deployed. */
export const SMALL = { vantages: [HOME], targets: [ORDERS] };

/** Three vantages, and targets with all that takes a permission. */
export const FULL = {
  vantages: [HOME, SECOND, THIRD],
  paging: {
    email: ["oncall@example.com", "boss@example.com", "oncall@example.com"],
    https: ["https://events.example.com/vigil"],
  },
  targets: [
    {
      ...ORDERS,
      auth: { type: "bearer", token: { secret: "ssm:/vigil/orders/token" } },
    },
    {
      name: "billing",
      url: "https://billing.example.com/mcp",
      headers: { "x-api-key": { secret: "secretsmanager:vigil/billing" } },
    },
  ],
};

/** With targets that ask for proof of cold starts. */
export const PROOFS = {
  vantages: [HOME],
  targets: [
    { ...ORDERS, lambda: { functionName: "Orders", reportLines: true } },
    {
      name: "billing",
      url: "https://billing.example.com/mcp",
      region: THIRD,
      lambda: { functionName: "Billing", reportLines: true, logGroup: "/mcp/billing" },
    },
    { name: "search", url: "https://search.example.com/mcp" },
  ],
};

/** With functions whose deployments are followed. */
export const FOLLOWED = {
  vantages: [HOME, SECOND],
  targets: [
    { ...ORDERS, lambda: { functionName: "Orders", qualifier: "live" } },
    {
      name: "billing",
      url: "https://billing.example.com/mcp",
      region: THIRD,
      lambda: { functionName: "Billing", qualifier: "7" },
    },
    { name: "search", url: "https://search.example.com/mcp" },
  ],
};

export const DEMO_REGION = "us-east-1";
/** With the demo server, broken. */
export const DEMO = { ...SMALL, demo: { region: DEMO_REGION, fault: "tools-empty" } };

/** As many targets as one shard never takes. */
export const THOUSAND = {
  vantages: [HOME],
  profile: "lean",
  targets: Array.from({ length: 1_000 }, (_, n) => ({
    name: `t${n}`,
    url: `https://t${n}.example.com/mcp`,
  })),
};
