import { randomBytes } from "node:crypto";
import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Clock } from "@vigil/core";
import { answers, type LocalEndpoint, localClient } from "./embedded/client.ts";
import { type FolderProblem, prepareFolder, storePath, unwritable } from "./embedded/folder.ts";
import { isAlive, type Marker, readMarker, removeMarker, writeMarker } from "./embedded/marker.ts";
import { type DatabaseThread, startThread, type ThreadEnd } from "./embedded/start-thread.ts";
import { HistoryError } from "./history-error.ts";

export type { FolderProblem } from "./embedded/folder.ts";
export type { ThreadEnd } from "./embedded/start-thread.ts";

export interface OpenDatabase {
  readonly kind: "open";
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  /** Settles when the database is no more: closed, or failed (a full disk, for one). Never rejects. */
  readonly ended: Promise<ThreadEnd>;
  /** Finishes what is being written, then closes. Idempotent; nothing of it outlives the call. */
  close(): Promise<void>;
}

/** Whether a database was ever opened in `dir`. Looks, and makes nothing. */
export async function holdsDatabase(dir: string): Promise<boolean> {
  return stat(storePath(resolve(dir))).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Who holds a folder's database open, as far as it can be told. */
export interface Holder {
  readonly pid: number;
  readonly endpoint: string;
  readonly startedAt: string;
}

export type OpenProblem =
  | FolderProblem
  /** This or another process has it open. */
  | { readonly kind: "locked"; readonly dir: string; readonly holder: Holder | null }
  /** LevelDB cannot open what is there; `code` is its own, such as LEVEL_CORRUPTION. */
  | {
      readonly kind: "damaged";
      readonly dir: string;
      readonly code: string;
      readonly detail: string;
    }
  | { readonly kind: "port-unavailable"; readonly port: number; readonly code: string };

export interface OpenOptions {
  /** Made when only it is missing, not its parents. */
  readonly dir: string;
  /** A loopback port; any free one unless given. */
  readonly port?: number;
  /** For `startedAt` alone; the system's unless given. */
  readonly clock?: Pick<Clock, "now">;
}

type Opening = Required<OpenOptions>;

/**
 * Folders that this process has open. LevelDB's lock cannot tell: a second opening by the same process
 * fails too, but on its way out drops the lock that the first one holds against other processes.
 */
const openHere = new Set<string>();
/** Two processes that start at once can trip each other up; one of them wins at the next try. */
const MAX_TRIES = 5;

/**
 * Opens the DynamoDB-compatible database in `dir` and serves it on loopback. What can be expected to go
 * wrong is a result.
 * @throws HistoryError when the database opens but never answers.
 */
export async function openEmbedded(options: OpenOptions): Promise<OpenDatabase | OpenProblem> {
  const dir = resolve(options.dir);
  const problem = await prepareFolder(dir);
  if (problem !== null) return problem;
  const path = await realpath(dir);
  if (openHere.has(path)) return lockedBy(dir);
  openHere.add(path);
  const opened = await openStore({ port: 0, clock: Date, ...options, dir }).catch(
    (error: unknown) => {
      openHere.delete(path);
      throw error;
    },
  );
  if (opened.kind === "open") void opened.ended.then(() => openHere.delete(path));
  else openHere.delete(path);
  return opened;
}

async function openStore(opening: Opening): Promise<OpenDatabase | OpenProblem> {
  let failure: unknown;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const outcome = await tryToOpen(opening);
    if (outcome.kind !== "failed") return outcome;
    failure = outcome.error;
  }
  throw new HistoryError("history-unavailable", "The embedded database does not start", failure);
}

type Failed = { readonly kind: "failed"; readonly error: unknown };

async function tryToOpen(opening: Opening): Promise<OpenDatabase | OpenProblem | Failed> {
  const { dir, port } = opening;
  const accessKeyId = `vigil${randomBytes(16).toString("hex")}`;
  const thread = startThread({ storePath: storePath(dir), port, accessKeyId });
  const report = await thread.report;
  switch (report.kind) {
    case "listening":
      return serve(opening, thread, { endpoint: `http://127.0.0.1:${report.port}`, accessKeyId });
    case "not-opened":
      return report.code === "LEVEL_LOCKED"
        ? lockedBy(dir)
        : { kind: "damaged", dir, code: report.code, detail: report.detail };
    case "not-listening":
      return { kind: "port-unavailable", port, code: report.code };
    case "failed":
      return report;
    case "closed":
      return { kind: "failed", error: new Error("The database thread ended without a word") };
  }
}

interface Served {
  readonly client: DynamoDBClient;
  readonly thread: DatabaseThread;
  readonly marker: Marker;
}

async function serve(
  { dir, clock }: Opening,
  thread: DatabaseThread,
  address: LocalEndpoint,
): Promise<OpenDatabase | OpenProblem | Failed> {
  const startedAt = new Date(clock.now()).toISOString();
  const served: Served = {
    client: localClient(address),
    thread,
    marker: { ...address, pid: process.pid, startedAt },
  };
  if (!(await answers(served.client))) return giveUp(served);
  try {
    await writeMarker(dir, served.marker);
  } catch (error) {
    await stop(served);
    return unwritable(dir, error);
  }
  return openDatabase(dir, served);
}

function openDatabase(dir: string, served: Served): OpenDatabase {
  const close = async () => {
    try {
      await removeMarker(dir, served.marker);
    } finally {
      await stop(served);
    }
  };
  let closed: Promise<void> | undefined;
  return {
    kind: "open",
    endpoint: served.marker.endpoint,
    client: served.client,
    ended: served.thread.ended,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

async function giveUp(served: Served): Promise<Failed> {
  await stop(served);
  const end = await served.thread.ended;
  return { kind: "failed", error: end.kind === "failed" ? end.error : new Error("No answer") };
}

async function stop({ client, thread }: Served): Promise<void> {
  client.destroy();
  await thread.close();
}

async function lockedBy(dir: string): Promise<OpenProblem> {
  const marker = await readMarker(dir);
  return { kind: "locked", dir, holder: marker && isAlive(marker.pid) ? holderOf(marker) : null };
}

function holderOf({ pid, endpoint, startedAt }: Marker): Holder {
  return { pid, endpoint, startedAt };
}

export type AttachResult =
  | (Holder & { readonly kind: "attached"; readonly client: DynamoDBClient; close(): void })
  | {
      readonly kind: "not-running";
      /** What gave it away: no marker, its process is gone, or nothing there knows its key. */
      readonly reason: "no-marker" | "process-gone" | "no-answer";
    };

/** A client for the database that another process has open in `dir`, if there is one. */
export async function attachEmbedded(dir: string): Promise<AttachResult> {
  const marker = await readMarker(resolve(dir));
  if (marker === null) return { kind: "not-running", reason: "no-marker" };
  if (!isAlive(marker.pid)) return { kind: "not-running", reason: "process-gone" };
  const client = localClient(marker);
  if (await answers(client)) {
    return { kind: "attached", ...holderOf(marker), client, close: () => client.destroy() };
  }
  client.destroy();
  return { kind: "not-running", reason: "no-answer" };
}
