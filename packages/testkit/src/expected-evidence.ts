import type { FailureEvidence, JsonRpcError } from "@vigil/core";
import { type Answer, byteCount, type Respond } from "./answer.ts";
import type { Spot } from "./moments.ts";
import { MOMENTS } from "./moments.ts";

/** How much of a body is evidence; the probe promises the first 2 kB. */
const HEAD_CHARS = 2_048;

/** Evidence that can be told from the bytes served; `sseEventsMs` is told by their number only. */
export type ToldEvidence = Omit<FailureEvidence, "headers" | "sseEventsMs" | "detail">;

const NOTHING: ToldEvidence = {
  httpStatus: null,
  contentType: null,
  body: null,
  bytes: null,
  rpcMethod: null,
  rpcError: null,
  networkCode: null,
};

/** What the failure must show of the answer that struck. */
export function toldBy(answer: Answer | null, { moment }: Spot): ToldEvidence {
  if (answer === null) return NOTHING;
  const { rpcMethod } = MOMENTS[moment];
  const networkCode = endedBy(answer);
  if (answer.kind !== "respond") return { ...NOTHING, rpcMethod, networkCode };
  const body = bodyOf(answer);
  return {
    httpStatus: answer.status,
    contentType: headerOf(answer, "content-type"),
    body: body === "" ? null : body.slice(0, HEAD_CHARS),
    bytes: byteCount(answer.chunks),
    rpcMethod,
    rpcError: errorIn(body),
    networkCode,
  };
}

function endedBy(answer: Answer): string | null {
  const end = "end" in answer ? answer.end : answer.kind;
  if (end === "reset") return "ECONNRESET";
  return null;
}

export function headerOf({ headers }: Respond, wanted: string): string | null {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null;
}

function bodyOf({ chunks }: Respond): string {
  const decoder = new TextDecoder();
  let body = "";
  for (const { bytes } of chunks) {
    body += typeof bytes === "string" ? bytes : decoder.decode(bytes, { stream: true });
    if (body.length > HEAD_CHARS) break;
  }
  return body;
}

/** The JSON-RPC error of a body, or of the last event of a stream; null if it is not a valid one. */
function errorIn(body: string): JsonRpcError | null {
  const data = /(?:^|\n)data: (.*)\n\n$/.exec(body)?.[1] ?? body;
  try {
    const message = JSON.parse(data) as { jsonrpc?: unknown; error?: JsonRpcError };
    if (message.jsonrpc !== "2.0" || "result" in message) return null;
    return Number.isSafeInteger(message.error?.code) ? (message.error ?? null) : null;
  } catch {
    return null;
  }
}
