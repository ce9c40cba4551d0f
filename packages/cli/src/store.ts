import { resolve } from "node:path";
import { createHistory, ensureTable, type History, HistoryError } from "@vigil/aws";
import {
  attachEmbedded,
  holdsDatabase,
  type OpenDatabase,
  type OpenProblem,
  openEmbedded,
} from "@vigil/aws/embedded";
import type { Clock } from "@vigil/core";
import { bad, ok, type Result } from "./result.ts";
import { formatTimestamp } from "./time.ts";

const TABLE = "vigil";

export interface Store {
  readonly history: History;
  close(): Promise<void>;
}

/** A store of this process's own; `ended` tells how its database came to its end. */
export interface OwnStore extends Store {
  readonly ended: OpenDatabase["ended"];
}

interface StoreOptions {
  readonly cwd: string;
  /** As the operator wrote it. */
  readonly data: string;
  readonly clock: Clock;
}

/** Opens the data folder for writing; one process at a time may. */
export async function openStore({ cwd, data, clock }: StoreOptions): Promise<Result<OwnStore>> {
  const dir = resolve(cwd, data);
  try {
    const opened = await openEmbedded({ dir, clock });
    return opened.kind === "open" ? await storeOf(opened, clock) : bad(problemText(opened));
  } catch (error) {
    if (error instanceof HistoryError) {
      return bad(`The history in ${dir} cannot be opened: ${error.message}. Try again.`, error);
    }
    throw error;
  }
}

async function storeOf(database: OpenDatabase, clock: Clock): Promise<Result<OwnStore>> {
  const { client, ended, close } = database;
  try {
    await ensureTable(client, TABLE);
  } catch (error) {
    await close();
    throw error;
  }
  return ok({ history: createHistory({ client, tableName: TABLE, clock }), ended, close });
}

/** The same for reading: through the watch that has the folder open, if there is one. */
export async function openStoreToRead(options: StoreOptions): Promise<Result<Store>> {
  const { cwd, data, clock } = options;
  const dir = resolve(cwd, data);
  // Opening would make one in a folder without.
  if (!(await holdsDatabase(dir))) {
    return bad(
      `There is no history in ${dir}. Run vigil watch first, or name its folder with --data.`,
    );
  }
  const attached = await attachEmbedded(dir);
  if (attached.kind === "not-running") {
    return openStore(options);
  }
  const { client, close } = attached;
  const history = createHistory({ client, tableName: TABLE, clock });
  return ok({ history, close: async () => close() });
}

const SYSTEM_CODES: Readonly<Record<string, string>> = {
  EACCES: "this user may not write there",
  EPERM: "this user may not write there",
  EROFS: "its file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in the way",
  EDQUOT: "the disk quota is used up",
};

function problemText(problem: OpenProblem): string {
  switch (problem.kind) {
    case "unwritable":
      return `The data folder ${problem.dir} cannot be written: ${SYSTEM_CODES[problem.code] ?? problem.code}. Put that right, or choose another folder with --data.`;
    case "parent-missing":
      return `The data folder ${problem.dir} cannot be made: ${problem.parent} does not exist. Run mkdir -p ${problem.parent}, or choose another folder with --data.`;
    case "locked":
      return `The data folder ${problem.dir} is in use by ${holderText(problem.holder)}. Stop that one, or give this one a folder of its own with --data.`;
    case "damaged":
      return `The history in ${problem.dir} cannot be read (${problem.code}). Move the folder away to start afresh, or choose another with --data.`;
    case "port-unavailable":
      return `The history's database cannot listen on a loopback port (${problem.code}).`;
    default:
      return problem satisfies never;
  }
}

function holderText(holder: { readonly pid: number; readonly startedAt: string } | null): string {
  return holder === null
    ? "another vigil"
    : `another vigil (process ${holder.pid}, since ${formatTimestamp(Date.parse(holder.startedAt))})`;
}
