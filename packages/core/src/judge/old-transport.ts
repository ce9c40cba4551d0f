import type { FailureCode } from "../failure-modes.ts";
import type { Exchange, StepRecord } from "../run.ts";
import type { StepFinding } from "./case.ts";

const REFUSALS: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "http-not-found",
  "http-unexpected",
]);
/** What a server of the old transport, which takes no POST at its address, may answer to one. */
const REFUSING_STATUS: ReadonlySet<number> = new Set([400, 404, 405]);

/** The refused `initialize` may have reached a server that is first to be asked by GET. */
export function mayBeOldTransport({ era }: StepRecord, found: StepFinding): boolean {
  if (era !== "legacy" || !REFUSALS.has(found.finding.mode)) return false;
  return REFUSING_STATUS.has(found.exchange?.response?.status ?? 0);
}

/** Whether a GET was answered as the old HTTP+SSE transport does. */
export function showsOldTransport({ request, sse }: Exchange): boolean {
  return request.httpMethod === "GET" && request.rpcMethod === null && sse?.endpointEvent === true;
}

/** What was found, unless a GET behind it tells the cause. */
export function orOldTransport(step: StepRecord, found: StepFinding | null): StepFinding | null {
  if (found === null || step.step !== "negotiate" || !mayBeOldTransport(step, found)) return found;
  const exchange = step.exchanges.find(showsOldTransport);
  if (exchange === undefined) return found;
  const refusal = found.exchange?.response;
  return {
    finding: {
      mode: "legacy-sse-transport",
      summary: `POST is refused (HTTP ${refusal?.status}), and GET opens with an \`endpoint\` event, as the old HTTP+SSE transport does`,
      detail: `POST: HTTP ${refusal?.status}, ${refusal?.contentType ?? "no content type"}; GET: an \`endpoint\` event`,
    },
    exchange,
  };
}
