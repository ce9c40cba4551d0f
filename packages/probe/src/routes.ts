import type { JsonRpcId } from "@vigil/core";
import type { Way } from "./connection.ts";

/** What is a step's own on the wire. */
export interface StepWire {
  /** One for each of the requests that the step sends at once; it ends when all of them have. */
  readonly own?: readonly Way[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which way each request of a step takes, and how often it has been sent on. */
export class Routes {
  readonly #shared: Way;
  #own: readonly Way[] = [];
  readonly #ways = new Map<JsonRpcId | null, Way>();
  readonly #redirects = new Map<JsonRpcId | null, number>();

  constructor(shared: Way) {
    this.#shared = shared;
  }

  /** Of `own` ways each request takes the next, and keeps it; without any, all share one. */
  begin(own: readonly Way[]): void {
    this.#own = own;
    this.#ways.clear();
    this.#redirects.clear();
  }

  wayOf(id: JsonRpcId | null): Way {
    const way = this.#ways.get(id) ?? this.#own[this.#ways.size] ?? this.#shared;
    this.#ways.set(id, way);
    return way;
  }

  countRedirect(id: JsonRpcId | null): void {
    this.#redirects.set(id, this.redirectsOf(id) + 1);
  }

  redirectsOf(id: JsonRpcId | null): number {
    return this.#redirects.get(id) ?? 0;
  }
}
