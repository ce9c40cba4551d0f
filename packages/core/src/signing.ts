/** A request before it is signed for AWS; `headers` are the ones that the server is to trust. */
export interface SignableRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8; null when there is none. */
  readonly body: string | null;
  readonly service: string;
  readonly region: string;
}

export type SignedRequest =
  | {
      readonly ok: true;
      /** What signing adds to the request's headers. */
      readonly headers: Readonly<Record<string, string>>;
      /** What of those must be in nothing that is written. */
      readonly secrets: readonly string[];
    }
  | { readonly ok: false; readonly reason: string };

/** Signs with whatever credentials it has. That it has none is an answer, not a rejection. */
export type RequestSigner = (request: SignableRequest) => Promise<SignedRequest>;
