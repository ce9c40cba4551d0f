import type { Clock, RequestSigner } from "@vigil/core";

/**
 * Signs with the AWS credentials that the process finds (a profile, a role, the environment); loads
 * what that takes when a target first needs it.
 */
export function lazySigner(clock: Clock): RequestSigner {
  let signer: Promise<RequestSigner> | null = null;
  return async (request) => {
    signer ??= import("./sigv4.ts").then(({ createSigner, defaultCredentials }) =>
      createSigner({ credentials: defaultCredentials(), clock }),
    );
    return (await signer)(request);
  };
}
