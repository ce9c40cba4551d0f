import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { CredentialSource } from "./sigv4.ts";

/**
 * The AWS SDK's default chain, which keeps credentials until they expire. A module of its own, so
 * that it is loaded on need: bundled, an import() of a CommonJS package itself has no named exports.
 */
export function createDefaultChain(): CredentialSource {
  const provider = defaultProvider();
  return () => provider();
}
