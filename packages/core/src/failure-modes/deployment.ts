import type { FailureMode } from "./failure-mode.ts";

const PROVISIONED = "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html";

/** What only looks at the function tell, and no run. */
export const DEPLOYMENT = {
  "gap-overdue": {
    group: "hosting",
    status: "degraded",
    title: "A deployment's gap window outlives its allowance",
    cloudwatch: "partly",
    remedy:
      "The version that serves clients still has no ready provisioned concurrency. Was it put again after the alias moved (aws lambda get-provisioned-concurrency-config)? If not, put it; if it is IN_PROGRESS, compare what it asks for with the account's unreserved concurrency, and the function's init time with what is usual; or move the alias back to the version before. If your allocations simply take longer, set lambda: { gapAllowance }.",
    reference: PROVISIONED,
  },
  "allocation-failed": {
    group: "hosting",
    status: "degraded",
    title: "Provisioned concurrency cannot be allocated",
    cloudwatch: "partly",
    remedy:
      "FUNCTION_ERROR_INIT_FAILURE: the new version's code fails while it starts; its log says how. Until an allocation is ready AWS leaves an alias's traffic on the old version, or starts environments on demand, and later deployments wedge. Move the alias back to the version before, or deploy one that starts.",
    reference: PROVISIONED,
  },
} as const satisfies Record<string, FailureMode>;
