import type { Clock, Era, Exchange, ExchangeRequest } from "@vigil/core";
import type { Connection } from "./connection.ts";
import { ExchangeLog } from "./exchange-log.ts";
import { relayBody } from "./relay-body.ts";
import { isStandaloneStream, networkErrorOf, type Rpc, rpcOf } from "./request-facts.ts";
import { Routes, type StepWire } from "./routes.ts";
import { type BoundSigner, type Outgoing, signOutgoing } from "./signing.ts";

/** Same-origin 307 and 308 are followed this often. */
export const MAX_REDIRECTS = 3;

export interface RecorderOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  readonly maxResponseBytes: number;
  /** Headers for every request to `url`'s origin, credentials among them; sent nowhere else. */
  readonly headers: Readonly<Record<string, string>>;
  /** Signs every request to `url`'s origin; without it they go as they are. */
  readonly sign?: BoundSigner | null;
  readonly url: URL;
  readonly era: Era;
  readonly redact: (text: string) => string;
}

/**
 * The `fetch` that the SDKs are given. It adds the headers, writes down every exchange, holds the
 * limits, and lets nothing through once its step is over.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  #scope: ExchangeLog[] = [];
  #onChange: () => void = () => {};
  #lateMs: (() => number) | undefined;
  readonly #routes: Routes;
  /** Headers of this step's requests, beside those of all. */
  #further: Readonly<Record<string, string>> = {};
  /** Requests that wait for their signature. */
  #signing = 0;
  /** A request of this step could not be signed. */
  #unsignable = false;
  #closed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#routes = new Routes(options.connection);
  }

  /**
   * Starts a step: exchanges from now on are its own; `onChange` runs whenever one moves on.
   * `lateMs` says how long the bytes that are read at this moment may have waited.
   */
  begin(onChange: () => void, { own = [], headers = {}, lateMs }: Scope = {}): void {
    this.#scope = [];
    this.#lateMs = lateMs;
    this.#routes.begin(own);
    this.#further = headers;
    this.#unsignable = false;
    this.#onChange = onChange;
  }

  /** Ends the step; requests that still wait for an answer end as `end` says. */
  finish(end: "timed-out" | "left-open"): readonly Exchange[] {
    this.#onChange = () => {};
    for (const log of this.#scope) log.finish(end);
    return this.#scope.map((log) => log.snapshot());
  }

  /** The exchange that concludes the step without an answer, if one does. */
  hasFailed(): boolean {
    if (this.#unsignable) return true;
    const last = this.#scope.findLast(({ request }) => request.rpcMethod !== null);
    return last !== undefined && this.#endsUnanswered(last);
  }

  /** Each of `count` simultaneous requests has its answer, or will get none. */
  haveAllEnded(count: number): boolean {
    const asked = this.#scope.filter(({ request }) => request.rpcId !== null);
    const last = new Map(asked.map((log) => [log.request.rpcId, log]));
    const all = [...last.values()];
    return all.length >= count && all.every((log) => log.answered || this.#endsUnanswered(log));
  }

  /** A message has come in answer to a request of this step. */
  hasBegun(): boolean {
    return this.#scope.some(({ begun }) => begun);
  }

  /** The last request's exchange has ended or been answered: no more evidence is to come. */
  isQuiet(): boolean {
    const last = this.#scope.findLast(({ request }) => request.rpcId !== null);
    return last === undefined || last.ended || last.answered;
  }

  /** A step that `end`ed so did for want of a signature: nothing that the server did. */
  lacksSignature(end: "failed" | "timed-out"): boolean {
    return this.#unsignable || (end === "timed-out" && this.#signing > 0);
  }

  /** From now on nothing leaves; call it before the SDK is closed. */
  close(): void {
    this.#closed = true;
  }

  readonly fetch = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const isTarget = new URL(input).href === this.#options.url.href;
    if (isTarget && isStandaloneStream(init)) return new Response(null, { status: 405 });
    return this.#ask(input, init, () => refuse(init));
  };

  /** As `fetch`, but for the probe's own GETs, which the server answers itself. */
  readonly send = (input: string | URL, init: RequestInit = {}): Promise<Response> =>
    this.#ask(input, init, stepIsOver);

  async #ask(input: string | URL, init: RequestInit, refuse: Refuse): Promise<Response> {
    const url = new URL(input);
    const headers = new Headers(init.headers);
    if (this.#closed) return refuse();
    if (url.origin === this.#options.url.origin) {
      const added = { ...this.#options.headers, ...this.#further };
      for (const [name, value] of Object.entries(added)) headers.set(name, value);
      const { sign } = this.#options;
      if (sign && !(await this.#sign(sign, { url, init, headers }))) {
        return refuse();
      }
    }
    return this.#send({ url, init, headers });
  }

  /** What a browser asks ahead of a page's request: without credentials, and unsigned. */
  readonly preflight = (asked: Readonly<Record<string, string>>): Promise<Response> => {
    const { "user-agent": agent = "" } = this.#options.headers;
    const headers = new Headers({ ...asked, "user-agent": agent });
    return this.#send({ url: this.#options.url, init: { method: "OPTIONS" }, headers });
  };

  async #send({ url, init, headers }: Outgoing): Promise<Response> {
    const log = this.#open(url, init, headers);
    try {
      const way = this.#routes.wayOf(log.request.rpcId);
      const onSent = () => log.sent();
      const response = await way.fetch(url, { ...init, headers, onSent });
      log.headersArrived(response);
      return this.#relay(log, response);
    } catch (error) {
      log.finish("network-error", networkErrorOf(error));
      this.#onChange();
      if (this.#closed) return refuse(init);
      throw error;
    }
  }

  /** False when the request must not go: it has no signature, or its step ended meanwhile. */
  async #sign(sign: BoundSigner, outgoing: Outgoing): Promise<boolean> {
    const scope = this.#scope;
    this.#signing += 1;
    const signed = await signOutgoing(sign, outgoing);
    this.#signing -= 1;
    if (this.#closed || this.#scope !== scope) return false;
    if (!signed) {
      this.#unsignable = true;
      this.#onChange();
    }
    return signed;
  }

  #open(url: URL, init: RequestInit, headers: Headers): ExchangeLog {
    const { clock, startedAt, era, redact } = this.#options;
    const request = this.#describe(url, init, headers);
    const log = new ExchangeLog({
      request,
      read: { id: request.rpcId, acceptNullId: false, acceptBatch: era === "legacy" },
      clock,
      startedAt,
      ...(this.#lateMs !== undefined && { lateMs: this.#lateMs }),
      redact,
    });
    this.#scope.push(log);
    return log;
  }

  #describe(url: URL, init: RequestInit, headers: Headers): ExchangeRequest {
    const rpc = rpcOf(init.body) ?? this.#resumedBy(headers);
    const asksFor = headers.get("access-control-request-headers");
    return {
      httpMethod: init.method ?? "GET",
      inSession: headers.has("mcp-session-id"),
      url: `${url.origin}${url.pathname}`,
      rpcMethod: rpc?.method ?? null,
      rpcId: rpc?.id ?? null,
      ...(asksFor !== null && { asksFor: asksFor.split(",") }),
    };
  }

  /** A GET with Last-Event-ID takes up the stream of a request that has no answer. */
  #resumedBy(headers: Headers): Rpc | null {
    const id = headers.get("last-event-id");
    if (id === null) return null;
    const waiting = this.#scope.filter((log) => log.request.rpcId !== null && !log.answered);
    const open = waiting.findLast((log) => log.lastEventId === id) ?? waiting.at(-1);
    if (open === undefined) return null;
    return { method: open.request.rpcMethod, id: open.request.rpcId };
  }

  /** Hands the response on; past the last allowed redirect its location is withheld. */
  #relay(log: ExchangeLog, response: Response): Response {
    const headers = new Headers(response.headers);
    const { status } = response;
    if (status >= 300 && status < 400) {
      const { rpcId } = log.request;
      this.#routes.countRedirect(rpcId);
      if (this.#routes.redirectsOf(rpcId) > MAX_REDIRECTS) headers.delete("location");
    }
    if (response.body === null) {
      log.finish("complete");
      this.#onChange();
      return new Response(null, { status, headers });
    }
    const { maxResponseBytes } = this.#options;
    const onChange = () => this.#onChange();
    const body = relayBody({ log, source: response.body, maxResponseBytes, onChange });
    return new Response(body, { status, headers });
  }

  #isFollowed({ status, request: { rpcId } }: ExchangeLog): boolean {
    if (status !== 307 && status !== 308) return false;
    return this.#routes.redirectsOf(rpcId) <= MAX_REDIRECTS;
  }

  #endsUnanswered(log: ExchangeLog): boolean {
    if (!log.ended || log.answered || this.#isFollowed(log)) return false;
    if (log.request.rpcId === null) return log.status === null || log.status >= 300;
    return !log.resumable;
  }
}

interface Scope extends StepWire {
  readonly lateMs?: () => number;
}

type Refuse = () => Response;

/**
 * v1 answers a failed resumption, even one that its own close() broke, with a new timer, which would
 * hold the process. "No stream here" ends that.
 */
function refuse(init: RequestInit): Response {
  return (init.method ?? "GET") === "GET" ? new Response(null, { status: 405 }) : stepIsOver();
}

function stepIsOver(): never {
  throw new Error("the step is over");
}
