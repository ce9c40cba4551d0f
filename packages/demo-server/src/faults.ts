/** A way in which the demo server can be broken, and how it then looks from both sides. */
export interface Fault {
  readonly title: string;
  /** What an MCP client gets. */
  readonly clientSees: string;
  /** What the function's own metrics and logs show. */
  readonly cloudWatchShows: string;
}

const REGISTRY = {
  "adapter-missing": {
    title: "The Lambda Web Adapter is missing",
    clientSees: "HTTP 200 with a body that is not MCP",
    cloudWatchShows: "normal durations, no errors",
  },
  "version-mismatch": {
    title: "The MCP SDK is of another age",
    clientSees: "a protocol version that no client knows",
    cloudWatchShows: "no errors",
  },
  "tools-empty": {
    title: "Tools fail to register",
    clientSees: "tools/list with no tools",
    cloudWatchShows: "no errors",
  },
  "tool-permission": {
    title: "The role lacks a DynamoDB permission",
    clientSees: "one tool answers AccessDeniedException, the others work",
    cloudWatchShows: "no errors: the exception is caught and told to the client",
  },
  "cold-start": {
    title: "Cold starts exceed the client's patience",
    clientSees: "the first requests get no answer in time, later ones do",
    cloudWatchShows: "long durations, no errors",
  },
  "streaming-off": {
    title: "Streaming is switched off on the Function URL",
    clientSees: "an event stream without an event",
    cloudWatchShows: "no errors",
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof REGISTRY;

/** Every switch, by name. Help texts and checks of names derive from here. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = REGISTRY;
export const FAULT_NAMES = Object.keys(REGISTRY) as readonly FaultName[];
/** The name that clears whatever is switched on. */
export const NO_FAULT = "none";

export type FaultRead =
  | { readonly ok: true; readonly fault: FaultName | null }
  | { readonly ok: false; readonly problem: string };

export function readFault(value: unknown): FaultRead {
  if (value === NO_FAULT) return { ok: true, fault: null };
  const known = FAULT_NAMES.find((name) => name === value);
  if (known !== undefined) return { ok: true, fault: known };
  const shown = JSON.stringify(value)?.slice(0, 60) ?? "nothing";
  return {
    ok: false,
    problem: `there is no fault ${shown}; use one of: ${[...FAULT_NAMES, NO_FAULT].join(", ")}`,
  };
}

/** How the cold start plays: requests in the first `requests` after it is switched on wait. */
export interface ColdStartPlay {
  readonly delayMs: number;
  readonly requests: number;
}

/** Longer than any client's usual patience, and one request: the next finds a warm environment. */
export const COLD_START: ColdStartPlay = { delayMs: 20_000, requests: 1 };

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
    return this.#fault === "cold-start" && this.#coldLeft > 0;
  }

  /** How long the next request waits; counts it. */
  takeDelayMs(): number {
    if (!this.playsCold) return 0;
    this.#coldLeft -= 1;
    return this.#coldStart.delayMs;
  }
}
