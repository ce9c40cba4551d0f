import http from "node:http";
import type { NetworkPhase } from "@vigil/core";
import { Body } from "./body.ts";
import { codeOf, DESTROYED_CODE, failureOf, NetworkFailure } from "./failure.ts";
import type { Pool } from "./pool.ts";
import type { PreparedRequest } from "./request.ts";

interface CallOptions {
  readonly request: PreparedRequest;
  readonly signal: AbortSignal | null;
  /** The request goes out now. The last call counts. */
  readonly onSent: () => void;
  readonly resolve: (response: Response) => void;
  readonly reject: (reason: unknown) => void;
  /** The call needs nothing more of anyone. */
  readonly onOver: () => void;
}

const NULL_BODY_STATUSES = new Set([204, 205, 304]);

/** One HTTP request and its response, up to the last byte. */
export class Call {
  readonly #options: CallOptions;
  #request: http.ClientRequest | null = null;
  #response: http.IncomingMessage | null = null;
  #body: Body | null = null;
  #over = false;
  readonly #onAbort = () => this.fail(this.#options.signal?.reason);

  constructor(options: CallOptions) {
    this.#options = options;
    options.signal?.addEventListener("abort", this.#onAbort);
  }

  start(pool: Pool): void {
    if (this.#over) return;
    const { onSent } = this.#options;
    const { options, body } = this.#options.request;
    onSent();
    try {
      this.#request = http.request({ ...options, agent: pool });
    } catch (error) {
      this.fail(error);
      return;
    }
    // A socket that had to be dialled first is part of what the client waits for.
    this.#request.once("socket", (socket) => pool.wasDialledFor(socket) || onSent());
    this.#request.on("response", (response) => this.#respond(response));
    this.#request.on("upgrade", (_response, socket) => {
      socket.destroy();
      this.fail(invalidStatus());
    });
    this.#request.on("error", (error) => {
      // Bytes behind a whole answer break the socket, not the answer.
      if (!this.#response?.complete) this.fail(this.#failureOf(error));
    });
    this.#request.end(body);
  }

  /** Ends the call at once, whatever it waits for. */
  fail(reason: unknown): void {
    if (this.#over) return;
    this.#finish();
    if (this.#body === null) this.#options.reject(reason);
    else this.#body.fail(reason);
    this.#request?.destroy();
  }

  destroy(): void {
    this.fail(new NetworkFailure({ phase: this.#phase, code: DESTROYED_CODE }));
  }

  get #phase(): NetworkPhase {
    return this.#body === null ? "send" : "body";
  }

  #failureOf(error: unknown): NetworkFailure {
    return failureOf(error, phaseOf(codeOf(error), this.#phase));
  }

  #respond(response: http.IncomingMessage): void {
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 599) {
      this.fail(invalidStatus());
      return;
    }
    this.#response = response;
    const stream = this.#openBody(response, status);
    this.#options.resolve(new Response(stream, { status, headers: headersOf(response) }));
  }

  #openBody(response: http.IncomingMessage, status: number): ReadableStream<Uint8Array> | null {
    if (NULL_BODY_STATUSES.has(status) || this.#options.request.options.method === "HEAD") {
      response.resume();
      this.#finish();
      return null;
    }
    this.#body = new Body(response, {
      onEnd: () => {
        this.#finish();
        if (!response.complete) this.#request?.destroy();
      },
      onError: (error) => this.fail(this.#failureOf(error)),
    });
    return this.#body.stream;
  }

  #finish(): void {
    this.#over = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#options.onOver();
  }
}

/**
 * What cannot be parsed has arrived, so it counts as part of the answer. TLS 1.3 may refuse a client
 * after its handshake: whoever asks for a client certificate does.
 */
function phaseOf(code: string, phase: NetworkPhase): NetworkPhase {
  if (code.startsWith("HPE_")) return "body";
  return phase === "send" && code.startsWith("ERR_SSL_") ? "tls" : phase;
}

/** `Response` knows 200 to 599 only. */
function invalidStatus(): NetworkFailure {
  return new NetworkFailure({ phase: "body", code: "ERR_HTTP_INVALID_STATUS_CODE" });
}

function headersOf({ rawHeaders }: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    headers.append(String(rawHeaders[index]), String(rawHeaders[index + 1]));
  }
  return headers;
}
