import { CONTENT, contentKind } from "../content-type.ts";
import type { Exchange, StepRecord } from "../run.ts";
import type { Finding, StepFinding } from "./case.ts";
import { judgeNetworkError } from "./network-rules.ts";

/** Label of the stream step that opens the stream of a GET. */
export const GET_STREAM = "GET";

/** The stream step that calls no tool. */
export function isGetStream({ step, label, exchanges }: StepRecord): boolean {
  const calls = exchanges.some(({ request }) => request.rpcMethod !== null);
  return step === "stream" && label === GET_STREAM && !calls;
}

/** Whether a GET opened a stream, as clients of the legacy era try; null when it did. */
export function judgeGetStream({ exchanges }: StepRecord): StepFinding | null {
  const exchange = exchanges.at(-1);
  if (exchange === undefined) return null;
  const summary = whyNot(exchange);
  return summary === null ? null : { finding: failed(summary), exchange };
}

function failed(summary: string): Finding {
  return { mode: "get-stream-failed", summary };
}

function whyNot({ response, networkError, startMs, endMs }: Exchange): string | null {
  if (response === null) {
    return networkError === null
      ? `no answer to GET within ${Math.round(endMs - startMs)} ms`
      : judgeNetworkError(networkError).summary;
  }
  const { status, contentType } = response;
  if (status === 405) {
    return "the server offers no stream (HTTP 405), and expect.getStream asks for one";
  }
  if (status !== 200) return `HTTP ${status} to GET`;
  if (contentKind(contentType) === CONTENT.sse) return null;
  return `GET was answered with content type ${contentType ?? "none"}, not text/event-stream`;
}
