import type { Exchange } from "../run.ts";
import type { FailureEvidence } from "../verdict.ts";
import type { Finding } from "./case.ts";

export const NO_EVIDENCE: FailureEvidence = {
  httpStatus: null,
  contentType: null,
  headers: {},
  body: null,
  bytes: null,
  rpcMethod: null,
  rpcError: null,
  sseEventsMs: null,
  networkCode: null,
  detail: null,
};

export function evidenceOf(exchange: Exchange | null, finding: Finding): FailureEvidence {
  const detail = finding.detail ?? null;
  if (exchange === null) {
    return { ...NO_EVIDENCE, detail, networkCode: finding.networkCode ?? null };
  }
  const { response, request, reply, sse, networkError } = exchange;
  return {
    httpStatus: response?.status ?? null,
    contentType: response?.contentType ?? null,
    headers: response?.headers ?? {},
    body: exchange.bodyHead === "" ? null : exchange.bodyHead,
    bytes: response === null ? null : exchange.bodyBytes,
    rpcMethod: request.rpcMethod,
    rpcError: reply.kind === "error" ? reply.error : null,
    sseEventsMs: sse === null ? null : sse.events.map(({ atMs }) => atMs),
    networkCode: networkError?.code ?? null,
    detail,
  };
}
