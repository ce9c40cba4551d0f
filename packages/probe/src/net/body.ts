import type { IncomingMessage } from "node:http";
import { pipeline, type Readable, type Transform } from "node:stream";
import zlib from "node:zlib";

/** Read ahead of the consumer, on top of what Node's own streams hold. */
const READ_AHEAD: QueuingStrategy<Uint8Array> = {
  highWaterMark: 16 * 1024,
  size: (bytes) => bytes?.byteLength ?? 0,
};
/** Node's fetch refuses more; here such a body stays as it is. */
const MAX_CODINGS = 5;

interface BodyEvents {
  /** The last byte is in, or the consumer has cancelled. */
  readonly onEnd: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The body of a response as the stream that a `Response` wants: decompressed as it arrives,
 * and read from the socket only as fast as the consumer takes it.
 */
export class Body {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #events: BodyEvents;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #source: Readable;
  #over = false;

  constructor(response: IncomingMessage, events: BodyEvents) {
    this.#events = events;
    this.#source = response;
    this.stream = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#source.resume();
        },
        cancel: () => {
          this.#source.destroy();
          this.#end();
        },
      },
      READ_AHEAD,
    );
    response.on("error", (error) => this.#events.onError(error));
    const codings = codingsOf(response);
    if (codings.length === 0) this.#read(response);
    else this.#decode(response, codings);
  }

  /** Breaks the stream for its consumer. */
  fail(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller?.error(reason);
    this.#source.destroy();
  }

  #decode(response: IncomingMessage, codings: readonly Coding[]): void {
    response.once("end", () => this.#source === response && this.#close());
    // The first byte says which of its two formats a "deflate" body is in.
    response.once("data", (first: Buffer) => {
      const [outermost, ...others] = codings.map((coding) => createDecoder(coding, first[0]));
      if (outermost === undefined) return;
      outermost.write(first);
      const last = others.at(-1) ?? outermost;
      this.#source = last;
      const onError = (error: unknown) => error && this.#events.onError(error);
      // The pipeline stops listening before its last stream has ended.
      for (const decoder of [outermost, ...others]) decoder.on("error", onError);
      pipeline([response, outermost, ...others], onError);
      this.#read(last);
    });
  }

  #read(source: Readable): void {
    source.on("data", (chunk: Buffer) => this.#enqueue(chunk));
    source.on("end", () => this.#close());
  }

  #enqueue(chunk: Buffer): void {
    if (this.#over || this.#controller === null || chunk.length === 0) return;
    this.#controller.enqueue(chunk);
    if ((this.#controller.desiredSize ?? 0) <= 0) this.#source.pause();
  }

  #close(): void {
    if (this.#over) return;
    this.#controller?.close();
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.onEnd();
  }
}

const CODINGS = ["gzip", "x-gzip", "deflate", "br"] as const;
type Coding = (typeof CODINGS)[number];

/** In the order of decoding. A coding that we did not ask for leaves the body as it is, as in fetch. */
function codingsOf(response: IncomingMessage): Coding[] {
  const names = (response.headers["content-encoding"] ?? "").toLowerCase().split(",");
  const codings = names.map((name) => name.trim()).filter(isCoding);
  return codings.length === names.length && codings.length <= MAX_CODINGS ? codings.reverse() : [];
}

function isCoding(name: string): name is Coding {
  return CODINGS.some((coding) => coding === name);
}

/** Flushes after each chunk, so that events are seen as they arrive; like fetch, it forgives a cut end. */
function createDecoder(coding: Coding, firstByte: number | undefined): Transform {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  const options = { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip(options);
    case "deflate":
      // 8 is zlib's own header; without it the data is raw.
      return ((firstByte ?? 8) & 15) === 8
        ? zlib.createInflate(options)
        : zlib.createInflateRaw(options);
    case "br":
      return zlib.createBrotliDecompress({
        flush: BROTLI_OPERATION_FLUSH,
        finishFlush: BROTLI_OPERATION_FLUSH,
      });
    default: {
      const unknown: never = coding;
      return unknown;
    }
  }
}
