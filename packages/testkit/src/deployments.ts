import type { Observation, Provisioned, Seen } from "@vigil/core";

/**
 * What AWS's control plane says while functions are deployed, as sequences of looks: recorded ones,
 * and those that follow from AWS's documentation.
 */
export interface DeploymentSequence {
  readonly name: string;
  readonly observations: readonly Observation[];
}

const START_MS = Date.parse("2026-11-22T08:00:00.000Z");
/** From a look's first question to its last answer. */
const LOOK_MS = 200;
export const ALIAS = "live";

/** A time so many seconds into a sequence. */
export function second(seconds: number): string {
  return new Date(START_MS + seconds * 1_000).toISOString();
}

interface SeenAt extends Partial<Pick<Seen, "weights" | "codeSha256">> {
  readonly pc?: readonly Provisioned[] | null;
}

/** A look whose answers were in at that second. */
export function seenAt(seconds: number, version: string, more: SeenAt = {}): Seen {
  return {
    kind: "seen",
    began: new Date(START_MS + seconds * 1_000 - LOOK_MS).toISOString(),
    at: second(seconds),
    version,
    codeSha256: more.codeSha256 ?? `code-of-${version}`,
    weights: more.weights ?? null,
    provisioned: more.pc ?? null,
  };
}

type Status = Provisioned["status"];

function aliasPc(status: Status, over: Partial<Provisioned> = {}): readonly Provisioned[] {
  const rest = { requested: 1, reason: null, lastModified: null };
  return [{ alias: ALIAS, version: null, status, ...rest, ...over }];
}

function versionPc(version: string, status: Status): Provisioned {
  return { alias: null, version, status, requested: 1, reason: null, lastModified: null };
}

const CLEAR = {};
const READY = { weights: CLEAR, pc: aliasPc("ready") };
const ALLOCATING = { weights: CLEAR, pc: aliasPc("in-progress") };
const NO_PC = { weights: CLEAR, pc: [] };
/** AWS's own doing while an alias with provisioned concurrency moves. */
const held = (old: string) => ({ weights: { [old]: 1 }, pc: aliasPc("in-progress") });
const INIT_FAILURE = "FUNCTION_ERROR_INIT_FAILURE";
const FAILED = { weights: { 1: 1 }, pc: aliasPc("failed", { reason: INIT_FAILURE }) };

const unseenAt = (seconds: number, reason: string): Observation => ({
  kind: "unseen",
  at: second(seconds),
  reason,
});
const hintAt = (seconds: number): Observation => ({ kind: "hint", at: second(seconds) });

