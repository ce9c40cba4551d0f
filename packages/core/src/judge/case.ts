import type { Target } from "../config/index.ts";
import type { CredentialExpiry } from "../credential-expiry.ts";
import type { FailureCode } from "../failure-modes.ts";
import type { Era, Exchange, StepName } from "../run.ts";

/** What a target is held against. */
export type Expectations = Pick<
  Target,
  | "expect"
  | "sentinels"
  | "stream"
  | "concurrency"
  | "slowMs"
  | "clientTimeoutMs"
  | "maxResponseBytes"
>;

/** One exchange and what must be known of its surroundings to judge it. */
export interface ExchangeCase {
  readonly exchange: Exchange;
  readonly step: StepName;
  readonly era: Era;
  /** Credentials went with the request. */
  readonly authenticated: boolean;
  readonly credentialExpiry: CredentialExpiry | null;
}

/** A rule's finding; the step and the evidence are added by the caller. */
export interface Finding {
  readonly mode: FailureCode;
  /** One line on what happened here. */
  readonly summary: string;
  /** What the rule compared, if the exchange does not show it. */
  readonly detail?: string;
  /** Node's code of a failure that no exchange shows. */
  readonly networkCode?: string;
}

/** A finding together with the exchange that shows it. */
export interface StepFinding {
  readonly finding: Finding;
  readonly exchange: Exchange | null;
}
