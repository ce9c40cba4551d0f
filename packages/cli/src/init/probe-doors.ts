import {
  type FrontDoor,
  longestRunMs,
  mainList,
  mapAtOnce,
  proposeSentinels,
  proposeTarget,
  type RunRecord,
  resolveTarget,
  type SentinelProposal,
  type Target,
  type ToolInfo,
} from "@vigil/core";
import { type ConfirmedRun, type ProbeDeps, runConfirmed } from "@vigil/probe";

/** Front doors that are asked at once: each may start a function of the operator's. */
const AT_ONCE = 8;

/** What a front door turned out to be. */
export type Probed =
  | {
      readonly kind: "speaks";
      readonly door: FrontDoor;
      readonly url: string;
      readonly record: RunRecord;
      readonly sentinels: readonly SentinelProposal[];
    }
  /** Wants credentials that only the operator has. */
  | { readonly kind: "guarded"; readonly door: FrontDoor; readonly url: string }
  | { readonly kind: "other"; readonly door: FrontDoor; readonly why: string };

/** Asks every front door whether it speaks MCP; no tool is called. In the order given. */
export async function probeDoors(
  doors: readonly FrontDoor[],
  deps: ProbeDeps,
  onDone: () => void,
): Promise<readonly Probed[]> {
  return mapAtOnce(doors, AT_ONCE, async (door) => {
    const probed = await probeDoor(door, deps);
    onDone();
    return probed;
  });
}

async function probeDoor(door: FrontDoor, deps: ProbeDeps): Promise<Probed> {
  let best: Probed | null = null;
  for (const url of door.urls) {
    const found = await probeUrl(door, url, deps);
    if (found.kind === "speaks") return found;
    if (best === null || (best.kind === "other" && found.kind === "guarded")) best = found;
  }
  return best ?? { kind: "other", door, why: "it has no address" };
}

async function probeUrl(door: FrontDoor, url: string, deps: ProbeDeps): Promise<Probed> {
  const made = targetOf({ door, url, sentinel: null });
  if (!made.ok) return { kind: "other", door, why: made.why };
  const run = await probeOnce(made.target, deps);
  const [failure] = run.record.failures;
  if (spoke(run)) {
    return {
      kind: "speaks",
      door,
      url,
      record: run.record,
      sentinels: proposeSentinels(toolsOf(run)),
    };
  }
  return failure?.mode === "auth-required" && failure.evidence.httpStatus === 401
    ? { kind: "guarded", door, url }
    : { kind: "other", door, why: `no MCP: ${failure?.mode ?? run.record.status}` };
}

interface Trial {
  readonly door: FrontDoor;
  readonly url: string;
  readonly sentinel: SentinelProposal | null;
}

type Made =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly why: string };

function targetOf({ door, url, sentinel }: Trial): Made {
  const made = resolveTarget(proposeTarget({ ...door, name: "found", url, sentinel }));
  if (made.ok) return made;
  const [finding] = made.findings;
  return {
    ok: false,
    why: `cannot be watched: its ${finding?.path ?? "address"} ${finding?.problem ?? "is wrong"}`,
  };
}

function probeOnce(target: Target, deps: ProbeDeps): Promise<ConfirmedRun> {
  return runConfirmed(target, deps, {
    kind: "manual",
    scheduledAt: new Date(deps.clock.now()).toISOString(),
    deadline: deps.clock.monotonic() + longestRunMs(target, []),
    eraHint: null,
    knownDown: false,
    extras: [],
    confirm: false,
  });
}

function spoke({ attempts }: ConfirmedRun): boolean {
  const legs = attempts.flatMap(({ run }) => run.legs);
  return legs.some(({ protocolVersion }) => protocolVersion !== null);
}

/** Names and schemas without secrets, as they may be written down, and what is said of each tool. */
function toolsOf({ tools, attempts }: ConfirmedRun): readonly ToolInfo[] {
  const kept = (tools === null ? null : mainList(tools))?.tools ?? [];
  const seen = attempts[0]?.run.legs.at(-1)?.tools ?? [];
  return kept.flatMap((tool, i) =>
    "inputSchema" in tool ? [{ ...tool, annotations: seen[i]?.annotations ?? null }] : [],
  );
}

/** Makes the proposed call, as each run would, and tells whether it was answered well. */
export async function answersWell(
  { door, url }: Extract<Probed, { kind: "speaks" }>,
  sentinel: SentinelProposal,
  deps: ProbeDeps,
): Promise<boolean> {
  const made = targetOf({ door, url, sentinel });
  return made.ok && (await probeOnce(made.target, deps)).record.depth === "sentinel";
}
