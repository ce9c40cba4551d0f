export {
  bearer,
  defineConfig,
  headers,
  oauthClientCredentials,
  type SecretReference,
  secret,
  sigv4,
} from "./builders.ts";
export { DEFAULTS, MAX_SLO, MIN_SLO } from "./limits.ts";
export {
  type ConfigResult,
  formatFindings,
  parseConfig,
  resolveTarget,
  type TargetOverrides,
  type TargetResult,
  targetFromUrl,
} from "./parse.ts";
export { withClientTimeout } from "./patience.ts";
export { isRegion } from "./regions.ts";
export { resolvePaging } from "./resolve.ts";
export type { VigilConfigInput } from "./schema.ts";
export type { DefaultsInput } from "./schema-limits.ts";
export type { TargetInput } from "./schema-target.ts";
export { secretReferences } from "./secret-references.ts";
export * from "./types.ts";
export { isLoopback, parseUrl } from "./urls.ts";
