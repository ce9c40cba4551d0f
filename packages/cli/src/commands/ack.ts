import { acknowledge } from "@vigil/aws";
import type { Alert } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { AckFlags } from "../flags.ts";
import { checkSubject, type ReadContext, withHistory } from "../read-history.ts";
import { bad, ok } from "../result.ts";
import { plain } from "../text.ts";
import { formatTimestamp } from "../time.ts";
import { whoOf } from "../who.ts";

/** Says that somebody sees to a target, so that nobody is reminded of it. */
export function runAck(
  target: string,
  flags: AckFlags,
  {
    io,
    clock = systemClock,
  }: { readonly io: ReadContext["io"]; readonly clock?: ReadContext["clock"] },
): Promise<ExitCode> {
  return withHistory(flags, { io, clock }, async (place) => {
    const subject = await checkSubject(place, { target, vantage: undefined });
    if (!subject.ok) return subject;
    const by = whoOf(flags.by, io);
    const done = await acknowledge({ target, by }, { history: place.history, clock });
    if (done.outcome === "nothing-open") {
      return bad(`${target} has no open alert, so there is nothing to acknowledge.`);
    }
    io.out(ackText(target, by, done.alert));
    return ok(EXIT.up);
  });
}

function ackText(target: string, by: string, { status, openedAt, modes }: Alert): string {
  const why = modes.length === 0 ? "" : ` (${modes.join(", ")})`;
  return `Acknowledged by ${plain(by)}: ${target}, ${status} since ${formatTimestamp(Date.parse(openedAt))}${why}. No reminders come; its end is still told.\n`;
}
