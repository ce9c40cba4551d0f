import type { NetworkError, NetworkPhase } from "@vigil/core";

/** What a fetch rejects with, and what breaks a body. The message is the code alone, so it may be printed. */
export class NetworkFailure extends Error {
  readonly failure: NetworkError;

  constructor(failure: NetworkError) {
    super(failure.code);
    this.name = "NetworkFailure";
    this.failure = failure;
  }
}

/** The code of work that was cut off because the connection was destroyed by us. */
export const DESTROYED_CODE = "ERR_STREAM_DESTROYED";

/** With several addresses each fails in its own way; an answer tells more than silence or a missing route. */
const MOST_TELLING = ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];

export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    const codes = error.errors.map(codeOf);
    return MOST_TELLING.find((code) => codes.includes(code)) ?? String(codes[0]);
  }
  if (error instanceof Error && "code" in error && typeof error.code === "string")
    return error.code;
  return "UNKNOWN";
}

/** Failures that know their phase keep it. */
export function failureOf(error: unknown, phase: NetworkPhase): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  return new NetworkFailure({ phase, code: codeOf(error) });
}
