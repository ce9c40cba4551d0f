import { readCron } from "../config/cron.ts";
import type { MaintenanceWindow, Target } from "../config/index.ts";
import { allowanceOf, type GapWindow, holdsPages } from "../gap/index.ts";
import type { Hold } from "./types.ts";

const MINUTE_MS = 60_000;

/** Whom a mute silences: one target, or all with a tag. */
export type MuteScope =
  | { readonly kind: "target"; readonly target: string }
  | { readonly kind: "tag"; readonly tag: string };

/** Somebody's word that they know, and until when nobody need be told. */
export interface Mute {
  readonly id: string;
  readonly scope: MuteScope;
  readonly reason: string;
  readonly by: string;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
}

export interface HoldsInput {
  readonly target: Pick<Target, "name" | "tags" | "maintenance" | "lambda">;
  /** The open gap window of the target's function. */
  readonly gap: GapWindow | null;
  /** Any; those that are over, or others', are passed over. */
  readonly mutes: readonly Mute[];
  readonly nowMs: number;
}

/** What keeps people from being told of a target now, what ends by itself soonest first. */
export function holdsOf(input: HoldsInput): readonly Hold[] {
  const { target, gap, mutes, nowMs } = input;
  const holds: Hold[] = [];
  if (gap !== null && holdsPages(gap, { nowMs, allowanceMs: allowanceOf(target) })) {
    holds.push({ kind: "gap", since: gap.openedAt, exposure: gap.exposure });
  }
  const maintenance = maintenanceUntil(target.maintenance, nowMs);
  if (maintenance !== null) holds.push({ kind: "maintenance", until: maintenance });
  const [longest] = mutes
    .filter((mute) => isInForce(mute, nowMs) && silences(mute, target))
    .sort((one, other) => Date.parse(other.until) - Date.parse(one.until));
  if (longest !== undefined) {
    holds.push({ kind: "mute", until: longest.until, reason: longest.reason });
  }
  return holds;
}

/** When the windows that are open now are over, ISO 8601; null when none is. */
export function maintenanceUntil(
  windows: readonly MaintenanceWindow[],
  nowMs: number,
): string | null {
  const ends = windows.flatMap((window) => lastEnd(window, nowMs) ?? []);
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

/** Of windows that overlap, the one that began last ends last. */
function lastEnd({ cron, minutes }: MaintenanceWindow, nowMs: number): number | null {
  const begins = readCron(cron);
  const thisMinute = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  for (let ago = 0; ago < minutes; ago += 1) {
    const beganMs = thisMinute - ago * MINUTE_MS;
    if (begins(beganMs)) return beganMs + minutes * MINUTE_MS;
  }
  return null;
}

function isInForce({ from, until }: Mute, nowMs: number): boolean {
  return Date.parse(from) <= nowMs && nowMs < Date.parse(until);
}

function silences({ scope }: Mute, { name, tags }: HoldsInput["target"]): boolean {
  switch (scope.kind) {
    case "target":
      return scope.target === name;
    case "tag":
      return tags.includes(scope.tag);
    default:
      return scope satisfies never;
  }
}
