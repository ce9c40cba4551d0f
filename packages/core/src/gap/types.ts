/** Milliseconds during which a gap holds pages, unless the config says otherwise. */
export const DEFAULT_GAP_ALLOWANCE_MS = 5 * 60_000;

/**
 * What clients of the deployed version meet, worst last: `shielded` while weights hold all traffic on
 * the old version, `exposed` when they reach cold environments, `failed` when the allocation failed.
 */
export const WINDOW_EXPOSURES = ["shielded", "exposed", "failed"] as const;
export type WindowExposure = (typeof WINDOW_EXPOSURES)[number];

/** `unprovisioned`: cold starts without a window, for there is no provisioned concurrency at all. */
export const EXPOSURES = [...WINDOW_EXPOSURES, "unprovisioned"] as const;
export type Exposure = (typeof EXPOSURES)[number];

/** `covered`: provisioned concurrency was ready all along; `unknown`: nobody could look. */
export const DEPLOYMENT_EXPOSURES = [...EXPOSURES, "covered", "unknown"] as const;
export type DeploymentExposure = (typeof DEPLOYMENT_EXPOSURES)[number];

/** A moment that lies between two times, ISO 8601. */
export interface Bounds {
  /** Null when nobody had looked before. */
  readonly notBefore: string | null;
  readonly notAfter: string;
}

/** Of a version of a function; `$LATEST` for what was never published. */
export interface VersionRef {
  readonly version: string;
  /** Null where only weights name the version, which nobody asked about. */
  readonly codeSha256: string | null;
}

export const PROVISIONED_STATUSES = ["ready", "in-progress", "failed"] as const;

/** One provisioned concurrency configuration. Judge it by its status: AWS's counts mislead. */
export interface Provisioned {
  /** The alias that it is of; null for the version's own. */
  readonly alias: string | null;
  /** The version that it is of; null for an alias's. */
  readonly version: string | null;
  readonly status: (typeof PROVISIONED_STATUSES)[number];
  readonly requested: number;
  /** Of a failed allocation, e.g. `FUNCTION_ERROR_INIT_FAILURE`. */
  readonly reason: string | null;
  readonly lastModified: string | null;
}

/** A look that found the function. */
export interface Seen extends VersionRef {
  readonly kind: "seen";
  /** When the first question was asked and the last answer was in, by the monitor's clock, ISO 8601. */
  readonly began: string;
  readonly at: string;
  /** Shares of traffic of versions other than `version`, above 0; null when not asked. */
  readonly weights: Readonly<Record<string, number>> | null;
  /** Of the alias, else of the versions that take traffic; null when not asked. */
  readonly provisioned: readonly Provisioned[] | null;
}

/** A look that found nothing. */
export interface Absent {
  readonly kind: "absent";
  readonly at: string;
  readonly what: "function" | "alias";
}

/** A look that could not be had. */
export interface Unseen {
  readonly kind: "unseen";
  readonly at: string;
  readonly reason: string;
}

/** Word of a change from elsewhere, e.g. CloudTrail: it may come late, twice or never. */
export interface Hint {
  readonly kind: "hint";
  /** When the change took place, as its source says; whole seconds. */
  readonly at: string;
}

export type Observation = Seen | Absent | Unseen | Hint;

/** A change of the version that serves the qualifier, or of its code. */
export interface Deployment {
  /** When it was first seen; names the deployment. */
  readonly at: string;
  readonly between: Bounds;
  readonly from: VersionRef;
  readonly to: VersionRef;
  /** At first sight. */
  readonly exposure: DeploymentExposure;
}

export const WINDOW_ENDS = ["ready", "removed", "gone"] as const;
/** How a window closed: provisioned concurrency was ready, was not put again, or all was deleted. */
export type WindowEnd = (typeof WINDOW_ENDS)[number];

/** From the first look that finds clients without ready provisioned concurrency to the first that does not. */
export interface GapWindow {
  /** When it was first seen; names the window. */
  readonly openedAt: string;
  readonly start: Bounds;
  /** Null while it is open. */
  readonly end: Bounds | null;
  readonly ended: WindowEnd | null;
  /** While it is open what clients meet now, afterwards the worst of it. */
  readonly exposure: WindowExposure;
  /** Each change of exposure. */
  readonly course: readonly { readonly at: string; readonly exposure: WindowExposure }[];
  /** Those seen in it, by their `at`. */
  readonly deployments: readonly string[];
  /** The version that clients were to get last. */
  readonly version: string;
  /** AWS's reason for a failed allocation. */
  readonly reason: string | null;
  /** When it outlived its allowance. */
  readonly overdueAt: string | null;
}

export type GapEvent =
  | { readonly kind: "deployed"; readonly deployment: Deployment }
  | { readonly kind: "gap-opened"; readonly window: GapWindow }
  | {
      readonly kind: "exposure-changed";
      readonly window: GapWindow;
      readonly from: WindowExposure;
    }
  /** It holds no pages any more, and is a failure of its own. */
  | { readonly kind: "gap-overdue"; readonly window: GapWindow }
  | { readonly kind: "gap-closed"; readonly window: GapWindow }
  /** Without a deployment: clients meet cold environments from now on. */
  | { readonly kind: "provisioning-removed"; readonly at: string }
  | { readonly kind: "absent"; readonly at: string; readonly what: Absent["what"] }
  | { readonly kind: "look-failed"; readonly at: string; readonly reason: string }
  | { readonly kind: "look-recovered"; readonly at: string };

/** An open window, with what its bounds are drawn from. */
export interface OpenWindow {
  readonly window: GapWindow;
  /** The start's bounds by looks alone, which hints narrow. */
  readonly looked: Bounds;
  /** Whether a deployment opened it: only then hints of one say when it began. */
  readonly byDeployment: boolean;
  readonly worst: WindowExposure;
  /** When the last look began that found it not over. */
  readonly lastOpenAt: string;
}

/** All that is kept of a qualifier between looks; plain JSON. */
export interface GapState {
  readonly schema: 1;
  readonly allowanceMs: number;
  /** The newest look, whatever it found. */
  readonly lastAt: string | null;
  /** When the newest look began that found the function. */
  readonly seenAt: string | null;
  /** When the newest look began that found no gap, of those that could tell. */
  readonly clearAt: string | null;
  readonly serving: (VersionRef & { readonly weights: Readonly<Record<string, number>> }) | null;
  /** Whether provisioned concurrency is, or was, configured; null before anybody could tell. */
  readonly configured: boolean | null;
  /** Since when it is missing although it was configured. */
  readonly missingSince: string | null;
  /** What was requested when it was last ready. */
  readonly readyRequested: number | null;
  readonly lastDeployment: string | null;
  readonly open: OpenWindow | null;
  /** Times of changes that hints told of, newest last. */
  readonly hints: readonly string[];
  /** Why the looks fail, since they do; null while they do not. */
  readonly trouble: string | null;
}

export interface GapAdvance {
  readonly state: GapState;
  readonly events: readonly GapEvent[];
}
