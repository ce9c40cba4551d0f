import type { Deployment, GapEvent, GapRecord, GapState, GapWindow } from "@vigil/core";
import { DEPLOYMENT_SHAPE, GAP_SHAPE, GAP_STATE_SHAPE } from "./deployments-shape.ts";
import { conditionalPut, getItem, queryItems } from "./items.ts";
import {
  correlatorKey,
  deploymentKey,
  deploymentRange,
  GAP_STATES,
  gapHintKey,
  gapKey,
  gapRange,
  gapStateKey,
  isGapHint,
  type TimeRange,
} from "./keys.ts";
import {
  type ItemKind,
  type Listing,
  type ListQuery,
  list,
  readable,
  type Table,
} from "./listing.ts";
import { decodeJson, isArrayOf, isNumber, isPlainObject, type Shape } from "./shape.ts";

/** By the time at which it was first seen; newest first unless said otherwise. */
export interface DeploymentQuery extends TimeRange, Omit<ListQuery, "vantage"> {}

/** What the correlator knows of a target's function, and what of it is not told yet. */
export interface StoredGap {
  readonly target: string;
  /** Counts the writings. */
  readonly revision: number;
  readonly state: GapState;
  /** Told of again until a later writing leaves them out. */
  readonly outbox: readonly GapEvent[];
  /** Times at which others were told that another version began to serve it; as read, never written. */
  readonly hints?: readonly string[];
}

export interface CorrelatorClaim {
  readonly shard: number;
  /** Who asks: another one for each invocation. */
  readonly holder: string;
  /** Milliseconds until others may; 0 gives it back. */
  readonly forMs: number;
}

/** Deployments and gap windows of targets, each of which has one function. */
export interface DeploymentHistory {
  putDeployment(target: string, deployment: Deployment): Promise<void>;
  deployments(target: string, query?: DeploymentQuery): Listing<Deployment>;
  /** An open window is written over by what it comes to. */
  putGap(gap: GapRecord): Promise<void>;
  /** Open ones too. */
  gaps(target: string, query?: DeploymentQuery): Listing<GapRecord>;
  /** The window that is open now; whether it holds pages is for {@link holdsPages} to say. */
  openGap(target: string): Promise<GapWindow | null>;
  /** The windows that are open now, by target. */
  openGaps(): Promise<ReadonlyMap<string, GapWindow>>;
  gapStates(): Promise<readonly StoredGap[]>;
  /** Kept for an hour, for whoever follows the target. */
  putGapHint(target: string, at: string): Promise<void>;
  /** "stale": someone else wrote since that revision was read; theirs stays. */
  putGapState(gap: StoredGap): Promise<"written" | "stale">;
  /** Whether the holder is the one that follows the shard's deployments now. */
  claimCorrelator(claim: CorrelatorClaim): Promise<"claimed" | "held">;
}

const RETENTION_SECONDS = 396 * 24 * 60 * 60;
const expiryAfter = (iso: string): number =>
  Math.floor(Date.parse(iso) / 1_000) + RETENTION_SECONDS;

const DEPLOYMENTS: ItemKind<Deployment> = {
  vantageOf: () => null,
  decode: (item) => decodeJson(item["deployment"], DEPLOYMENT_SHAPE),
};
const GAPS: ItemKind<GapRecord> = {
  vantageOf: () => null,
  decode: (item) => decodeJson(item["gap"], GAP_SHAPE),
};

export function deploymentHistory(table: Table): DeploymentHistory {
  return {
    async putDeployment(target, deployment) {
      const { at } = deployment;
      const key = deploymentKey(target, at);
      await put(table, {
        ...key,
        deployment: JSON.stringify(deployment),
        expiresAt: expiryAfter(at),
      });
    },
    deployments: (target, query = {}) =>
      list(table, { target, range: deploymentRange(query), query, kind: DEPLOYMENTS }),
    async putGap(gap) {
      const { target, openedAt } = gap;
      const expiresAt = expiryAfter(openedAt);
      await put(table, { ...gapKey(target, openedAt), gap: JSON.stringify(gap), expiresAt });
    },
    gaps: (target, query = {}) =>
      list(table, { target, range: gapRange(query), query, kind: GAPS }),
    openGap: async (target) => (await gapState(table, target))?.state.open?.window ?? null,
    openGaps: () => openGaps(table),
    gapStates: () => gapStates(table),
    putGapHint: (target, at) => putGapHint(table, target, at),
    putGapState: (gap) => putGapState(table, gap),
    claimCorrelator: (claim) => claimCorrelator(table, claim),
  };
}

