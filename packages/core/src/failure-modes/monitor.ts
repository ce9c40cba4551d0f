import type { FailureMode } from "./failure-mode.ts";

const AUTHORIZATION =
  "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization";

/** Why a run says nothing about the target. */
export const MONITOR = {
  "probe-error": {
    group: "monitor",
    status: "unknown",
    title: "The probe itself failed",
    cloudwatch: "hidden",
    remedy:
      "This is a fault in Vigil, not in the target. The evidence names the error; the run with VIGIL_DEBUG=1 shows where. Please report it.",
    reference: "docs/failure-modes.md",
  },
  "secret-unavailable": {
    group: "monitor",
    status: "unknown",
    title: "A secret cannot be read",
    cloudwatch: "hidden",
    remedy:
      "env: set the variable named in the evidence where the probe runs. ssm: and secretsmanager: the name must exist in the home region, and the probe's role, or on your own machine your AWS credentials, must be allowed to read it. AWS credentials (sigv4): the probe takes what any AWS tool finds there, from the environment, a profile or a role; `aws sts get-caller-identity` tells whether there are any, and expired ones do not count.",
    reference: "docs/failure-modes.md",
  },
  "deadline-exhausted": {
    group: "monitor",
    status: "unknown",
    title: "The run had no time left for this target",
    cloudwatch: "hidden",
    remedy:
      "The probe ran out of its own time before this target's turn: raise runTimeoutMs, or spread the targets over more shards.",
    reference: "docs/failure-modes.md",
  },
  "auth-required": {
    group: "monitor",
    status: "unknown",
    title: "401: the server wants credentials and none are configured",
    cloudwatch: "hidden",
    remedy:
      'Give the target credentials: auth: bearer(secret("env:TOKEN")) or headers({…}) in vigil.config.ts, or `--header "Authorization: Bearer env:TOKEN"` with `vigil check`. To watch only that it refuses strangers as it should: expect: { unauthenticated: "challenge" }.',
    reference: AUTHORIZATION,
  },
  "credential-expired": {
    group: "monitor",
    status: "unknown",
    title: "The monitor's credential has expired",
    cloudwatch: "hidden",
    remedy: "Renew the token behind the secret reference. The target itself was not judged.",
    reference: AUTHORIZATION,
  },
  "token-request-failed": {
    group: "monitor",
    status: "unknown",
    title: "The authorization server gave no token",
    cloudwatch: "hidden",
    remedy:
      "The summary says which request failed. invalid_client: check client id and secret. unauthorized_client: allow the client the client_credentials grant. invalid_scope, invalid_target: check scope, and that the server knows the target's URL as a resource. Metadata of another issuer: write `issuer` exactly as the authorization server names itself. A token endpoint at another origin, as with Amazon Cognito: if it is yours, name it in `tokenEndpoint`. The target itself was not judged.",
    reference: AUTHORIZATION,
  },
  "sentinel-unsuitable": {
    group: "monitor",
    status: "unknown",
    title: "The sentinel tool cannot be called unattended",
    cloudwatch: "hidden",
    remedy:
      "The tool asks back (for input, sampling or a task) or may change data. Choose a read-only tool that answers by itself; for one that writes and may, set allowWrites: true on the sentinel (vigil check --tool: --allow-writes).",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/server/tools",
  },
} as const satisfies Record<string, FailureMode>;
