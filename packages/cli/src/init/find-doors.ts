import type { DoorsFound, UnansweredCall } from "@vigil/aws/front-doors";
import { type Clock, type FrontDoor, isRegion, mapAtOnce, targetFromUrl } from "@vigil/core";
import { EXIT } from "../exit-codes.ts";
import type { InitFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { all, allComplaints, bad, ok, type Result } from "../result.ts";
import { count, plain } from "../text.ts";
import { explainUnanswered } from "./explain-unanswered.ts";
import { withProgress } from "./progress.ts";

const REGIONS_AT_ONCE = 4;

interface Search {
  readonly io: Io;
  readonly clock: Clock;
  readonly say: (line: string) => void;
}

/**
 * Everything that may have an MCP server behind it: as named by the operator, and as AWS lists it in
 * the chosen regions. With addresses alone, AWS is not asked.
 */
export async function findDoors(
  { url = [], region = [] }: InitFlags,
  search: Search,
): Promise<Result<readonly FrontDoor[]>> {
  const named = all([...new Set(url)].map(namedDoor));
  const regions = all([...new Set(region)].map(readRegion));
  if (!named.ok || !regions.ok) return allComplaints([named, regions]);
  if (url.length > 0 && region.length === 0) return named;
  const listed = await listDoors(regions.value, search, url.length === 0);
  if (!listed.ok) return listed;
  // Of what is both named and listed, AWS knows more.
  const known = new Set(listed.value.flatMap(({ urls }) => urls));
  return ok([...named.value.filter(({ urls: [first] }) => !known.has(first)), ...listed.value]);
}

function namedDoor(url: string): Result<FrontDoor> {
  const made = targetFromUrl(url);
  if (made.ok) {
    const { region } = made.target;
    return ok({ label: null, urls: [url], region, lambda: null, signedFor: null });
  }
  const [finding] = made.findings;
  const label = plain(url.replace(/[?#].*$/su, "").replace(/\/\/[^/]*@/u, "//"), 200);
  return bad(`--url ${label} ${finding?.problem ?? "is wrong"}. ${finding?.fix ?? ""}`);
}

function readRegion(region: string): Result<string> {
  return isRegion(region)
    ? ok(region)
    : bad(
        `--region ${plain(JSON.stringify(region), 80)} is no AWS region. Write one such as us-east-1.`,
      );
}

/** `alone`: there is nothing to go on with if AWS says nothing. */
async function listDoors(
  named: readonly string[],
  { io, clock, say }: Search,
  alone: boolean,
): Promise<Result<readonly FrontDoor[]>> {
  // What AWS is asked with is loaded only when it is asked.
  const { findFrontDoors } = await import("@vigil/aws/front-doors");
  const { usualRegion } = await import("@vigil/aws/usual-region");
  const usual = named.length > 0 ? null : await usualRegion();
  const regions = named.length > 0 ? named : usual === null ? [] : [usual];
  if (regions.length === 0) return bad(NO_REGION);
  const now = new Map<string, string>();
  const passing = () => [...now].map(([region, what]) => `${region}: ${what}`).join("; ") || null;
  const found = await withProgress({ io, clock, passing }, () =>
    mapAtOnce(regions, REGIONS_AT_ONCE, async (region) => {
      const onProgress = (what: string) => void now.set(region, what);
      const doors = await findFrontDoors({ region, clock, onProgress });
      now.delete(region);
      return { region, ...doors };
    }),
  );
  found.flatMap(foundLines).forEach(say);
  const unanswered = found.flatMap((one) => one.unanswered);
  const doors = found.flatMap((one) => one.doors);
  return alone && doors.length === 0 && unanswered.length > 0
    ? nothingSaid(unanswered, io)
    : told(doors, unanswered, io);
}

const NO_REGION =
  "No AWS region is set. Name one or more with --region us-east-1, or set AWS_REGION; or add endpoints by hand with --url.";

type RegionFound = DoorsFound & { readonly region: string };

function foundLines({ region, doors, notes, unanswered }: RegionFound): readonly string[] {
  if (doors.length === 0 && unanswered.length > 0) return [];
  return [
    `${region}: ${count(doors.length, "place")} where an MCP server may be`,
    ...notes.map((note) => `  ${plain(note, 200)}`),
  ];
}

function told(
  doors: readonly FrontDoor[],
  unanswered: readonly UnansweredCall[],
  io: Io,
): Result<readonly FrontDoor[]> {
  const reasons = new Set(unanswered.map((call) => explainUnanswered(call, io.env).message));
  for (const reason of reasons) io.err(`vigil: warning: ${reason}\n`);
  return ok(doors);
}

function nothingSaid(unanswered: readonly UnansweredCall[], io: Io): Result<never> {
  const complaints = unanswered.map((call) => explainUnanswered(call, io.env));
  const exits = complaints.map(({ exit = EXIT.usage }) => exit);
  const messages = new Set(complaints.map(({ message }) => message));
  return {
    ok: false,
    complaint: {
      message: [...messages].join("\n"),
      cause: unanswered[0]?.error,
      exit: exits.every((exit) => exit === EXIT.usage) ? EXIT.usage : EXIT.unknown,
    },
  };
}
