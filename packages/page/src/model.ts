import type {
  Alert,
  Deployment,
  Failure,
  GapRecord,
  HourRollup,
  Incident,
  RunRecord,
  SloReport,
  TargetState,
  ToolBaseline,
  ToolSnapshot,
} from "@vigil/core";
import type { DayRow } from "./days.ts";

/** Of a run, what the timeline needs: a {@link RunRecord} has all of it, and evidence that is large. */
export type RunPoint = Pick<
  RunRecord,
  "kind" | "scheduledAt" | "vantage" | "status" | "confirmed" | "steps" | "durationMs"
> & { readonly failures: readonly Pick<Failure, "mode">[] };

/** All that is shown of a target in the overview. */
export interface TargetModel {
  readonly name: string;
  /** Origin and path; null when history alone is known. */
  readonly url: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly runbook: string | null;
  /** From one run to the next. */
  readonly everyMs: number;
  /** One for each vantage; none before the first run. */
  readonly states: readonly TargetState[];
  /** Of the last hour, in any order. */
  readonly runs: readonly RunPoint[];
  /** Of the last 48 hours, all vantages. */
  readonly hours: readonly HourRollup[];
  /** Of the last 90 days, all vantages; see `dayRows`. */
  readonly days: readonly DayRow[];
  /** Newest first. */
  readonly incidents: readonly Incident[];
  /** What people were told of the target, or why not yet; null while there is nothing to tell. */
  readonly alert: Alert | null;
  /** Newest first, as deployments are. */
  readonly gaps: readonly GapRecord[];
  readonly deployments: readonly Deployment[];
}

/** What a target's own page shows besides. */
export interface TargetDetail {
  readonly slo: SloReport | null;
  readonly tools: ToolSnapshot | null;
  readonly baseline: ToolBaseline | null;
  /** The latest runs, newest first. */
  readonly latest: readonly RunRecord[];
  /** What in the function's setting explains the newest run, in a sentence; null when nothing known does. */
  readonly likelyCause?: string | null;
}

export interface PageModel {
  /** Epoch milliseconds: when the page was made. */
  readonly now: number;
  /** IANA name; all times are told in it. */
  readonly timeZone: string;
  readonly version: string;
  /** What ails the monitor itself, one sentence each. */
  readonly troubles: readonly string[];
  /** History is still being read: what is missing may yet come. */
  readonly loading: boolean;
  readonly targets: readonly TargetModel[];
}

/** Where the page is: a server, a folder, another page. */
export interface Place {
  /** Where the style sheet comes from; null: it is written into the page. */
  readonly styleHref: string | null;
  /** Null where nothing is live. */
  readonly scriptSrc: string | null;
  /** Null where there is no other page. */
  readonly overviewHref: string | null;
  readonly targetHref: ((name: string) => string) | null;
}
