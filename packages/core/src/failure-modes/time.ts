import type { FailureMode } from "./failure-mode.ts";

const COLD = "https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html";

/** Right answers that come too late, or do not come. */
export const TIME = {
  timeout: {
    group: "time",
    status: "down",
    title: "No answer within the client's time",
    cloudwatch: "partly",
    remedy:
      "The request was sent and its answer did not come, or not whole; the evidence says which. Compare the function's Duration with the time-out: near it, the work is too slow (memory, a dependency, a VPC route without NAT); no invocation at all, the front door holds it. Raise clientTimeoutMs only if your clients really wait that long.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html",
  },
  "cold-start-timeout": {
    group: "time",
    status: "down",
    title: "A cold start exceeds the client's time",
    cloudwatch: "partly",
    remedy:
      "The first request to a fresh environment timed out, with proof of a cold start. Raise the memory (CPU grows with it; 1,024 MB is a good start), shrink the bundle, move slow set-up out of the init phase, or put provisioned concurrency on the alias that clients use.",
    reference: COLD,
  },
  "transient-timeout": {
    group: "time",
    status: "degraded",
    title: "A time-out that a repeat did not show",
    cloudwatch: "hidden",
    remedy:
      "A cold start is the likeliest cause. Let the server send the header x-lambda-init as the demo server does, or set lambda: { functionName, reportLines: true } on the target so that Vigil looks for Init Duration in the function's log: with that proof it is called cold-start-timeout. If it recurs, treat it as cold-start-timeout: more memory, a smaller bundle, provisioned concurrency.",
    reference: COLD,
  },
  slow: {
    group: "time",
    status: "degraded",
    title: "Slower than the target's budget",
    cloudwatch: "partly",
    remedy:
      "The step times show where the time goes. Each step about equally slow: memory (CPU) or distance. Only the tool call: its dependency. Change slowMs if the budget is wrong.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html",
  },
} as const satisfies Record<string, FailureMode>;
