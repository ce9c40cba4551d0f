/** Keys of the history table. Times in keys are canonical, so that they sort and never differ in form. */

import { hourOf, type RollupKey } from "@vigil/core";

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** An item as it comes back: anything may be in it. */
export type Item = Readonly<Record<string, unknown>>;

export function keyOf(item: Item): ItemKey {
  return { pk: String(item["pk"]), sk: String(item["sk"]) };
}

/** Which run an item holds: one per target, scheduled time and vantage. */
export interface RunIdentity {
  readonly target: string;
  readonly scheduledAt: string;
  readonly vantage: string;
}

export interface StateIdentity {
  readonly target: string;
  readonly vantage: string;
}

const TARGET = "TARGET#";
const RUN = "RUN#";
const HOUR = "HOUR#";
const INCIDENT = "INCIDENT#";
const STATE = "STATE#";
const BURST = "BURST#";
const DEPLOY = "DEPLOY#";
const GAP = "GAP#";
/** What is known of every target's function, in one partition. */
export const GAP_STATES = "GAPS";
const CORRELATOR = "CORRELATOR#";
/** What the pager knows of every target, and which pages it folds; in one partition. */
export const PAGER = "PAGER";
const PAGED = "TARGET#";
const FOLD = "FOLD#";
export const MUTES = "MUTES";
/** One of each per target, whatever its vantages. */
const BASELINE = "BASELINE";
const TOOLS = "TOOLS";
/** Sorts after every digit that a time can start with. */
const AFTER_ALL_TIMES = "~";

/** `2026-11-22T08:00:00.000Z`, whatever form of ISO 8601 came in. Throws RangeError on anything else. */
export function canonicalTime(iso: string): string {
  return new Date(iso).toISOString();
}

export function targetPartition(target: string): string {
  return TARGET + target;
}

export function statePartition(shard: number): string {
  return STATE + shard;
}

export function runKey(run: RunIdentity): ItemKey {
  return {
    pk: targetPartition(run.target),
    sk: `${RUN}${canonicalTime(run.scheduledAt)}#${run.vantage}`,
  };
}

export function stateKey(shard: number, { target, vantage }: StateIdentity): ItemKey {
  return { pk: statePartition(shard), sk: `${target}#${vantage}` };
}

/** Who probes the target's burst. */
export function burstKey({ target, vantage }: StateIdentity): ItemKey {
  return { pk: targetPartition(target), sk: BURST + vantage };
}

export function deploymentKey(target: string, at: string): ItemKey {
  return { pk: targetPartition(target), sk: DEPLOY + canonicalTime(at) };
}

export function gapKey(target: string, openedAt: string): ItemKey {
  return { pk: targetPartition(target), sk: GAP + canonicalTime(openedAt) };
}

export function gapStateKey(target: string): ItemKey {
  return { pk: GAP_STATES, sk: target };
}

/** Among the states, whose keys are targets' names, so that one reading has both. */
const HINT = "HINT#";
export function gapHintKey(target: string, at: string): ItemKey {
  return { pk: GAP_STATES, sk: `${HINT}${target}#${canonicalTime(at)}` };
}

export function isGapHint(sk: unknown): boolean {
  return String(sk).startsWith(HINT);
}

/** Who follows a shard's deployments. */
export function correlatorKey(shard: number): ItemKey {
  return { pk: CORRELATOR + shard, sk: "LEASE" };
}

export function pagerKey(target: string): ItemKey {
  return { pk: PAGER, sk: PAGED + target };
}

export function foldItemKey(fold: string): ItemKey {
  return { pk: PAGER, sk: FOLD + fold };
}

export function isFoldKey({ sk }: ItemKey): boolean {
  return sk.startsWith(FOLD);
}

export function muteKey(id: string): ItemKey {
  return { pk: MUTES, sk: id };
}

