import type { Clock, Era, Exchange, ExchangeRequest, JsonRpcId, NetworkError } from "@vigil/core";
import { CONTENT } from "@vigil/core";
import type { Connection } from "./connection.ts";
import { NetworkFailure } from "./connection.ts";
import { ExchangeLog, FOREIGN_BODY_BYTES } from "./exchange-log.ts";
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
  #redirects = 0;
  /** Requests that wait for their signature. */
  #signing = 0;
  /** A request of this step could not be signed. */
  #unsignable = false;
  #closed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Starts a step: exchanges from now on are its own; `onChange` runs whenever one moves on. */
  begin(onChange: () => void): void {
    this.#scope = [];
    this.#redirects = 0;
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
    if (last === undefined || !last.ended || last.answered) return false;
    if (this.#isFollowed(last)) return false;
    if (last.request.rpcId === null) return last.status === null || last.status >= 300;
    return !last.resumable;
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
    const url = new URL(input);
    const headers = new Headers(init.headers);
    const isTarget = url.href === this.#options.url.href;
    if (isTarget && isStandaloneStream(init, headers)) return new Response(null, { status: 405 });
    if (this.#closed) return this.#refuse(init);
    if (url.origin === this.#options.url.origin) {
      for (const [name, value] of Object.entries(this.#options.headers)) headers.set(name, value);
      const { sign } = this.#options;
      if (sign && !(await this.#sign(sign, { url, init, headers }))) {
        return this.#refuse(init);
      }
    }
    const log = this.#open(url, init, headers);
    try {
      const response = await this.#options.connection.fetch(url, { ...init, headers });
      log.headersArrived(response);
      return this.#relay(log, response);
    } catch (error) {
      log.finish("network-error", networkErrorOf(error));
      this.#onChange();
      if (this.#closed) return this.#refuse(init);
      throw error;
    }
  };

  /**
   * v1 answers a failed resumption, even one that its own close() broke, with a new timer, which
   * would hold the process. "No stream here" ends that.
   */
  #refuse(init: RequestInit): Response {
    if ((init.method ?? "GET") === "GET") return new Response(null, { status: 405 });
    throw new Error("the step is over");
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
    const elapsed = () => clock.monotonic() - startedAt;
    const log = new ExchangeLog({
      request,
      read: { id: request.rpcId, acceptNullId: false, acceptBatch: era === "legacy" },
      startMs: elapsed(),
      elapsed,
      redact,
    });
    this.#scope.push(log);
    return log;
  }

  #describe(url: URL, init: RequestInit, headers: Headers): ExchangeRequest {
    const rpc = rpcOf(init.body) ?? this.#resumedBy(headers);
    return {
      httpMethod: init.method ?? "GET",
      inSession: headers.has("mcp-session-id"),
      url: `${url.origin}${url.pathname}`,
      rpcMethod: rpc?.method ?? null,
      rpcId: rpc?.id ?? null,
    };
  }

  /** A GET with Last-Event-ID takes up the stream of the last request that has no answer. */
  #resumedBy(headers: Headers): Rpc | null {
    if (!headers.has("last-event-id")) return null;
    const open = this.#scope.findLast((log) => log.request.rpcId !== null && !log.answered);
    if (open === undefined) return null;
    return { method: open.request.rpcMethod, id: open.request.rpcId };
  }

  /** Hands the response on; past the last allowed redirect its location is withheld. */
  #relay(log: ExchangeLog, response: Response): Response {
    const headers = new Headers(response.headers);
    const { status } = response;
    if (status >= 300 && status < 400 && ++this.#redirects > MAX_REDIRECTS) {
      headers.delete("location");
    }
    if (response.body === null) {
      log.finish("complete");
      this.#onChange();
      return new Response(null, { status, headers });
    }
    const body = this.#relayBody(log, response.body);
    return new Response(body, { status, headers });
  }

  /**
   * Reads the body whether or not the SDK does: an SDK drops a body of a wrong type unread, and
   * that body is the evidence.
   */
  #relayBody(log: ExchangeLog, source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = source.getReader();
    let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
    const relay = new ReadableStream<Uint8Array>({
      start: (controller) => {
        sink = controller;
      },
      cancel: () => {
        sink = null;
        if (!this.#wantsEvidence(log)) return this.#leave(log, reader);
        return undefined;
      },
    });
    void this.#pump(log, reader, {
      chunk: (bytes) => sink?.enqueue(bytes),
      close: () => sink?.close(),
      fail: (error) => sink?.error(error),
    });
    return relay;
  }

  async #pump(log: ExchangeLog, reader: Reader, sink: Sink): Promise<void> {
    const limit = this.#limitOf(log);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (log.ended) return;
        if (done) {
          log.finish("complete");
          sink.close();
          break;
        }
        log.chunk(value);
        if (log.bytes > limit) {
          log.finish(limit === FOREIGN_BODY_BYTES ? "left-open" : "too-large");
          sink.fail(new Error("response too large"));
          await reader.cancel().catch(() => {});
          break;
        }
        sink.chunk(value);
        if (log.answered) this.#onChange();
      }
    } catch (error) {
      log.finish("network-error", networkErrorOf(error));
      sink.fail(error);
    }
    this.#onChange();
  }

  #leave(log: ExchangeLog, reader: Reader): Promise<void> {
    log.finish("left-open");
    this.#onChange();
    return reader.cancel().catch(() => {});
  }

  /** Only a request that expects an answer is worth reading on for. */
  #wantsEvidence(log: ExchangeLog): boolean {
    return log.request.rpcId !== null && !log.answered;
  }

  #limitOf(log: ExchangeLog): number {
    const read = log.kind !== CONTENT.other && (log.status ?? 0) < 300;
    return read ? this.#options.maxResponseBytes : FOREIGN_BODY_BYTES;
  }

  #isFollowed(log: ExchangeLog): boolean {
    const { status } = log;
    return (status === 307 || status === 308) && this.#redirects <= MAX_REDIRECTS;
  }
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface Sink {
  readonly chunk: (bytes: Uint8Array) => void;
  readonly close: () => void;
  readonly fail: (error: unknown) => void;
}

interface Rpc {
  readonly method: string | null;
  readonly id: JsonRpcId | null;
}

/** The optional GET stream is refused in the server's place: open, it would hold a Lambda running. */
function isStandaloneStream(init: RequestInit, headers: Headers): boolean {
  return (
    (init.method ?? "GET") === "GET" &&
    headers.get("accept") === "text/event-stream" &&
    !headers.has("last-event-id")
  );
}

function rpcOf(body: RequestInit["body"]): Rpc | null {
  if (typeof body !== "string") return null;
  const message: unknown = JSON.parse(body);
  if (typeof message !== "object" || message === null || !("method" in message)) return null;
  const id = "id" in message ? (message.id as JsonRpcId) : null;
  return { method: String(message.method), id };
}

function networkErrorOf(error: unknown): NetworkError {
  if (error instanceof NetworkFailure) return error.failure;
  return { phase: "send", code: error instanceof Error ? error.name : "unknown" };
}