export const DEPLOYMENT_SEQUENCES = [
  {
    name: "an alias moves, traffic held on the old version, counts full all along",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "1"),
      seenAt(120, "2", held("1")),
      seenAt(125, "2", held("1")),
      seenAt(250, "2", { weights: { 1: 1 }, pc: aliasPc("ready") }),
      seenAt(255, "2", READY),
      seenAt(315, "2"),
    ],
  },
  {
    name: "an alias gets its first provisioned concurrency",
    observations: [
      seenAt(0, "1", NO_PC),
      seenAt(60, "1"),
      seenAt(120, "1", {
        weights: CLEAR,
        pc: aliasPc("in-progress", { lastModified: second(90) }),
      }),
      seenAt(220, "1", ALLOCATING),
      seenAt(225, "1", READY),
    ],
  },
  {
    name: "a version's own provisioned concurrency comes after its traffic",
    observations: [
      seenAt(0, "1", { weights: CLEAR, pc: [versionPc("1", "ready")] }),
      seenAt(60, "2", { weights: CLEAR, pc: [versionPc("2", "in-progress")] }),
      seenAt(65, "2", { weights: CLEAR, pc: [versionPc("2", "in-progress")] }),
      seenAt(190, "2", { weights: CLEAR, pc: [versionPc("2", "ready")] }),
    ],
  },
  {
    name: "a version's own provisioned concurrency was ready before its traffic",
    observations: [
      seenAt(0, "1", { weights: CLEAR, pc: [versionPc("1", "ready")] }),
      seenAt(60, "2", { weights: CLEAR, pc: [versionPc("2", "ready")] }),
    ],
  },
  {
    name: "deleted, moved, put again",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "1", NO_PC),
      seenAt(120, "2", NO_PC),
      seenAt(125, "2", NO_PC),
      seenAt(130, "2", ALLOCATING),
      seenAt(260, "2", READY),
    ],
  },
  {
    name: "the new version cannot start, then is mended",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(380, "2", FAILED),
      seenAt(385, "2", FAILED),
      seenAt(500, "3", held("1")),
      seenAt(640, "3", READY),
    ],
  },
  {
    name: "provisioned concurrency is removed for good with a deployment",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", NO_PC),
      seenAt(120, "2", NO_PC),
      seenAt(1_860, "2", NO_PC),
      seenAt(1_865, "2", NO_PC),
      seenAt(1_925, "3", NO_PC),
    ],
  },
  {
    name: "provisioned concurrency is removed for good without a deployment",
    observations: [
      seenAt(0, "1", READY),
      seenAt(300, "1", NO_PC),
      seenAt(600, "1", NO_PC),
      seenAt(2_101, "1", NO_PC),
      seenAt(2_400, "2", NO_PC),
    ],
  },
  {
    name: "rolled back to an old version, whose LastModified is days old",
    observations: [
      seenAt(0, "7", READY),
      seenAt(60, "3", {
        weights: { 7: 1 },
        pc: aliasPc("in-progress", { lastModified: "2026-11-12T09:00:00.000Z" }),
      }),
      seenAt(180, "3", READY),
    ],
  },
  {
    name: "rolled back in the middle of the move",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(90, "1", ALLOCATING),
      seenAt(95, "1", READY),
    ],
  },
  {
    name: "two deployments overlap",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(90, "3", held("1")),
      seenAt(230, "3", READY),
    ],
  },
  {
    name: "code changes on $LATEST",
    observations: [
      seenAt(0, "$LATEST", { codeSha256: "old", ...NO_PC }),
      seenAt(60, "$LATEST", { codeSha256: "old" }),
      seenAt(120, "$LATEST", { codeSha256: "new", ...NO_PC }),
    ],
  },
  {
    name: "no provisioned concurrency at all",
    observations: [seenAt(0, "1", NO_PC), seenAt(60, "2", NO_PC), seenAt(120, "2")],
  },
  {
    name: "a canary takes a tenth of the traffic for hours",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "1", { weights: { 2: 0.1 }, pc: aliasPc("in-progress") }),
      seenAt(200, "1", { weights: { 2: 0.1 }, pc: aliasPc("ready") }),
      seenAt(3_600, "1"),
      seenAt(7_200, "1", { weights: { 2: 0.1 }, pc: aliasPc("ready") }),
      seenAt(7_260, "2", READY),
    ],
  },
  {
    name: "the function is deleted in the middle of a move, and made anew",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      { kind: "absent", at: second(65), what: "function" },
      { kind: "absent", at: second(125), what: "function" },
      seenAt(300, "1", NO_PC),
    ],
  },
  {
    name: "Lambda refuses and throttles some looks",
    observations: [
      seenAt(0, "1", READY),
      unseenAt(60, "throttled"),
      unseenAt(120, "throttled"),
      seenAt(180, "2", held("1")),
      unseenAt(185, "throttled"),
      unseenAt(190, "denied"),
      seenAt(195, "2", READY),
    ],
  },
  {
    name: "provisioned concurrency may not be looked at",
    observations: [
      seenAt(0, "1", { weights: CLEAR, pc: null }),
      seenAt(60, "2", { weights: CLEAR, pc: null }),
    ],
  },
  {
    name: "looks come late and out of order",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(30, "1", READY),
      seenAt(60, "1", READY),
      seenAt(180, "2", READY),
      seenAt(65, "2", held("1")),
    ],
  },
  {
    name: "the next environment's clock is behind by ten seconds",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(55, "2", READY),
      seenAt(60, "2", READY),
      seenAt(65, "2", READY),
    ],
  },
  {
    name: "a hint says when, before the look",
    observations: [
      seenAt(0, "1", READY),
      hintAt(42),
      hintAt(42),
      seenAt(60, "2", held("1")),
      seenAt(180, "2", READY),
    ],
  },
  {
    name: "hints come after the look, one of them about something older",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      hintAt(-30),
      hintAt(42),
      hintAt(44),
      seenAt(180, "2", READY),
    ],
  },
  {
    name: "more is asked for, of what is ready and serves on",
    observations: [
      seenAt(0, "1", READY),
      seenAt(300, "1", { weights: CLEAR, pc: aliasPc("in-progress", { requested: 3 }) }),
      seenAt(600, "1", { weights: CLEAR, pc: aliasPc("ready", { requested: 3 }) }),
    ],
  },
  {
    name: "allocating when first looked at",
    observations: [seenAt(0, "1", ALLOCATING), seenAt(5, "1", READY)],
  },
  {
    name: "a held move outlives its allowance",
    observations: [
      seenAt(0, "1", READY),
      seenAt(60, "2", held("1")),
      seenAt(360, "2", held("1")),
      seenAt(361, "2", held("1")),
      seenAt(420, "2", held("1")),
      seenAt(480, "2", READY),
    ],
  },
] as const satisfies readonly DeploymentSequence[];
