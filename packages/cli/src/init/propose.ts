import { proposeName, type SentinelProposal, type TargetProposal } from "@vigil/core";
import type { ProbeDeps } from "@vigil/probe";
import { plain } from "../text.ts";
import type { Decisions } from "./decisions.ts";
import { answersWell, type Probed } from "./probe-doors.ts";

interface Proposing {
  readonly decisions: Decisions;
  readonly deps: ProbeDeps;
  readonly say: (line: string) => void;
}

/** The servers among what was probed, as targets with names and sentinels. */
export async function proposeTargets(
  probed: readonly Probed[],
  given: Proposing,
): Promise<readonly TargetProposal[]> {
  const targets: TargetProposal[] = [];
  const taken = new Set<string>();
  for (const found of probed) {
    if (found.kind !== "speaks") continue;
    const { door, url } = found;
    const label = door.label ?? found.record.server?.name ?? null;
    const proposed = proposeName({ label, url, taken });
    const name = await given.decisions.watch(found, proposed, taken);
    if (name === null) continue;
    taken.add(name);
    targets.push({ ...door, name, url, sentinel: await trySentinel(name, found, given) });
  }
  return targets;
}

/** A sentinel that is not answered well is replaced by the next one so often. */
const MAX_TRIES = 3;

async function trySentinel(
  name: string,
  found: Extract<Probed, { kind: "speaks" }>,
  { decisions, deps, say }: Proposing,
): Promise<SentinelProposal | null> {
  for (const sentinel of found.sentinels.slice(0, MAX_TRIES)) {
    if (!(await decisions.call(name, sentinel))) return null;
    const tool = plain(sentinel.tool, 80);
    if (await answersWell(found, sentinel, deps)) {
      say(`  ${name}: ${tool} answers well, and is its sentinel`);
      return sentinel;
    }
    say(`  ${name}: ${tool} is annotated as read-only, but was not answered well`);
  }
  say(
    `  ${name}: without a sentinel, since no tool is known to be read-only and callable as it is`,
  );
  return null;
}
