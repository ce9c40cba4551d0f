import type { FailureCode } from "../failure-modes.ts";
import type { NetworkError, NetworkPhase } from "../run.ts";
import type { Finding } from "./case.ts";

const BY_CODE: Readonly<Record<string, FailureCode>> = {
  ECONNREFUSED: "connect-refused",
  ETIMEDOUT: "connect-timeout",
  EHOSTUNREACH: "connect-timeout",
  ENETUNREACH: "connect-timeout",
  EADDRNOTAVAIL: "connect-refused",
};

const BY_PHASE: Readonly<Record<NetworkPhase, FailureCode>> = {
  dns: "dns-failure",
  tcp: "connection-reset",
  tls: "tls-failure",
  send: "connection-reset",
  body: "connection-reset",
};

const WHERE: Readonly<Record<NetworkPhase, string>> = {
  dns: "while the name was looked up",
  tcp: "while the connection was opened",
  tls: "during the TLS handshake",
  send: "before an answer began",
  body: "in the middle of the answer",
};

/** Errors of a handshake that was cut, rather than refused for its certificate. */
const CUT = new Set(["ECONNRESET", "EPIPE"]);

export function judgeNetworkError(error: NetworkError): Finding {
  const { phase, code } = error;
  const summary = `the connection failed ${WHERE[phase]} (${code})`;
  return { mode: modeOf(error), summary, networkCode: code };
}

/** Node's parser gives these for bytes that are no HTTP. */
const NOT_HTTP = "HPE_";
/** A status below 200 or above 599, which no client can make a response of. */
const NO_STATUS = "ERR_HTTP_INVALID_STATUS_CODE";

/** The body is not what its content-encoding says: zlib's and Brotli's codes. */
const BAD_CODING = /^(Z_|ERR__ERROR_|ERR_BROTLI)/;

function modeOf({ phase, code }: NetworkError): FailureCode {
  if (code.startsWith(NOT_HTTP)) return "not-mcp-response";
  if (code === NO_STATUS) return "http-unexpected";
  if (phase === "body" && BAD_CODING.test(code)) return "malformed-json";
  if (phase === "tls" && CUT.has(code)) return "connection-reset";
  if (phase === "tcp") return BY_CODE[code] ?? BY_PHASE.tcp;
  return BY_PHASE[phase];
}

export function judgeConnectTimeout(phase: NetworkPhase, timeoutMs: number): Finding {
  return {
    mode: phase === "dns" ? "dns-failure" : "connect-timeout",
    summary: `no connection within ${timeoutMs} ms (stuck ${WHERE[phase]})`,
  };
}
