import http from "node:http";
import type net from "node:net";
import type { Duplex } from "node:stream";

type Created = (error: Error | null, socket: Duplex) => void;

/**
 * Keep-alive over the sockets of one connection. TLS sockets serve under the `http:` protocol too:
 * Node's HTTP client does not care what kind of socket it is given.
 */
export class Pool extends http.Agent {
  readonly #dial: () => Promise<net.Socket>;
  /** Opened, and not yet used by a request. */
  readonly #unused: net.Socket[] = [];
  /** Opened for a request that waited for it, which is their first. */
  readonly #awaited = new WeakSet<Duplex>();

  constructor(dial: () => Promise<net.Socket>) {
    super({ keepAlive: true });
    this.#dial = dial;
  }

  park(socket: net.Socket): void {
    this.#unused.push(socket);
  }

  override createConnection(
    _options: http.ClientRequestArgs,
    created: Created,
  ): Duplex | undefined {
    for (let socket = this.#unused.pop(); socket !== undefined; socket = this.#unused.pop()) {
      if (isAlive(socket)) return socket;
      socket.destroy();
    }
    this.#dial().then(
      (socket) => {
        this.#awaited.add(socket);
        created(null, socket);
      },
      // Node looks at the error first and then ignores the socket.
      (error) => (created as (error: Error) => void)(error),
    );
    return undefined;
  }

  /** The request that gets this socket now had to wait for it to be opened. */
  wasDialledFor(socket: Duplex): boolean {
    return this.#awaited.delete(socket);
  }

  /**
   * Runs `send` once sockets that the server has closed meanwhile are out of the pool.
   *
   * A server may close an idle socket at any time, often right behind an answer, and a request
   * written to it is lost. Real clients look at the socket before they use it again, so we let the
   * event loop poll once more: the second immediate runs behind that poll. A request that has been
   * written is never repeated: the server may have acted on it, and a process that dies on each
   * call looks just the same.
   */
  whenChecked(send: () => void): void {
    if (this.#idle().length === 0) send();
    else setImmediate(() => setImmediate(() => this.#check(send)));
  }

  #check(send: () => void): void {
    const closed = this.#idle().filter((socket) => !isAlive(socket));
    for (const socket of closed) socket.destroy();
    // They leave the pool as their close events arrive.
    if (closed.length > 0) this.whenChecked(send);
    else send();
  }

  #idle(): net.Socket[] {
    return Object.values(this.freeSockets).flatMap((sockets) => sockets ?? []);
  }
}

function isAlive(socket: net.Socket): boolean {
  return !socket.destroyed && !socket.readableEnded && socket.writable;
}
