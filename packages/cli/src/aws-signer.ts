import type { Clock, RequestSigner } from "@vigil/core";

/** Signs with this machine's AWS credentials; loads what that takes when a target first needs it. */
export function awsSigner(clock: Clock): RequestSigner {
  let signer: Promise<RequestSigner> | null = null;
  return async (request) => {
    signer ??= import("@vigil/aws/sigv4").then(({ createSigner, defaultCredentials }) =>
      createSigner({ credentials: defaultCredentials(), clock }),
    );
    return (await signer)(request);
  };
}