/** The accepted tools. */
export function baselineKey(target: string): ItemKey {
  return { pk: targetPartition(target), sk: BASELINE };
}

/** The latest tools. */
export function toolsKey(target: string): ItemKey {
  return { pk: targetPartition(target), sk: TOOLS };
}

export function rollupKey({ target, hour, vantage }: RollupKey): ItemKey {
  return { pk: targetPartition(target), sk: `${HOUR}${canonicalTime(hour)}#${vantage}` };
}

/** Which incident an item holds: one per target, time of opening and vantage. */
export interface IncidentIdentity {
  readonly target: string;
  readonly openedAt: string;
  readonly vantage: string;
}

export function incidentKey({ target, openedAt, vantage }: IncidentIdentity): ItemKey {
  return { pk: targetPartition(target), sk: `${INCIDENT}${canonicalTime(openedAt)}#${vantage}` };
}

/** Null when the key is not an incident's. */
export function parseIncidentKey(key: ItemKey): IncidentIdentity | null {
  const found = parseTimedKey(key, INCIDENT);
  return found && { target: found.target, openedAt: found.time, vantage: found.vantage };
}

/** Null when the key is not a run's. */
export function parseRunKey(key: ItemKey): RunIdentity | null {
  const found = parseTimedKey(key, RUN);
  return found && { target: found.target, scheduledAt: found.time, vantage: found.vantage };
}

/** Null when the key is not an hour's. */
export function parseRollupKey(key: ItemKey): RollupKey | null {
  const found = parseTimedKey(key, HOUR);
  return found && { target: found.target, hour: found.time, vantage: found.vantage };
}

interface TimedKey {
  readonly target: string;
  readonly time: string;
  readonly vantage: string;
}

function parseTimedKey({ pk, sk }: ItemKey, kind: string): TimedKey | null {
  if (!pk.startsWith(TARGET) || !sk.startsWith(kind)) return null;
  const separator = sk.indexOf("#", kind.length);
  if (separator < 0) return null;
  return {
    target: pk.slice(TARGET.length),
    time: sk.slice(kind.length, separator),
    vantage: sk.slice(separator + 1),
  };
}

/** Null when the sort key is not a state's. */
export function parseStateKey(sk: string): StateIdentity | null {
  const separator = sk.lastIndexOf("#");
  if (separator < 1) return null;
  return { target: sk.slice(0, separator), vantage: sk.slice(separator + 1) };
}

export interface TimeRange {
  /** Inclusive. */
  readonly since?: string;
  /** Exclusive. */
  readonly until?: string;
}

export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

export function runRange(range: TimeRange): KeyRange {
  return keyRange(RUN, range);
}

/** By the time of opening. */
export function incidentRange(range: TimeRange): KeyRange {
  return keyRange(INCIDENT, range);
}

export function deploymentRange(range: TimeRange): KeyRange {
  return keyRange(DEPLOY, exclusive(range));
}

/** By the time of opening. */
export function gapRange(range: TimeRange): KeyRange {
  return keyRange(GAP, exclusive(range));
}

/** BETWEEN takes its upper bound in, and so a key that is nothing but a time. */
function exclusive({ until, ...range }: TimeRange): TimeRange {
  if (until === undefined) return range;
  return { ...range, until: new Date(Date.parse(until) - 1).toISOString() };
}

/** The hours that have any time of the range in them. */
export function rollupRange({ since, until }: TimeRange): KeyRange {
  return keyRange(HOUR, {
    ...(since !== undefined && { since: hourOf(since) }),
    ...(until !== undefined && { until }),
  });
}

/** Bounds for BETWEEN over sort keys. A bound without a vantage sorts before every item of its time. */
function keyRange(kind: string, { since, until }: TimeRange): KeyRange {
  return {
    from: kind + (since === undefined ? "" : canonicalTime(since)),
    to: kind + (until === undefined ? AFTER_ALL_TIMES : canonicalTime(until)),
  };
}
