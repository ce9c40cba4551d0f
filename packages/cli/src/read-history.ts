import { HistoryError } from "@vigil/aws";
import type { Clock } from "@vigil/core";
import { complain } from "./complain.ts";
import type { ExitCode } from "./exit-codes.ts";
import type { PlaceFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { openPlace, type Place } from "./place.ts";
import { bad, ok, type Result } from "./result.ts";

export interface ReadContext {
  readonly io: Io;
  readonly clock: Clock;
}

/** Opens the history that the flags name, lets it be used, and closes it whatever happened. */
export async function withHistory(
  flags: PlaceFlags,
  { io, clock }: ReadContext,
  use: (place: Place) => Promise<Result<ExitCode>>,
): Promise<ExitCode> {
  const opened = await openPlace(flags, { cwd: io.cwd, env: io.env, clock });
  if (!opened.ok) {
    return complain(opened.complaint, io);
  }
  const place = opened.value;
  try {
    const outcome = await use(place);
    return outcome.ok ? outcome.value : complain(outcome.complaint, io);
  } catch (error) {
    if (error instanceof HistoryError) {
      return complain(place.explain(error), io);
    }
    throw error;
  } finally {
    await place.close();
  }
}

/** Whom a question is about. */
export interface Subject {
  readonly target: string;
  readonly vantage: string | undefined;
}

/** Nothing wrong with a target and vantage that have been run; otherwise those that have are named. */
export async function checkSubject(
  { history, ifEmpty }: Place,
  { target, vantage }: Subject,
): Promise<Result<null>> {
  const known = await history.targets();
  const what = `There is no history of ${JSON.stringify(target)}`;
  if (known.length === 0) {
    return bad(`${what}. ${ifEmpty}`);
  }
  if (!known.includes(target)) {
    return bad(`${what}. Known targets: ${known.join(", ")}.`);
  }
  const states = (await history.states()).filter((state) => state.target === target);
  const vantages = states.map((state) => state.vantage);
  return vantage === undefined || vantages.length === 0 || vantages.includes(vantage)
    ? ok(null)
    : bad(`${what} from ${JSON.stringify(vantage)}. Known vantages: ${vantages.join(", ")}.`);
}

/** A listing's entries, and how many items it had to leave out. */
export interface Collected<T> {
  readonly entries: readonly T[];
  readonly unreadable: number;
}

export async function collect<T>(
  listing: AsyncIterable<T> & { readonly unreadable: readonly unknown[] },
): Promise<Collected<T>> {
  const entries: T[] = [];
  for await (const entry of listing) {
    entries.push(entry);
  }
  return { entries, unreadable: listing.unreadable.length };
}

export function tellUnreadable(unreadable: number, io: Io): void {
  if (unreadable > 0) {
    io.err(`vigil: ${unreadable} item(s) could not be read and are left out.\n`);
  }
}
