import type { FailureCode } from "../failure-modes.ts";
import type { WindowExposure } from "../gap/index.ts";
import type { IncidentStatus } from "../history/index.ts";
import type { Quorum } from "./quorum.ts";

/** Why people are not told yet. */
export type Hold =
  | { readonly kind: "gap"; readonly since: string; readonly exposure: WindowExposure }
  | { readonly kind: "maintenance"; readonly until: string }
  | { readonly kind: "mute"; readonly until: string; readonly reason: string };

export interface Acknowledgement {
  readonly at: string;
  readonly by: string;
}

/** A target not being well as the vantages together see it, from its beginning until it is well. */
export interface Alert {
  /** Since when enough vantages have seen it; names the alert. ISO 8601. */
  readonly openedAt: string;
  /** The worst so far. */
  readonly status: IncidentStatus;
  readonly modes: readonly FailureCode[];
  readonly seenFrom: readonly string[];
  /** The first hold that kept people from being told; null when none did. */
  readonly heldBy: Hold | null;
  /** When people were told, at first and last; null while they have not been. */
  readonly pagedAt: string | null;
  readonly lastPagedAt: string | null;
  readonly acknowledged: Acknowledgement | null;
  /** What in the function's setting explains it, as one line; absent when nothing is known to. */
  readonly likelyCause?: string;
}

/** What people are told. */
export type PageKind =
  /** For the first time. */
  | "opened"
  /** It was degraded, and is down. */
  | "worse"
  /** It goes on, and nobody has acknowledged it. */
  | "reminder"
  | "closed";

export interface Page {
  readonly kind: PageKind;
  readonly alert: Alert;
  /** ISO 8601. */
  readonly at: string;
}

export interface PagerView {
  readonly quorum: Quorum;
  /** Those in force now. */
  readonly holds: readonly Hold[];
  /** As a look at the function has just found it; null when it found none, or there was no look. */
  readonly likelyCause: string | null;
  /** ISO 8601. */
  readonly now: string;
  readonly policy: PagerPolicy;
}

export interface PagerPolicy {
  /** From one page to the reminder. */
  readonly reminderMs: number;
  /** Whether a target that is only degraded pages. */
  readonly pagesDegraded: boolean;
}

export interface PagerStep {
  /** Null: there is nothing wrong. */
  readonly alert: Alert | null;
  /** To be sent once the alert is written, and not before. */
  readonly page: Page | null;
}
