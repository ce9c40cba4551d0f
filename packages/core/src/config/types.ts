import type { Era } from "../run.ts";

export const PROFILES = ["lean", "standard"] as const;
/** Which metrics and alarms are paid for. */
export type Profile = (typeof PROFILES)[number];

export const SEVERITIES = ["critical", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ERA_CHOICES = ["auto", "legacy", "modern", "both"] as const;
/** `auto` finds the era out; `both` judges each, and the worst wins. */
export type EraChoice = Era | "auto" | "both";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Where a secret is kept: `env:NAME`, `ssm:/path` or `secretsmanager:name`. Never the value. */
export interface SecretRef {
  readonly secret: string;
}

export type HeaderValues = Readonly<Record<string, string | SecretRef>>;

/** How a target's requests are authorised. */
export type Auth =
  | { readonly type: "none" }
  | { readonly type: "bearer"; readonly token: SecretRef }
  | { readonly type: "headers"; readonly headers: HeaderValues }
  | { readonly type: "sigv4"; readonly service: string; readonly region: string }
  | {
      readonly type: "oauthClientCredentials";
      /** The only authorization server that may see the client's secret. */
      readonly issuer: string;
      readonly clientId: string;
      readonly clientSecret: SecretRef;
      readonly scope: string | null;
      /** Where the issuer gives tokens, if that is not at its own origin. */
      readonly tokenEndpoint: string | null;
    };

/** What the result of a sentinel's call must hold; all that are given must. Never an error. */
export interface SentinelExpect {
  /** Part of the text content. */
  readonly contains?: string;
  /** The whole text content. */
  readonly equals?: string;
  /** RFC 9535, into the structured content or, without any, into the text read as JSON. */
  readonly jsonPath?: {
    readonly path: string;
    readonly equals?: JsonValue;
    /** False: nothing may be there. */
    readonly exists?: boolean;
  };
  /** Members that the structured content must have, at every depth. */
  readonly structured?: JsonObject;
}

/** A harmless tool call whose answer shows that the server works. */
export interface Sentinel {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly expect: SentinelExpect;
  /** Call the tool even if it is annotated as writing or destructive. */
  readonly allowWrites: boolean;
}

/** A tool whose answer must arrive in pieces. */
export interface StreamExpectation {
  readonly everyMs: number;
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly minEvents: number;
  /** Least time from the first to the last event. */
  readonly minSpreadMs: number;
  readonly allowWrites: boolean;
}

/** A regular time in which failures page nobody. */
export interface MaintenanceWindow {
  /** Five fields, UTC. */
  readonly cron: string;
  readonly minutes: number;
}

export interface Confirmation {
  /** The wait before each repeat of a failed attempt; empty for no repeat. */
  readonly delaysMs: readonly number[];
  /** Time for the first attempt, all waits and all repeats together. */
  readonly withinMs: number;
}

export interface TargetExpectations {
  readonly tools: readonly string[];
  readonly minTools: number;
  readonly minProtocolVersion: string | null;
  /** A browser page of this origin must be able to use the server. */
  readonly cors: { readonly origin: string; readonly everyMs: number } | null;
  /** Legacy clients must be able to open the stream that GET offers; held against in the stream step. */
  readonly getStream: boolean;
  /** The server must refuse whoever has no credentials, and say where to get a token (RFC 9728). */
  readonly unauthenticated: "challenge" | null;
}

/** The Lambda function behind a target. */
export interface WatchedFunction {
  readonly functionName: string;
  readonly qualifier: string;
  /** Look for proof of a cold start among the function's REPORT lines. */
  readonly reportLines: boolean;
  readonly logGroup: string;
  /** How long a gap window holds pages; then it is a failure of its own. */
  readonly gapAllowanceMs: number;
}

/** One MCP server, with every default filled in. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** Where the server runs: as written, else as the URL's host tells. */
  readonly region: string | null;
  readonly allowSameRegion: boolean;
  readonly tags: readonly string[];
  readonly owner: string | null;
  readonly severity: Severity;
  readonly runbook: string | null;
  readonly lambda: WatchedFunction | null;
  readonly era: EraChoice;
  readonly auth: Auth;
  /** Further headers of every request. */
  readonly headers: HeaderValues;
  /** Time that a client waits for one answer. */
  readonly clientTimeoutMs: number;
  /** Time of one whole attempt. */
  readonly runTimeoutMs: number;
  readonly slowMs: number;
  readonly maxResponseBytes: number;
  readonly confirm: Confirmation;
  readonly expect: TargetExpectations;
  readonly sentinels: readonly Sentinel[];
  readonly stream: StreamExpectation | null;
  readonly concurrency: { readonly everyMs: number; readonly clients: number } | null;
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Who is told of some targets' pages besides. */
export interface PagingRoute extends Addresses {
  /** Each key that names anything must name something of the target's. */
  readonly when: {
    readonly severity: readonly Severity[];
    readonly tags: readonly string[];
    readonly owner: readonly string[];
  };
}

export interface Addresses {
  readonly email: readonly string[];
  readonly https: readonly string[];
}

/** Its own addresses get every page. */
export interface Paging extends Addresses {
  readonly routes: readonly PagingRoute[];
  /** From one page to its reminder. */
  readonly remindEveryMs: number;
  /** Whether a target that can still be used pages. */
  readonly degraded: boolean;
  /** Pinged every minute; whoever waits for the pings pages when Vigil cannot. */
  readonly deadman: string | null;
}

/** A server to watch and to break, which `sst deploy` brings along. */
export interface DemoServer {
  readonly region: string;
  /** Which of its faults is on. */
  readonly fault: string | null;
}

export interface VigilConfig {
  /** The first is home. */
  readonly vantages: readonly [string, ...string[]];
  readonly profile: Profile;
  /** Percent of good runs to be kept. */
  readonly slo: number;
  readonly paging: Paging;
  /** Null where it is not asked for. */
  readonly demo: DemoServer | null;
  /** Whether CloudTrail's events of Lambda are to be forwarded, beside what is forwarded anyway. */
  readonly deployments: { readonly cloudtrail: boolean };
  readonly targets: readonly Target[];
}

/** One mistake in a config. */
export interface ConfigFinding {
  /** `targets[0].url`; empty for the config as a whole. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}
