import type { FailureEvidence } from "@vigil/core";
import { count, plain, plainLines } from "./text.ts";

/** Enough to tell what came back, in one line if there is room. */
export function evidenceInShort(evidence: FailureEvidence): readonly string[] {
  const { rpcError, detail } = evidence;
  return [
    ...transport(evidence),
    rpcError === null ? null : `JSON-RPC error ${rpcError.code}: ${plain(rpcError.message, 120)}`,
    detail === null ? null : plain(detail, 160),
  ].filter((part) => part !== null);
}

function transport(evidence: FailureEvidence): readonly (string | null)[] {
  const { httpStatus, contentType, bytes, networkCode } = evidence;
  return [
    networkCode === null ? null : plain(networkCode, 60),
    httpStatus === null ? null : `HTTP ${httpStatus}`,
    contentType === null ? null : plain(contentType, 80),
    bytes === null ? null : count(bytes, "byte"),
  ];
}

/** Everything that was kept. Header values are the server's; secrets never get here. */
export function evidenceInFull(evidence: FailureEvidence): readonly string[] {
  const { rpcMethod, rpcError, detail, sseEventsMs, headers, body } = evidence;
  const first = transport(evidence).filter((part) => part !== null);
  const data = rpcError?.data === undefined ? "" : ` ${plain(JSON.stringify(rpcError.data), 300)}`;
  return [
    ...(first.length === 0 ? [] : [first.join(" · ")]),
    ...(rpcMethod === null ? [] : [`answer to ${plain(rpcMethod, 80)}`]),
    ...(rpcError === null
      ? []
      : [`JSON-RPC error ${rpcError.code}: ${plain(rpcError.message)}${data}`]),
    ...(detail === null ? [] : [plain(detail)]),
    ...(sseEventsMs === null ? [] : [eventTimes(sseEventsMs)]),
    ...Object.entries(headers).map(([name, value]) => `${plain(name, 80)}: ${plain(value, 300)}`),
    ...(body === null || body === "" ? [] : plainLines(body).map((line) => `│ ${line}`)),
  ];
}

function eventTimes(times: readonly number[]): string {
  const told = times.map((ms) => `${Math.round(ms)} ms`).join(", ");
  return times.length === 0 ? "no SSE event came" : `SSE events at ${told}`;
}
