import {
  type Clock,
  CONTENT,
  type ContentKind,
  contentKind,
  type Exchange,
  type ExchangeEnd,
  type ExchangeRequest,
  type ExchangeResponse,
  type NetworkError,
  type ReadMessage,
  type ReadOptions,
  type Reply,
  readEventData,
  readJsonBody,
} from "@vigil/core";
import { arrivalsOf } from "./net/arrivals.ts";
import { type Arrival, SseReader } from "./sse-reader.ts";

/** How much of a body is kept as evidence. */
export const BODY_HEAD_BYTES = 2_048;
/** How much of an error page, or of a body that no SDK reads, is read at all. */
export const FOREIGN_BODY_BYTES = 65_536;

const EVIDENCE_HEADERS = new Set([
  "retry-after",
  "www-authenticate",
  "server",
  "via",
  "location",
  "content-encoding",
  "x-cache",
  "allow",
]);
const EVIDENCE_PREFIXES = ["x-amz", "apigw", "mcp-", "x-lambda-init", "access-control-"];
const MAX_HEADER_CHARS = 2_000;

export interface LogOptions {
  readonly request: ExchangeRequest;
  readonly read: ReadOptions;
  readonly clock: Clock;
  /** `clock.monotonic()` at the attempt's start. */
  readonly startedAt: number;
  /** How long what is read now may have lain unread; not told unless given. */
  readonly lateMs?: () => number;
  readonly redact: (text: string) => string;
}

/** One exchange while it happens; `snapshot()` is what is kept of it. */
export class ExchangeLog {
  readonly request: ExchangeRequest;
  readonly #options: LogOptions;
  #response: ExchangeResponse | null = null;
  #kind: ContentKind = CONTENT.other;
  #reply: Reply = { kind: "none" };
  #startMs: number;
  #answeredMs = 0;
  readonly #serverRequests: string[] = [];
  readonly #decoder = new TextDecoder();
  #head = "";
  #text = "";
  #bytes = 0;
  #sse: SseReader | null = null;
  #end: { end: ExchangeEnd; endMs: number; error: NetworkError | null } | null = null;

  constructor(options: LogOptions) {
    this.#options = options;
    this.request = options.request;
    this.#startMs = this.#elapsedMs();
  }

  /** The request goes out now: what came before was our own work. */
  sent(): void {
    this.#startMs = this.#elapsedMs();
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  get answered(): boolean {
    return this.#reply.kind === "result" || this.#reply.kind === "error";
  }

  get reply(): Reply {
    return this.#reply;
  }

  get status(): number | null {
    return this.#response?.status ?? null;
  }

  get resumable(): boolean {
    return this.#sse?.resumable ?? false;
  }

  get lastEventId(): string | null {
    return this.#sse?.lastEventId ?? null;
  }

  /** A message has come, be it the answer or one before it. */
  get begun(): boolean {
    return this.answered || (this.#sse?.messages ?? 0) > 0;
  }

  get kind(): ContentKind {
    return this.#kind;
  }

  headersArrived(response: Response): void {
    const contentType = response.headers.get("content-type");
    this.#kind = contentKind(contentType);
    this.#response = {
      status: response.status,
      contentType,
      headers: this.#chooseHeaders(response.headers),
      firstByteMs: this.#arrivedMs(),
    };
    if (this.#kind === CONTENT.sse && response.status < 300) {
      this.#sse = new SseReader({
        onData: (data) => this.#take(readEventData(data, this.#options.read)),
      });
    }
  }

  chunk(bytes: Uint8Array): void {
    this.#bytes += bytes.byteLength;
    const text = this.#decoder.decode(bytes, { stream: true });
    // One secret's length more than is kept, so that redaction sees a secret at the edge whole.
    if (this.#head.length < 2 * BODY_HEAD_BYTES) this.#head += text.slice(0, 2 * BODY_HEAD_BYTES);
    if (this.#sse === null) this.#text += text;
    else this.#sse.feed(text, this.#arrival());
  }

  get bytes(): number {
    return this.#bytes;
  }

  #arrival(): Arrival {
    return { atMs: this.#arrivedMs(), lateMs: this.#options.lateMs?.() ?? 0 };
  }

  finish(end: ExchangeEnd, error: NetworkError | null = null): void {
    if (this.#end !== null) return;
    this.#end = { end, endMs: this.#endMs(end), error };
    if (this.#sse === null && (end === "complete" || this.#isErrorStatus())) this.#readText();
    this.#text = "";
  }

  #endMs(end: ExchangeEnd): number {
    if (end === "left-open" && this.answered) return this.#answeredMs;
    return end === "complete" ? this.#arrivedMs() : this.#elapsedMs();
  }

  #elapsedMs(): number {
    return this.#options.clock.monotonic() - this.#options.startedAt;
  }

  /** When what is being read came in. No answer comes before its request. */
  #arrivedMs(): number {
    const { clock, startedAt } = this.#options;
    return arrivalsOf(clock).stamp(startedAt + this.#startMs) - startedAt;
  }

  snapshot(): Exchange {
    const end = this.#end ?? {
      end: "left-open" as const,
      endMs: this.#elapsedMs(),
      error: null,
    };
    return {
      request: this.request,
      startMs: this.#startMs,
      response: this.#response,
      endMs: end.endMs,
      end: end.end,
      networkError: end.error,
      bodyHead: this.#options.redact(this.#head).slice(0, BODY_HEAD_BYTES),
      bodyBytes: this.#bytes,
      sse: this.#sse?.evidence() ?? null,
      reply: this.#reply,
      serverRequests: this.#serverRequests,
    };
  }

  #isErrorStatus(): boolean {
    return (this.#response?.status ?? 0) >= 400;
  }

  #readText(): void {
    if (!this.#mayAnswer()) return;
    this.#take(readJsonBody(this.#text + this.#decoder.decode(), this.#readOptions()));
  }

  /**
   * Requests are answered, and notifications refused. A GET that is refused answers nothing: what
   * it says is about the GET, not about the request whose stream it was to take up.
   */
  #mayAnswer(): boolean {
    const { httpMethod, rpcId, rpcMethod } = this.request;
    if (this.#isErrorStatus()) return rpcMethod !== null && httpMethod !== "GET";
    return rpcId !== null;
  }

  #readOptions(): ReadOptions {
    return { ...this.#options.read, acceptNullId: this.#isErrorStatus() };
  }

  /** The first answer stands; until it comes, the first thing that cannot be read is remembered. */
  #take({ reply, serverRequests }: ReadMessage): void {
    this.#serverRequests.push(...serverRequests);
    if (this.answered || reply.kind === "none" || !this.#mayAnswer()) return;
    const isAnswer = reply.kind === "result" || reply.kind === "error";
    if (isAnswer) this.#answeredMs = this.#arrivedMs();
    if (isAnswer || this.#reply.kind === "none") this.#reply = reply;
  }

  #chooseHeaders(headers: Headers): Record<string, string> {
    const chosen: Record<string, string> = {};
    headers.forEach((value, name) => {
      if (!EVIDENCE_HEADERS.has(name) && !EVIDENCE_PREFIXES.some((p) => name.startsWith(p))) return;
      const shown = name === "location" ? (value.split("?", 1)[0] ?? "") : value;
      chosen[name] = this.#options.redact(shown).slice(0, MAX_HEADER_CHARS);
    });
    return chosen;
  }
}
