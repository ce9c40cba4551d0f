import type { Clock } from "@vigil/core";
import { queryItems, type TableAccess } from "./items.ts";
import { type Item, type ItemKey, type KeyRange, keyOf, targetPartition } from "./keys.ts";
import { isExpired } from "./run-item.ts";
import type { Decoded } from "./shape.ts";

/** An item that nothing could be read from: written by another version, by hand, or damaged. */
export interface UnreadableItem {
  readonly pk: string;
  readonly sk: string;
  readonly reason: string;
}

/** Entries, fetched as they are asked for. Reading the list again asks the table again. */
export interface Listing<T> extends AsyncIterable<T> {
  /** Items that the latest reading had to leave out; complete once it has ended. */
  readonly unreadable: readonly UnreadableItem[];
}

export interface Table extends TableAccess {
  readonly clock: Pick<Clock, "now">;
  readonly shard: number;
  /** Targets and states are listed of every shard, not of `shard` alone. */
  readonly everyShard: boolean;
  readonly onUnreadable: (item: UnreadableItem) => void;
}

export interface ListQuery {
  readonly vantage?: string;
  /** At most this many. */
  readonly limit?: number;
  readonly order?: "newest" | "oldest";
}

/** One kind of item in a target's partition, whose keys end in a time and a vantage. */
export interface ItemKind<T> {
  readonly vantageOf: (key: ItemKey) => string | null;
  readonly decode: (item: Item) => Decoded<T>;
}

export interface ListRequest<T> {
  readonly target: string;
  readonly range: KeyRange;
  readonly query: ListQuery;
  readonly kind: ItemKind<T>;
}

export function list<T>(table: Table, request: ListRequest<T>): Listing<T> {
  const unreadable: UnreadableItem[] = [];
  const note = (item: UnreadableItem) => {
    unreadable.push(item);
    table.onUnreadable(item);
  };
  return {
    unreadable,
    [Symbol.asyncIterator]: () => {
      unreadable.length = 0;
      return read({ ...table, onUnreadable: note }, request);
    },
  };
}

/** Several listings as one, in the order given: all are asked at once, and each is read whole. */
export function together<T>(listings: readonly Listing<T>[]): Listing<T> {
  return {
    get unreadable() {
      return listings.flatMap(({ unreadable }) => unreadable);
    },
    async *[Symbol.asyncIterator]() {
      const parts = await Promise.all(listings.map(collect));
      yield* parts.flat();
    },
  };
}

async function collect<T>(listing: Listing<T>): Promise<readonly T[]> {
  const entries: T[] = [];
  for await (const entry of listing) entries.push(entry);
  return entries;
}

/** The first entry of a listing, or null. */
export async function first<T>(listing: Listing<T>): Promise<T | null> {
  for await (const entry of listing) return entry;
  return null;
}

/** The decoded value, or null after telling of the item that has none. */
export function readable<T>(table: Table, item: Item, decoded: Decoded<T>): T | null {
  if (decoded.kind === "ok") return decoded.value;
  table.onUnreadable({ ...keyOf(item), reason: decoded.reason });
  return null;
}

async function* read<T>(table: Table, request: ListRequest<T>): AsyncGenerator<T> {
  const { query, kind } = request;
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  if (limit < 1) return;
  let yielded = 0;
  for await (const item of queryRange(table, request)) {
    if (isExpired(item, table.clock.now())) continue;
    if (query.vantage !== undefined && kind.vantageOf(keyOf(item)) !== query.vantage) continue;
    const entry = readable(table, item, kind.decode(item));
    if (entry === null) continue;
    yield entry;
    yielded += 1;
    if (yielded >= limit) return;
  }
}

async function* queryRange<T>(
  table: Table,
  { target, range: { from, to }, query }: ListRequest<T>,
): AsyncGenerator<Item> {
  // DynamoDB refuses such a range, but it only means that nothing can be in it.
  if (from > to) return;
  yield* queryItems(table, {
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": targetPartition(target), ":from": from, ":to": to },
    ScanIndexForward: query.order === "oldest",
    // Unfiltered, a page of `limit` is all that is needed.
    ...(query.limit !== undefined && query.vantage === undefined && { Limit: query.limit }),
  });
}
