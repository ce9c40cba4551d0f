/** The function that the demo server is taken for. */
export const FUNCTION_NAME = "vigil-demo";
export const ALIAS = "live";

export interface DeploymentTimes {
  /** From the move of the alias to provisioned concurrency that is ready. */
  readonly gapMs: number;
  /** How long the first request of a client waits in a cold environment. */
  readonly coldMs: number;
}

export const GAP_MS = 45_000;
/** Of the gap: until the new allocation is asked for. */
const MISSING_SHARE = 0.2;

/** What Lambda's control plane says now. */
export interface Deployed {
  readonly version: number;
  /** Of the alias's provisioned concurrency; null while there is none. */
  readonly status: "READY" | "IN_PROGRESS" | null;
  readonly changedAtMs: number;
}

interface Move {
  readonly startedMs: number;
  /** When the allocation may go on; null while it is held. */
  readonly freeMs: number | null;
}

export interface DeploymentPlayOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly times: DeploymentTimes;
}

/**
 * Plays deployments of the one function that this process stands for, as AWS was seen to answer while
 * a script deletes the provisioned concurrency of an alias, moves the alias and puts it again; only
 * the allocation is shorter than the two minutes that it took there.
 */
export class DeploymentPlay {
  readonly times: DeploymentTimes;
  readonly #now: () => number;
  #version = 1;
  #move: Move | null = null;

  constructor({ now, times }: DeploymentPlayOptions) {
    this.#now = now;
    this.times = times;
  }

  /** False while another one goes on. */
  start({ hold }: { readonly hold: boolean }): boolean {
    if (this.isOpen) return false;
    const startedMs = this.#now();
    this.#version += 1;
    this.#move = { startedMs, freeMs: hold ? null : startedMs };
    return true;
  }

  /** Lets a held allocation end at once; false when none is held. */
  release(): boolean {
    if (this.#move === null || this.#move.freeMs !== null) return false;
    this.#move = { ...this.#move, freeMs: Number.NEGATIVE_INFINITY };
    return true;
  }

  get isHeld(): boolean {
    return this.#move?.freeMs === null;
  }

  /** Whether no provisioned concurrency is ready: a client's first request then meets a cold environment. */
  get isOpen(): boolean {
    return this.now.status !== "READY";
  }

  get now(): Deployed {
    const version = this.#version;
    const move = this.#move;
    if (move === null) return { version, status: "READY", changedAtMs: 0 };
    const { gapMs } = this.times;
    const putMs = move.startedMs + gapMs * MISSING_SHARE;
    const readyMs = move.freeMs === null ? Number.POSITIVE_INFINITY : move.freeMs + gapMs;
    if (this.#now() >= readyMs) return { version, status: "READY", changedAtMs: putMs };
    return this.#now() < putMs
      ? { version, status: null, changedAtMs: move.startedMs }
      : { version, status: "IN_PROGRESS", changedAtMs: putMs };
  }
}
