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
  if (phase === "dns") return { mode: "dns-failure", summary };
  if (phase === "tls") return { mode: CUT.has(code) ? "connection-reset" : "tls-failure", summary };
  if (phase === "tcp") return { mode: BY_CODE[code] ?? BY_PHASE.tcp, summary };
  return { mode: BY_PHASE[phase], summary };
}

export function judgeConnectTimeout(phase: NetworkPhase, timeoutMs: number): Finding {
  return {
    mode: phase === "dns" ? "dns-failure" : "connect-timeout",
    summary: `no connection within ${timeoutMs} ms (stuck ${WHERE[phase]})`,
  };
}
