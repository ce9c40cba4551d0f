import type { History } from "@vigil/aws";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { GapsFlags } from "../flags.ts";
import { gapJson, gapTable } from "../gap-table.ts";
import { createPalette } from "../palette.ts";
import {
  checkSubject,
  collect,
  type ReadContext,
  tellUnreadable,
  withHistory,
} from "../read-history.ts";
import { ok, type Result } from "../result.ts";
import { formatTimestamp, parseSince } from "../time.ts";

/** Lists a target's deployment gap windows, the newest first. */
export async function runGaps(
  target: string,
  flags: GapsFlags,
  {
    io,
    clock = systemClock,
  }: { readonly io: ReadContext["io"]; readonly clock?: ReadContext["clock"] },
): Promise<ExitCode> {
  const since = flags.since === undefined ? ok(null) : parseSince(flags.since, clock.now());
  if (!since.ok) return complain(since.complaint, io);
  const context = { io, clock };
  return withHistory(flags, context, async (place) => {
    const subject = await checkSubject(place, { target, vantage: undefined });
    return subject.ok
      ? show(place.history, { target, since: since.value, flags }, context)
      : subject;
  });
}

interface Wanted {
  readonly target: string;
  /** Null: from the beginning. */
  readonly since: number | null;
  readonly flags: GapsFlags;
}

async function show(
  history: History,
  { target, since, flags }: Wanted,
  { io, clock }: ReadContext,
): Promise<Result<ExitCode>> {
  const range = since === null ? {} : { since: new Date(since).toISOString() };
  const { entries, unreadable } = await collect(history.gaps(target, range));
  if (flags.json === true) {
    io.out(entries.map((one) => `${JSON.stringify(gapJson(one))}\n`).join(""));
  } else if (entries.length > 0) {
    io.out(gapTable(entries, { now: clock.now(), palette: createPalette(io.outColour) }));
  }
  if (entries.length === 0) {
    const text = `No gap windows of ${target}${since === null ? "" : ` since ${formatTimestamp(since)}`}.\n`;
    (flags.json === true ? io.err : io.out)(flags.json === true ? `vigil: ${text}` : text);
  }
  tellUnreadable(unreadable, io);
  return ok(EXIT.up);
}
