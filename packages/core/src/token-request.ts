import type { NetworkError } from "./run.ts";

/** Why an authorization server's answer gives no token. */
export type TokenProblem =
  | { readonly kind: "network"; readonly error: NetworkError }
  | { readonly kind: "timed-out" }
  | { readonly kind: "too-large" }
  /** `errorCode` is OAuth's own, e.g. `invalid_client`; null when the answer names none. */
  | { readonly kind: "status"; readonly status: number; readonly errorCode: string | null }
  | { readonly kind: "unreadable"; readonly detail: string }
  /** The metadata is another issuer's than the configured one. */
  | { readonly kind: "wrong-issuer"; readonly found: string }
  /** The metadata names a token endpoint that the operator did not name. */
  | { readonly kind: "foreign-token-endpoint"; readonly found: string }
  /** The request could not be made, e.g. of a client secret that no header can carry. */
  | { readonly kind: "not-sent"; readonly name: string };

/** A request to an authorization server that led to no token. */
export interface TokenFailure {
  readonly request: "metadata" | "token";
  /** Origin and path. */
  readonly url: string;
  readonly problem: TokenProblem;
}
