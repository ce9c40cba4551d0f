import { type Fold, foldKey, isIdle, type Mute, type PagerRecord } from "@vigil/core";
import { conditionalPut, conditionalUpdate, getItem, queryItems } from "./items.ts";
import {
  foldItemKey,
  type ItemKey,
  isFoldKey,
  keyOf,
  MUTES,
  muteKey,
  PAGER,
  pagerKey,
} from "./keys.ts";
import { readable, type Table } from "./listing.ts";
import { FOLD_SHAPE, MUTE_SHAPE, PAGER_RECORD_SHAPE } from "./pager-shape.ts";
import { isExpired } from "./run-item.ts";
import { decodeJson, type Shape } from "./shape.ts";

/** What the pager knows, and who is not to be paged. */
export interface PagerHistory {
  /** Null where nothing was ever told of the target. */
  getPagerRecord(target: string): Promise<PagerRecord | null>;
  /** "stale": somebody else wrote the revision that this one would have been. */
  putPagerRecord(record: PagerRecord): Promise<"written" | "stale">;
  getFold(key: string): Promise<Fold | null>;
  putFold(fold: Fold): Promise<"written" | "stale">;
  /** Everything that the pager may have to go on with. */
  pagerState(): Promise<PagerState>;
  /** Those in force and to come, what ends first first. */
  mutes(): Promise<readonly Mute[]>;
  putMute(mute: Mute): Promise<void>;
  /** Ends a mute now. "absent": there is none such, or it was over. */
  endMute(id: string): Promise<"ended" | "absent">;
}

export interface PagerState {
  readonly records: readonly PagerRecord[];
  readonly folds: readonly Fold[];
}

const DAY_SECONDS = 24 * 60 * 60;
const MONTHS_13_SECONDS = 396 * DAY_SECONDS;

export function pagerHistory(table: Table): PagerHistory {
  return {
    getPagerRecord: (target) => read(table, pagerKey(target), PAGER_RECORD_SHAPE),
    putPagerRecord: (record) =>
      putRevision(table, pagerKey(record.target), {
        value: record,
        keptSeconds: isIdle(record) ? DAY_SECONDS : MONTHS_13_SECONDS,
      }),
    getFold: (key) => read(table, foldItemKey(key), FOLD_SHAPE),
    putFold: (fold) =>
      putRevision(table, foldItemKey(foldKey(fold.mark)), {
        value: fold,
        keptSeconds: DAY_SECONDS,
      }),
    pagerState: () => pagerState(table),
    mutes: () => mutes(table),
    putMute: (mute) => putMute(table, mute),
    endMute: (id) => endMute(table, id),
  };
}

async function read<T>(table: Table, key: ItemKey, shape: Shape<T>): Promise<T | null> {
  const item = await getItem(table, "read what was paged", key);
  return item === undefined ? null : readable(table, item, decodeJson(item["body"], shape));
}

interface Revision {
  readonly value: { readonly revision: number };
  readonly keptSeconds: number;
}

/** One of several that go on from the same revision gets to write. */
async function putRevision(
  table: Table,
  key: ItemKey,
  { value, keptSeconds }: Revision,
): Promise<"written" | "stale"> {
  const { revision } = value;
  const body = JSON.stringify(value);
  const isWritten = await conditionalPut(table, "write what is paged", {
    Item: {
      ...key,
      revision,
      body,
      expiresAt: Math.ceil(table.clock.now() / 1_000) + keptSeconds,
    },
    // The same body is this very write, sent again after it succeeded.
    ConditionExpression:
      revision === 1
        ? "attribute_not_exists(pk) OR body = :body"
        : "revision = :before OR body = :body",
    ExpressionAttributeValues: { ":body": body, ...(revision > 1 && { ":before": revision - 1 }) },
  });
  return isWritten ? "written" : "stale";
}

async function pagerState(table: Table): Promise<PagerState> {
  const records: PagerRecord[] = [];
  const folds: Fold[] = [];
  for await (const item of partition(table, PAGER)) {
    if (isFoldKey(keyOf(item))) {
      const fold = readable(table, item, decodeJson(item["body"], FOLD_SHAPE));
      if (fold !== null) folds.push(fold);
    } else {
      const record = readable(table, item, decodeJson(item["body"], PAGER_RECORD_SHAPE));
      if (record !== null) records.push(record);
    }
  }
  return { records, folds };
}

async function mutes(table: Table): Promise<readonly Mute[]> {
  const found: Mute[] = [];
  for await (const item of partition(table, MUTES)) {
    if (isExpired(item, table.clock.now())) continue;
    const mute = readable(table, item, decodeJson(item["body"], MUTE_SHAPE));
    if (mute !== null && Date.parse(mute.until) > table.clock.now()) found.push(mute);
  }
  return found.sort((one, other) => Date.parse(one.until) - Date.parse(other.until));
}

function partition(table: Table, pk: string) {
  return queryItems(table, {
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": pk },
    ConsistentRead: true,
  });
}

async function putMute(table: Table, mute: Mute): Promise<void> {
  await conditionalPut(table, "write a mute", {
    Item: {
      ...muteKey(mute.id),
      body: JSON.stringify(mute),
      expiresAt: Math.ceil(Date.parse(mute.until) / 1_000),
    },
  });
}

/** What is over by its time to live is passed over by every reader, and deleted by DynamoDB. */
async function endMute(table: Table, id: string): Promise<"ended" | "absent"> {
  const now = Math.floor(table.clock.now() / 1_000);
  const isEnded = await conditionalUpdate(table, "end a mute", {
    Key: { ...muteKey(id) },
    UpdateExpression: "SET expiresAt = :now",
    ConditionExpression: "expiresAt > :now",
    ExpressionAttributeValues: { ":now": now },
  });
  return isEnded ? "ended" : "absent";
}
