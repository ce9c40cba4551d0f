import { type History, INCIDENT_RETENTION_DAYS } from "@vigil/aws";
import type { Incident } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { IncidentsFlags } from "../flags.ts";
import { incidentJson, incidentTable } from "../incident-table.ts";
import { createPalette } from "../palette.ts";
import {
  checkSubject,
  collect,
  type ReadContext,
  tellUnreadable,
  withHistory,
} from "../read-history.ts";
import { bad, ok, type Result } from "../result.ts";
import { DAY, formatTimestamp, parseSince } from "../time.ts";

/** Lists a target's incidents: those that go on first, then the newest first. */
export async function runIncidents(
  target: string,
  flags: IncidentsFlags,
  {
    io,
    clock = systemClock,
  }: { readonly io: ReadContext["io"]; readonly clock?: ReadContext["clock"] },
): Promise<ExitCode> {
  const since = readSince(flags.since, clock.now());
  if (!since.ok) {
    return complain(since.complaint, io);
  }
  const context = { io, clock };
  return withHistory(flags, context, async (place) => {
    const subject = await checkSubject(place, { target, vantage: flags.vantage });
    return subject.ok
      ? show(place.history, { target, since: since.value, flags }, context)
      : subject;
  });
}

/** Null: from the beginning. */
function readSince(text: string | undefined, now: number): Result<number | null> {
  if (text === undefined) {
    return ok(null);
  }
  const since = parseSince(text, now);
  return since.ok && now - since.value > INCIDENT_RETENTION_DAYS * DAY
    ? bad(
        `--since ${JSON.stringify(text)} is longer ago than incidents are kept (${INCIDENT_RETENTION_DAYS} days). Leave it out to see all that are kept.`,
      )
    : since;
}

interface Wanted {
  readonly target: string;
  readonly since: number | null;
  readonly flags: IncidentsFlags;
}

async function show(
  history: History,
  { target, since, flags }: Wanted,
  { io, clock }: ReadContext,
): Promise<Result<ExitCode>> {
  const vantage = flags.vantage === undefined ? {} : { vantage: flags.vantage };
  const { entries, unreadable } = await collect(history.incidents(target, vantage));
  const now = clock.now();
  const incidents = openFirst(entries.filter((incident) => reaches(incident, since)));
  if (flags.json === true) {
    io.out(incidents.map((one) => `${JSON.stringify(incidentJson(one, now))}\n`).join(""));
  } else if (incidents.length > 0) {
    io.out(incidentTable(incidents, { now, palette: createPalette(io.outColour) }));
  }
  if (incidents.length === 0) {
    const text = `No incidents of ${target}${since === null ? "" : ` since ${formatTimestamp(since)}`}.\n`;
    (flags.json === true ? io.err : io.out)(flags.json === true ? `vigil: ${text}` : text);
  }
  tellUnreadable(unreadable, io);
  return ok(EXIT.up);
}

/** Whether it went on at that time or later. */
function reaches({ closedAt }: Incident, since: number | null): boolean {
  return since === null || closedAt === null || Date.parse(closedAt) >= since;
}

/** Of those alike the order stays. */
function openFirst(incidents: readonly Incident[]): readonly Incident[] {
  const isOpen = ({ closedAt }: Incident) => closedAt === null;
  return [...incidents.filter(isOpen), ...incidents.filter((one) => !isOpen(one))];
}
