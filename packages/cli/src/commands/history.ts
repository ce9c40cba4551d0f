import { HistoryError } from "@vigil/aws";
import type { Clock, RunRecord } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { HistoryFlags } from "../flags.ts";
import { historyTable } from "../history-table.ts";
import type { Io } from "../io.ts";
import { createPalette } from "../palette.ts";
import { bad, ok, type Result } from "../result.ts";
import { openStoreToRead, type Store } from "../store.ts";
import { parseSince } from "../time.ts";

interface Listing {
  readonly records: readonly RunRecord[];
  /** Older runs were left out for `--limit`. */
  readonly more: boolean;
  readonly unreadable: number;
}

/** Lists a target's runs, newest first. */
export async function runHistory(
  target: string,
  flags: HistoryFlags,
  { io, clock = systemClock }: { readonly io: Io; readonly clock?: Clock },
): Promise<ExitCode> {
  const since = flags.since === undefined ? ok(null) : parseSince(flags.since, clock.now());
  if (!since.ok) {
    return complain(since.complaint, io);
  }
  const store = await openStoreToRead({ cwd: io.cwd, data: flags.data, clock });
  if (!store.ok) {
    return complain(store.complaint, io);
  }
  try {
    const listing = await list(store.value, target, { limit: flags.limit, since: since.value });
    return listing.ok ? show(target, listing.value, flags, io) : complain(listing.complaint, io);
  } catch (error) {
    if (error instanceof HistoryError) {
      return complain({ message: `${error.message}. Try again.`, cause: error }, io);
    }
    throw error;
  } finally {
    await store.value.close();
  }
}

interface Wanted {
  readonly limit: number;
  readonly since: number | null;
}

async function list({ history }: Store, target: string, wanted: Wanted): Promise<Result<Listing>> {
  const runs = history.runs(target, {
    limit: wanted.limit + 1,
    ...(wanted.since === null ? {} : { since: new Date(wanted.since).toISOString() }),
  });
  const records: RunRecord[] = [];
  for await (const record of runs) {
    records.push(record);
  }
  if (records.length === 0) {
    const known = await history.targets();
    if (!known.includes(target)) {
      return bad(unknownTarget(target, known));
    }
  }
  return ok({
    records: records.slice(0, wanted.limit),
    more: records.length > wanted.limit,
    unreadable: runs.unreadable.length,
  });
}

function unknownTarget(target: string, known: readonly string[]): string {
  const what = `There is no history of ${JSON.stringify(target)}.`;
  return known.length === 0
    ? `${what} This folder holds none yet: run vigil watch first, or name its folder with --data.`
    : `${what} Known targets: ${known.join(", ")}.`;
}

function show(target: string, listing: Listing, flags: HistoryFlags, io: Io): ExitCode {
  const { records, more, unreadable } = listing;
  if (flags.json) {
    io.out(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  } else if (records.length === 0) {
    io.out(`No runs of ${target} in that time.\n`);
  } else {
    io.out(historyTable(records, createPalette(io.outColour)));
  }
  if (more && !flags.json) {
    io.out(`The newest ${records.length}; there are older ones: --limit shows more.\n`);
  }
  if (unreadable > 0) {
    io.err(`vigil: ${unreadable} item(s) could not be read and are left out.\n`);
  }
  return EXIT.up;
}