async function put(table: Table, Item: Readonly<Record<string, unknown>>): Promise<void> {
  await conditionalPut(table, "write a deployment", { Item: { ...Item } });
}

/** `outbox` is of this code's own making, and read by whoever wrote it. */
const STORED: Shape<Omit<StoredGap, "target" | "hints">> = {
  revision: isNumber,
  state: isPlainObject,
  outbox: isArrayOf(isPlainObject),
};

function decodeStored(table: Table, item: Readonly<Record<string, unknown>>): StoredGap | null {
  const stored = readable(table, item, decodeJson(item["stored"], STORED));
  if (stored === null) return null;
  const checked = decodeJson(JSON.stringify(stored.state), GAP_STATE_SHAPE);
  const state = readable(table, item, checked);
  return state && { ...stored, target: String(item["sk"]), state };
}

async function gapState(table: Table, target: string): Promise<StoredGap | null> {
  const item = await getItem(table, "read a gap", gapStateKey(target));
  return item === undefined ? null : decodeStored(table, item);
}

async function gapStates(table: Table): Promise<readonly StoredGap[]> {
  return collect(table, {});
}

async function openGaps(table: Table): Promise<ReadonlyMap<string, GapWindow>> {
  const open = await collect(table, { FilterExpression: "isOpen = :true" });
  return new Map(
    open.flatMap(({ target, state }) => (state.open === null ? [] : [[target, state.open.window]])),
  );
}

async function collect(
  table: Table,
  filter: { readonly FilterExpression?: string },
): Promise<readonly StoredGap[]> {
  const found: StoredGap[] = [];
  const hints = new Map<string, readonly string[]>();
  const items = queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ...filter,
    ExpressionAttributeValues: {
      ":pk": GAP_STATES,
      ...(filter.FilterExpression !== undefined && { ":true": true }),
    },
    ConsistentRead: true,
  });
  for await (const item of items) {
    if (isGapHint(item["sk"])) {
      const [target, at] = [String(item["target"]), String(item["at"])];
      hints.set(target, [...(hints.get(target) ?? []), at]);
      continue;
    }
    const stored = decodeStored(table, item);
    if (stored !== null) found.push(stored);
  }
  return found.map((stored) => {
    const told = hints.get(stored.target);
    return told === undefined ? stored : { ...stored, hints: told };
  });
}

async function putGapHint(table: Table, target: string, at: string): Promise<void> {
  const expiresAt = Math.ceil(table.clock.now() / 1_000) + KEPT_SECONDS;
  await put(table, { ...gapHintKey(target, at), target, at, expiresAt });
}

async function putGapState(table: Table, gap: StoredGap): Promise<"written" | "stale"> {
  const { target, revision, state, outbox } = gap;
  const isWritten = await conditionalPut(table, "write a gap", {
    Item: {
      ...gapStateKey(target),
      revision,
      isOpen: state.open !== null,
      stored: JSON.stringify({ revision, state, outbox }),
    },
    ConditionExpression: revision === 1 ? "attribute_not_exists(pk)" : "revision = :before",
    ...(revision > 1 && { ExpressionAttributeValues: { ":before": revision - 1 } }),
  });
  return isWritten ? "written" : "stale";
}

/** DynamoDB's own deletion of what nobody claims any more; it may take days, and matters to nobody. */
const KEPT_SECONDS = 60 * 60;

async function claimCorrelator(
  table: Table,
  { shard, holder, forMs }: CorrelatorClaim,
): Promise<"claimed" | "held"> {
  const nowMs = table.clock.now();
  const untilMs = nowMs + forMs;
  const isClaimed = await conditionalPut(table, "claim a correlator's shard", {
    Item: {
      ...correlatorKey(shard),
      holder,
      untilMs,
      expiresAt: Math.ceil(untilMs / 1_000) + KEPT_SECONDS,
    },
    ConditionExpression: "attribute_not_exists(pk) OR holder = :holder OR untilMs <= :now",
    ExpressionAttributeValues: { ":holder": holder, ":now": nowMs },
  });
  return isClaimed ? "claimed" : "held";
}
