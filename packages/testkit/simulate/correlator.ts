import {
  advance,
  CORRELATOR_STAY_MS,
  FULL_LOOK_MS,
  type GapState,
  type GapWindow,
  OPEN_LOOK_MS,
  type Seen,
  startGap,
} from "@vigil/core";
import { isStale } from "../../functions/src/invocation-time.ts";
import { sample } from "./distributions.ts";
import { type FunctionState, stateAt } from "./truth.ts";
import { deliver, everyMinute, type World } from "./world.ts";

/** Calls of one region are this far apart. */
const SPACING_MS = 200;

/** The minute's tick that follows the function; one tick at a time holds the lease. */
export class Correlator {
  readonly #world: World;
  readonly #isFollowing: boolean;
  readonly closed: GapWindow[] = [];
  #state: GapState = startGap();
  #fullAtMs = Number.NEGATIVE_INFINITY;
  #isHeld = false;

  constructor(world: World, isFollowing: boolean) {
    this.#world = world;
    this.#isFollowing = isFollowing;
  }

  start(): void {
    const { agenda, random, wire } = this.#world;
    everyMinute(this.#world, (minuteMs) => {
      const scheduledAt = new Date(minuteMs).toISOString();
      deliver(this.#world, "asyncDelay", () => this.#invoke(scheduledAt));
    });
    // CloudTrail tells of half of the changes.
    for (const { startMs } of wire.truth.gaps.filter(() => random.chance(0.5))) {
      const at = new Date(Math.floor(startMs / 1_000) * 1_000).toISOString();
      agenda.at(startMs + sample("hintDelay", random), () => {
        this.#state = advance(this.#state, { kind: "hint", at }).state;
      });
    }
  }

  #invoke(scheduledAt: string): void {
    const { agenda } = this.#world;
    if (isStale(scheduledAt, agenda.now)) return;
    this.#claim(agenda.now + CORRELATOR_STAY_MS);
  }

  /** Takes over as soon as the one before leaves; gives up when it is too late for that. */
  #claim(endMs: number): void {
    const { agenda } = this.#world;
    if (!this.#isFollowing) return;
    if (!this.#isHeld) {
      this.#isHeld = true;
      this.#round(endMs);
    } else if (agenda.now + OPEN_LOOK_MS < endMs) {
      agenda.after(OPEN_LOOK_MS, () => this.#claim(endMs));
    }
  }

  #round(endMs: number): void {
    const { agenda } = this.#world;
    const roundMs = agenda.now;
    const isFull = this.#state.open !== null || roundMs - this.#fullAtMs >= FULL_LOOK_MS;
    this.#look(this.#state, isFull, (seen) => {
      if (seen.provisioned !== null) this.#fullAtMs = agenda.now;
      this.#take(seen);
      const nextMs = Math.max(roundMs + OPEN_LOOK_MS, agenda.now);
      if (this.#state.open !== null && nextMs < endMs) {
        agenda.at(nextMs, () => this.#round(endMs));
        return;
      }
      this.#isHeld = false;
    });
  }

  #take(seen: Seen): void {
    const { state, events } = advance(this.#state, seen);
    this.#state = state;
    this.#world.store.openGap = state.open?.window ?? null;
    for (const event of events) if (event.kind === "gap-closed") this.closed.push(event.window);
  }

  /** Each call is answered by what is true as it is answered. */
  #look({ serving }: GapState, isFull: boolean, then: (seen: Seen) => void): void {
    const { agenda } = this.#world;
    const began = iso(agenda.now);
    this.#call(({ version }) => {
      const codeSha256 = `code-of-${version}`;
      const seen = { kind: "seen", began, version, codeSha256 } as const;
      const isSame = serving?.version === version;
      if (isSame && !isFull) {
        then({ ...seen, at: iso(agenda.now), weights: null, provisioned: null });
        return;
      }
      this.#call(({ weights }) => {
        this.#call(({ provisioned }) => {
          then({ ...seen, at: iso(agenda.now), weights, provisioned });
        });
      });
    });
  }

  #call(then: (state: FunctionState) => void): void {
    const { agenda, random, wire } = this.#world;
    const takenMs = Math.max(sample("controlCall", random), SPACING_MS);
    agenda.after(takenMs, () => then(stateAt(wire.truth.states, agenda.now)));
  }

  /** What the pager sees when it looks itself, before it pages: it keeps nothing of it. */
  lookOnce(then: (open: GapWindow | null) => void): void {
    if (!this.#isFollowing) {
      then(null);
      return;
    }
    const before = this.#state;
    this.#look(before, true, (seen) => then(advance(before, seen).state.open?.window ?? null));
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
