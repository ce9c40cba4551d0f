import { Follower, type History, spacedTurns } from "@vigil/aws";
import type { DeploymentObserver } from "@vigil/aws/deployments";
import {
  type Clock,
  callSpacingMs,
  type FollowedTarget,
  type GapEvent,
  type GapWindow,
  isFollowed,
  OPEN_LOOK_MS,
  type Target,
} from "@vigil/core";
import type { LookPlace } from "../watch-plan.ts";

export interface FollowOptions {
  readonly targets: readonly Target[];
  readonly clock: Clock;
  readonly history: Pick<
    History,
    "gapStates" | "putGapState" | "putGap" | "putDeployment" | "runs"
  >;
  /** From look to look while nothing happens. */
  readonly everyMs: number;
  readonly observerOf: (region: string) => DeploymentObserver;
  readonly onEvent: (target: string, event: GapEvent) => void;
  readonly onTrouble: (trouble: FollowTrouble) => void;
}

export interface FollowTrouble {
  readonly target: FollowedTarget;
  readonly code: "look-failed" | "history-failed";
  readonly details: Readonly<Record<string, unknown>>;
}

/** The functions behind the targets of a watch, looked at as the correlator looks at them. */
export interface Follow {
  gapOf(target: string): GapWindow | null;
  /** Looks now, out of turn, and says what is open then. */
  lookNow(target: string): Promise<GapWindow | null>;
  /** Resolves when what goes on has ended. */
  stop(): Promise<void>;
}

/** Starts at once, where the last watch left off. */
export async function followDeployments(options: FollowOptions): Promise<Follow> {
  const { history, onEvent } = options;
  const followed = new Map(
    options.targets.filter(isFollowed).map((target) => [target.name, target] as const),
  );
  const follower = new Follower({
    history,
    observerOf: options.observerOf,
    onEvent,
    trouble(code, details) {
      const target = followed.get(details.target);
      // Nobody asks for spill-over here.
      if (target === undefined || code === "spillover-unread") return;
      options.onTrouble({ target, code, details });
    },
  });
  if (followed.size > 0) follower.recall(await history.gapStates());
  const rounds = [...followed.values()].map((target) => startLooks(target, follower, options));
  const byTarget = new Map([...followed.keys()].map((name, index) => [name, rounds[index]]));
  return {
    gapOf: (target) => follower.openWindow(target),
    async lookNow(target) {
      await byTarget.get(target)?.now();
      return follower.openWindow(target);
    },
    stop: async () => void (await Promise.all(rounds.map(({ stop }) => stop()))),
  };
}

interface Looks {
  now(): Promise<void>;
  stop(): Promise<void>;
}

/** One look at a time: whoever asks during one waits for it. */
function startLooks(
  target: FollowedTarget,
  follower: Follower,
  { clock, everyMs }: FollowOptions,
): Looks {
  let going: Promise<void> | null = null;
  let cancel: () => void = () => undefined;
  let stopped = false;

  function now(): Promise<void> {
    if (stopped) return Promise.resolve();
    cancel();
    going ??= follower.look(target).finally(() => {
      going = null;
      const isOpen = follower.openWindow(target.name) !== null;
      const nextMs = isOpen ? Math.min(OPEN_LOOK_MS, everyMs) : everyMs;
      if (!stopped) cancel = clock.after(nextMs, () => void now());
    });
    return going;
  }

  void now();
  return {
    now,
    async stop() {
      stopped = true;
      cancel();
      await going;
    },
  };
}

/** One observer a region: its calls keep their distance. */
export async function observersAt(
  clock: Clock,
  place: LookPlace | null,
): Promise<(region: string) => DeploymentObserver> {
  const { createDeploymentObserver } = await import("@vigil/aws/deployments");
  const open = new Map<string, DeploymentObserver>();
  return (region) => {
    const turn = spacedTurns(clock, callSpacingMs(1));
    const observer =
      open.get(region) ?? createDeploymentObserver({ region, clock, turn, ...place });
    open.set(region, observer);
    return observer;
  };
}
