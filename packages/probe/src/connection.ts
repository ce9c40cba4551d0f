import { lookup } from "node:dns/promises";
import type { Clock, ConnectTimings, NetworkError, NetworkPhase } from "@vigil/core";
import { Call } from "./net/call.ts";
import { Dialer, type LookupAll, startProgress } from "./net/dialer.ts";
import { DESTROYED_CODE, failureOf, NetworkFailure } from "./net/failure.ts";
import { Pool } from "./net/pool.ts";
import { prepareRequest } from "./net/request.ts";

export type { LookupAddress, LookupAll } from "./net/dialer.ts";
export { NetworkFailure } from "./net/failure.ts";

export interface ConnectionOptions {
  readonly clock: Clock;
  /** Every address of a host, in the resolver's order; Node's own resolver unless given. */
  readonly lookup?: LookupAll;
  /** PEM of one more trusted certificate. */
  readonly ca?: string;
}

/** A fetch request, and whom to tell when it goes out. */
export interface WireRequest extends RequestInit {
  /** Called just before the bytes go to the socket, and before a socket is dialled for them. */
  readonly onSent?: () => void;
}

export type OpenResult =
  | { readonly kind: "open"; readonly timings: ConnectTimings }
  | { readonly kind: "failed"; readonly error: NetworkError; readonly timings: ConnectTimings }
  | { readonly kind: "timed-out"; readonly phase: NetworkPhase; readonly timings: ConnectTimings };

/** The connection of one attempt to one origin: its sockets live and die with it. */
export interface Connection {
  /**
   * Opens the first socket, which the first request will use: DNS, TCP and TLS timed apart.
   * Never rejects. A connection that did not open is destroyed.
   */
  open(timeoutMs: number): Promise<OpenResult>;
  /**
   * A fetch over this connection's sockets, for its own origin only. Follows no redirect and repeats
   * nothing. Rejects with a {@link NetworkFailure}, or with the signal's reason.
   */
  readonly fetch: (url: string | URL, init?: WireRequest) => Promise<Response>;
  /** Closes every socket and fails what is under way, at once. No timer and no socket is left. */
  destroy(): void;
}

/** Where a request goes. */
export type Way = Pick<Connection, "fetch">;

export type OpenConnection = (url: URL, options: ConnectionOptions) => Connection;

export const openConnection: OpenConnection = (url, options) => new HttpConnection(url, options);

const lookupAll: LookupAll = (hostname) => lookup(hostname, { all: true, verbatim: true });

class HttpConnection implements Connection {
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #dialer: Dialer;
  readonly #pool: Pool;
  readonly #calls = new Set<Call>();
  #destroyed = false;
  #abandonOpen: () => void = () => {};

  constructor(url: URL, { clock, lookup = lookupAll, ca }: ConnectionOptions) {
    this.#url = url;
    this.#clock = clock;
    this.#dialer = new Dialer({ url, clock, lookup, ca });
    this.#pool = new Pool(() => this.#dialer.dial());
  }

  open(timeoutMs: number): Promise<OpenResult> {
    const progress = startProgress();
    const { timings } = progress;
    return new Promise((resolve) => {
      const end = (result: OpenResult) => {
        cancelTimer();
        this.#abandonOpen = () => {};
        if (result.kind !== "open") this.destroy();
        resolve(result);
      };
      const fail = (error: NetworkError) => end({ kind: "failed", error, timings: { ...timings } });
      const cancelTimer = this.#clock.after(timeoutMs, () =>
        end({ kind: "timed-out", phase: progress.phase, timings: { ...timings } }),
      );
      this.#abandonOpen = () => fail({ phase: progress.phase, code: DESTROYED_CODE });
      if (this.#destroyed) return this.#abandonOpen();
      return this.#dialer.dial(progress).then(
        (socket) => {
          this.#pool.park(socket);
          end({ kind: "open", timings: { ...timings } });
        },
        (error) => fail(failureOf(error, progress.phase).failure),
      );
    });
  }

  readonly fetch = (input: string | URL, init: WireRequest = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const signal = init.signal ?? null;
      signal?.throwIfAborted();
      if (this.#destroyed) throw new NetworkFailure({ phase: "send", code: DESTROYED_CODE });
      const call: Call = new Call({
        request: prepareRequest(this.#ownUrl(input), init),
        signal,
        onSent: init.onSent ?? (() => {}),
        resolve,
        reject,
        onOver: () => this.#calls.delete(call),
      });
      this.#calls.add(call);
      this.#pool.whenChecked(() => call.start(this.#pool));
    });

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#abandonOpen();
    for (const call of this.#calls) call.destroy();
    this.#dialer.destroy();
  }

  /** What belongs to one origin must not reach another, least of all over its socket. */
  #ownUrl(input: string | URL): URL {
    const url = new URL(input);
    if (url.origin !== this.#url.origin) throw new TypeError("The URL is of another origin");
    if (url.username !== "" || url.password !== "") throw new TypeError("The URL has credentials");
    return url;
  }
}
