import type { Clock, RequestSigner, SignableRequest, SignedRequest, StepFault } from "@vigil/core";

/** A request for a signer that knows the service and the region. */
export type UnsignedRequest = Omit<SignableRequest, "service" | "region">;

/** Never rejects; null when the request cannot be signed. */
export type BoundSigner = (
  request: UnsignedRequest,
) => Promise<Extract<SignedRequest, { ok: true }> | null>;

export const NO_AWS_CREDENTIALS: StepFault = {
  kind: "secret-unavailable",
  reference: "AWS credentials",
};

export function bindSigner(
  sign: RequestSigner,
  { service, region }: Pick<SignableRequest, "service" | "region">,
): BoundSigner {
  return async (request) => {
    try {
      const signed = await sign({ ...request, service, region });
      return signed.ok ? signed : null;
    } catch {
      return null;
    }
  };
}

/** A request as it is about to leave. */
export interface Outgoing {
  readonly url: URL;
  readonly init: RequestInit;
  /** All that are sent; the signature's are set among them. */
  readonly headers: Headers;
}

/** Signs a request that is otherwise ready; false when that cannot be done. */
export async function signOutgoing(
  sign: BoundSigner,
  { url, init, headers }: Outgoing,
): Promise<boolean> {
  const signed = await sign({
    method: init.method ?? "GET",
    url: url.href,
    headers: Object.fromEntries(headers),
    // The SDKs send text or nothing.
    body: typeof init.body === "string" ? init.body : null,
  });
  for (const [name, value] of Object.entries(signed?.headers ?? {})) headers.set(name, value);
  return signed !== null;
}

/** What `promise` gives, or null when it takes longer or rejects. */
export function inTime<T>(
  promise: Promise<T>,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<T | null> {
  return new Promise((settle) => {
    const cancel = clock.after(Math.max(0, timeoutMs), () => settle(null));
    const end = (value: T | null) => {
      cancel();
      settle(value);
    };
    promise.then(end, () => end(null));
  });
}
