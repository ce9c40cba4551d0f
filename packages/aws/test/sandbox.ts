import { rm } from "node:fs/promises";
import type { RunRecord } from "@vigil/core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type OpenDatabase, openEmbedded } from "../src/embedded.ts";
import {
  createHistory,
  ensureTable,
  type History,
  type RunListing,
  type UnreadableItem,
} from "../src/index.ts";
import { CLOCK, healthyRun } from "./fixtures.ts";
import { type Bundle, bundle, type Child, start, temporaryFolder } from "./processes.ts";

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly before?: string;
}

/** A folder of its own for each test, and processes that do not outlive it. */
export interface Sandbox {
  readonly dir: () => string;
  readonly run: (args: readonly string[], options?: ChildOptions) => Child;
}

export function useSandbox(): Sandbox {
  let child: Bundle;
  let dir: string;
  const started: Child[] = [];
  beforeAll(async () => {
    child = await bundle("./child.ts");
  });
  afterAll(() => child.remove());
  beforeEach(() => {
    dir = temporaryFolder();
  });
  afterEach(async () => {
    for (const { process } of started) process.kill("SIGKILL");
    await Promise.all(started.splice(0).map(({ exited }) => exited));
    await rm(dir, { recursive: true, force: true });
  });
  return {
    dir: () => dir,
    run: (args, { env = {}, before = "" } = {}) => {
      const process = start({ bundle: child, args, env, before });
      started.push(process);
      return process;
    },
  };
}

/** A new table for each test, in one database for the file. */
export interface TableSandbox {
  readonly database: () => OpenDatabase;
  readonly tableName: () => string;
  readonly history: () => History;
  /** What the history could not read. */
  readonly unreadable: UnreadableItem[];
}

export function useTable(): TableSandbox {
  const dir = temporaryFolder();
  const unreadable: UnreadableItem[] = [];
  let database: OpenDatabase;
  let history: History;
  let tables = 0;
  const tableName = () => `history-${tables}`;
  beforeAll(async () => {
    database = await openOrThrow(dir);
  });
  afterAll(async () => {
    await database.close();
    await rm(dir, { recursive: true });
  });
  beforeEach(async () => {
    tables += 1;
    unreadable.length = 0;
    await ensureTable(database.client, tableName());
    history = createHistory({
      client: database.client,
      tableName: tableName(),
      clock: CLOCK,
      onUnreadable: (item) => unreadable.push(item),
    });
  });
  return { database: () => database, tableName, history: () => history, unreadable };
}

export async function openOrThrow(dir: string, port = 0): Promise<OpenDatabase> {
  const result = await openEmbedded({ dir, port });
  if (result.kind !== "open") throw new Error(JSON.stringify(result));
  return result;
}

export async function historyOf({ client }: Pick<OpenDatabase, "client">): Promise<History> {
  await ensureTable(client, "vigil");
  return createHistory({ client, tableName: "vigil", clock: CLOCK });
}

export async function collect(listing: RunListing): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for await (const record of listing) records.push(record);
  return records;
}

/** Scheduled times of all runs, oldest first; every item must be readable. */
export async function storedMinutes(history: History): Promise<string[]> {
  const listing = history.runs(healthyRun().target, { order: "oldest" });
  const records = await collect(listing);
  expect(listing.unreadable).toEqual([]);
  return records.map(({ scheduledAt }) => scheduledAt);
}
