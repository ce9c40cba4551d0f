import { DEFAULTS } from "../config/index.ts";
import type { OwnPath } from "./key-path.ts";
import { type KeyWords, shown } from "./key-words.ts";
import { STEP_WORDS } from "./words-step.ts";

type TargetPath = Extract<OwnPath, `targets[].${string}`>;
type Words = Readonly<Record<Exclude<TargetPath, keyof typeof STEP_WORDS>, KeyWords>>;

const OWN: Words = {
  "targets[].name": { means: "its name everywhere; unique" },
  "targets[].url": { means: "the MCP endpoint" },
  "targets[].region": {
    means: "where it runs",
    fallback: "from the URL, where AWS has it there",
  },
  "targets[].allowSameRegion": {
    means: "allows a vantage in the target's own region",
    fallback: shown(false),
  },
  "targets[].tags": { means: "for routes and mutes" },
  "targets[].owner": { means: "who answers for it; for routes" },
  "targets[].severity": {
    means: "for routes; stands in pages",
    fallback: shown(DEFAULTS.severity),
  },
  "targets[].runbook": { means: "stands in pages" },
  "targets[].era": {
    means: 'which protocol to speak; `"both"` judges each, and the worse counts',
    fallback: shown(DEFAULTS.era),
  },
  "targets[].headers": { means: "sent with every request" },
  "targets[].auth": { means: "the [credentials](#credentials) of every request" },
  "targets[].auth.bearer.token": { means: "sent as `Authorization: Bearer`" },
  "targets[].auth.headers.headers": { means: "sent with every request, secret ones among them" },
  "targets[].auth.sigv4.service": {
    means: "the service that checks the signature",
    fallback: "from the URL, where AWS has it there",
  },
  "targets[].auth.sigv4.region": {
    means: "the region that is signed for",
    fallback: "the target's",
  },
  "targets[].auth.oauthClientCredentials.issuer": {
    means: "the only authorization server that may see the secret",
  },
  "targets[].auth.oauthClientCredentials.clientId": {
    means: "the client's id, as that server knows it",
  },
  "targets[].auth.oauthClientCredentials.clientSecret": { means: "the client's secret" },
  "targets[].auth.oauthClientCredentials.scope": {
    means: "the scopes to ask for, with one blank between them",
  },
  "targets[].auth.oauthClientCredentials.tokenEndpoint": {
    means: "where the issuer gives tokens, if not at its own origin",
    fallback: "what the issuer publishes",
  },
  "targets[].lambda": { means: "the function behind it: deployments, doctor, native metrics" },
  "targets[].lambda.functionName": { means: "the function" },
  "targets[].lambda.qualifier": {
    means: "what serves clients",
    fallback: shown(DEFAULTS.qualifier),
  },
  "targets[].lambda.reportLines": {
    means: "true looks for proof of cold starts in its log: [cold-starts.md](cold-starts.md)",
    fallback: shown(false),
  },
  "targets[].lambda.logGroup": {
    means: "the log group that it writes to",
    fallback: "`/aws/lambda/NAME`",
  },
  "targets[].lambda.gapAllowance": {
    means: "how long a deployment's gap holds pages",
    fallback: shown(DEFAULTS.gapAllowance),
  },
  "targets[].maintenance": { means: "windows in which pages are held" },
  "targets[].maintenance[].cron": { means: "when one begins" },
  "targets[].maintenance[].minutes": { means: "how long it lasts" },
};

/** The keys of a target, but for its limits. */
export const TARGET_WORDS: Readonly<Record<TargetPath, KeyWords>> = { ...OWN, ...STEP_WORDS };
