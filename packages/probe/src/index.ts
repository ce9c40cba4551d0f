export { systemClock } from "./clock.ts";
export {
  type Connection,
  type ConnectionOptions,
  NetworkFailure,
  type OpenConnection,
  type OpenResult,
  openConnection,
} from "./connection.ts";
export { envSecrets } from "./env-secrets.ts";
export { createGate, type Gate } from "./gate.ts";
export { type AccessToken, createTokenCache, type TokenCache } from "./oauth/token-cache.ts";
export {
  type ColdStartProof,
  LOOK_UP_MS,
  proveColdStart,
  wantsColdStartProof,
} from "./prove-cold-start.ts";
export { runConfirmed } from "./run-confirmed.ts";
export { type ProbeOptions, runProbe } from "./run-probe.ts";
export type { ConfirmedOptions, ConfirmedRun, ProbeDeps, SecretResolver } from "./types.ts";
