import type { FaultName } from "./index.ts";

/** How the cold start plays: requests in the first `requests` after it is switched on wait. */
export interface ColdStartPlay {
  readonly delayMs: number;
  readonly requests: number;
}

/** Longer than any client's usual patience, and one request: the next finds a warm environment. */
export const COLD_START: ColdStartPlay = { delayMs: 20_000, requests: 1 };

const COLD_FAULTS: ReadonlySet<FaultName> = new Set(["cold-start", "cold-start-timeout"]);

/** The fault that is on. One process is one environment, so one of these belongs to one process. */
export class FaultSwitch {
  #fault: FaultName | null;
  #coldLeft: number;
  readonly #coldStart: ColdStartPlay;

  constructor(fault: FaultName | null = null, coldStart: ColdStartPlay = COLD_START) {
    this.#coldStart = coldStart;
    this.#fault = fault;
    this.#coldLeft = coldStart.requests;
  }

  get fault(): FaultName | null {
    return this.#fault;
  }

  /** Switching on, even what is on already, starts its play anew. */
  set(fault: FaultName | null): void {
    this.#fault = fault;
    this.#coldLeft = this.#coldStart.requests;
  }

  /** Whether the next request meets a cold environment, as far as the fault goes. */
  get playsCold(): boolean {
    return this.#fault !== null && COLD_FAULTS.has(this.#fault) && this.#coldLeft > 0;
  }

  /** How long the next request waits; counts it. */
  takeDelayMs(): number {
    if (!this.playsCold) return 0;
    this.#coldLeft -= 1;
    return this.#coldStart.delayMs;
  }
}
