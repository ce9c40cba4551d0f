import type { Clock, RequestSigner } from "@vigil/core";
import { once } from "./sinks.ts";

/** Signs with the function's role; loads what that takes when a target first needs it. */
export function openSigner(clock: Clock): RequestSigner {
  const open = once(async () => {
    const { createSigner, defaultCredentials } = await import("@vigil/aws/sigv4");
    return createSigner({ credentials: defaultCredentials(), clock });
  });
  return async (request) => (await open())(request);
}
