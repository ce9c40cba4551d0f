import type { Auth, EraChoice } from "../config/index.ts";
import type { FailureCode } from "../failure-modes.ts";

/** Why a part of a function's setting could not be read. */
export type Unread =
  | { readonly code: "denied"; readonly permission: string }
  /** No such function, or no such version or alias of it. */
  | { readonly code: "absent" }
  | { readonly code: "throttled" }
  | { readonly code: "unreachable"; readonly reason: string };

export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unread"; readonly why: Unread };

/** Environment variables whose values are no secrets, and matter here. No other value is ever kept. */
export const READ_SETTINGS = [
  "AWS_LAMBDA_EXEC_WRAPPER",
  "AWS_LWA_INVOKE_MODE",
  "AWS_LWA_PORT",
  "PORT",
  "MCP_SESSIONS",
] as const;
export type ReadSetting = (typeof READ_SETTINGS)[number];

/** What stands for the value of a setting that does not look like one. */
export const ODD_VALUE = "(a value of another kind)";

export interface ConfigurationFacts {
  /** `$LATEST` or the number behind the qualifier. */
  readonly version: string;
  readonly packageType: "zip" | "image";
  /** Null for an image. */
  readonly runtime: string | null;
  readonly handler: string | null;
  readonly architecture: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Compressed, without layers. */
  readonly codeBytes: number;
  /** ARNs with their versions. */
  readonly layers: readonly string[];
  readonly settings: Readonly<Partial<Record<ReadSetting, string>>>;
  /** Null outside of a VPC. */
  readonly vpcId: string | null;
  /** Why the function cannot be invoked, or was not updated; null when it is well. */
  readonly failure: string | null;
  /** The function is a replica at CloudFront's edge. */
  readonly isEdgeReplica: boolean;
}

export interface CorsFacts {
  readonly allowHeaders: readonly string[];
  readonly allowMethods: readonly string[];
  readonly exposeHeaders: readonly string[];
}

/** A Function URL. */
export interface UrlFacts {
  readonly host: string;
  /** `$LATEST` for an unqualified one. */
  readonly qualifier: string;
  readonly authType: "NONE" | "AWS_IAM";
  readonly invokeMode: "BUFFERED" | "RESPONSE_STREAM";
  /** Null: AWS adds no headers, and the server may. */
  readonly cors: CorsFacts | null;
}

/** A statement of the resource policy that lets someone do something. */
export interface AllowFacts {
  /** `*`, an account, a service. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** Condition keys, in small letters, and what they ask for. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
}

export interface AliasFacts {
  readonly version: string;
  /** Shares of further versions. */
  readonly weights: Readonly<Record<string, number>>;
}

export interface ProvisionedFacts {
  readonly qualifier: string;
  readonly status: "ready" | "in-progress" | "failed";
  readonly reason: string | null;
  readonly requested: number;
}

/** The longest that API Gateway waits for the function, and whether it hands on as it comes. */
export interface GatewayFacts {
  readonly kind: "rest" | "http";
  readonly timeoutMs: number;
  readonly streams: boolean;
}

/** What is read, part by part. */
export interface FactParts {
  readonly configuration: ConfigurationFacts;
  /** Every URL of the function. */
  readonly urls: readonly UrlFacts[];
  /** Of the qualifier that serves. */
  readonly policy: readonly AllowFacts[];
  /** Null where no alias serves. */
  readonly alias: AliasFacts | null;
  /** On any qualifier. */
  readonly provisioned: readonly ProvisionedFacts[];
  /** Null: the function has no share of its own. */
  readonly reserved: number | null;
  /** Null where the target's URL is not an API Gateway's. */
  readonly gateway: GatewayFacts | null;
}
export type FactPart = keyof FactParts;

/** Whom the facts are about. */
export interface FunctionSubject {
  readonly target: string;
  /** Of the target's URL. */
  readonly host: string;
  readonly door: "function-url" | "api-gateway" | "other";
  readonly region: string;
  readonly functionName: string;
  /** As the config has it. */
  readonly qualifier: string;
  readonly auth: Auth["type"];
  /** Which of the protocol's eras clients are to speak. */
  readonly era: EraChoice;
  readonly clientTimeoutMs: number;
  /** When it was read; ISO 8601. */
  readonly readAt: string;
}

/** What was read of a function: each part, or why it could not be read. */
export interface FunctionFacts {
  readonly about: FunctionSubject;
  readonly parts: { readonly [Part in FactPart]: Reading<FactParts[Part]> };
}

export const FINDING_SEVERITIES = ["error", "warning", "hint"] as const;
/** An error keeps clients out or breaks what they get; a warning does at times; a hint costs time or money. */
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number];

/** How to put it right. */
export interface Remedy {
  /** To be run in this order; none where no command can. */
  readonly commands: readonly string[];
  /** Lines of an AWS SAM template, or of `vigil.config.ts` where the mistake is there. */
  readonly iac: readonly string[];
}

/** What a rule found in the facts. */
export interface Found {
  /** A clause that can end a sentence: `the URL's InvokeMode is BUFFERED`. */
  readonly evidence: string;
  readonly remedy: Remedy;
}

/** Something that a function's setting has against it. */
export interface FunctionFinding extends Found {
  readonly rule: string;
  readonly severity: FindingSeverity;
  readonly title: string;
  /** Failures that it can be the cause of. */
  readonly causes: readonly FailureCode[];
}
