import net from "node:net";
import tls from "node:tls";
import type { Clock, ConnectTimings, NetworkPhase } from "@vigil/core";
import { arrivalsOf } from "./arrivals.ts";
import { codeOf, DESTROYED_CODE, failureOf, NetworkFailure } from "./failure.ts";

export interface LookupAddress {
  readonly address: string;
  readonly family: number;
}
export type LookupAll = (hostname: string) => Promise<readonly LookupAddress[]>;

/**
 * How long one address may take before the next is tried. Node's 250 ms is shorter than a lost
 * SYN or a slow round trip between regions: with a second address that fails, it is a false time-out.
 */
const ADDRESS_ATTEMPT_MS = 2_500;

interface DialerOptions {
  readonly url: URL;
  readonly clock: Clock;
  readonly lookup: LookupAll;
  readonly ca: string | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Where a dial has got to, for whoever gives up on it. */
interface DialProgress {
  phase: NetworkPhase;
  readonly timings: Mutable<ConnectTimings>;
}

export function startProgress(): DialProgress {
  return {
    phase: "dns",
    timings: { dnsMs: null, tcpMs: null, tlsMs: null, address: null, certificateExpiresAt: null },
  };
}

/** Opens sockets to one origin, all to the addresses of a single DNS lookup. */
export class Dialer {
  readonly #url: URL;
  readonly #clock: Clock;
  readonly #lookup: LookupAll;
  readonly #host: string;
  /** Made ahead, so that loading the root certificates does not count as handshake. */
  readonly #secureContext: tls.SecureContext | null;
  readonly #sockets = new Set<net.Socket>();
  #addresses: Promise<readonly LookupAddress[]> | null = null;
  #destroyed = false;

  constructor({ url, clock, lookup, ca }: DialerOptions) {
    this.#url = url;
    this.#clock = clock;
    this.#lookup = lookup;
    this.#host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    this.#secureContext = url.protocol === "https:" ? secureContext(ca) : null;
  }

  /** Rejects with a {@link NetworkFailure}. */
  async dial(progress: DialProgress = startProgress()): Promise<net.Socket> {
    const addresses = await this.#resolve(progress);
    if (this.#destroyed) throw new NetworkFailure({ phase: "dns", code: DESTROYED_CODE });
    return this.#connect(addresses, progress);
  }

  destroy(): void {
    this.#destroyed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async #resolve({ timings }: DialProgress): Promise<readonly LookupAddress[]> {
    const family = net.isIP(this.#host);
    if (family !== 0) return [{ address: this.#host, family }];
    const startMs = this.#clock.monotonic();
    try {
      this.#addresses ??= this.#lookup(this.#host);
      const addresses = await this.#addresses;
      if (addresses.length > 0) return addresses;
    } catch (error) {
      throw failureOf(error, "dns");
    } finally {
      timings.dnsMs = this.#clock.monotonic() - startMs;
    }
    throw new NetworkFailure({ phase: "dns", code: "ENOTFOUND" });
  }

  #connect(addresses: readonly LookupAddress[], progress: DialProgress): Promise<net.Socket> {
    const { timings } = progress;
    return new Promise((resolve, reject) => {
      progress.phase = "tcp";
      let phaseStartMs = this.#clock.monotonic();
      const fail = (code: string) => reject(new NetworkFailure({ phase: progress.phase, code }));
      const socket = this.#createSocket(addresses);
      this.#sockets.add(socket);
      // This listener stays: a socket that breaks while no request owns it must not end the process.
      socket.on("error", (error) => fail(codeOf(error)));
      socket.once("close", () => {
        this.#sockets.delete(socket);
        fail("ECONNRESET");
      });
      socket.once("connect", () => {
        timings.tcpMs = this.#arrivedSince(phaseStartMs);
        timings.address = socket.remoteAddress ?? null;
        if (!(socket instanceof tls.TLSSocket)) return resolve(socket);
        progress.phase = "tls";
        phaseStartMs = this.#clock.monotonic();
        return socket.once("secureConnect", () => {
          timings.tlsMs = this.#arrivedSince(phaseStartMs);
          timings.certificateExpiresAt = expiryOf(socket);
          resolve(socket);
        });
      });
    });
  }

  #arrivedSince(fromMs: number): number {
    return arrivalsOf(this.#clock).stamp(fromMs) - fromMs;
  }

  #createSocket(addresses: readonly LookupAddress[]): net.Socket {
    const secure = this.#secureContext;
    const options = {
      host: this.#host,
      port: Number(this.#url.port || (secure === null ? 80 : 443)),
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
      lookup: answerWith(addresses),
    };
    if (secure === null) return net.connect(options);
    return tls.connect({
      ...options,
      secureContext: secure,
      rejectUnauthorized: true,
      ALPNProtocols: ["http/1.1"],
      ...(net.isIP(this.#host) === 0 && { servername: this.#host }),
    });
  }
}

/** `ca` comes on top of the bundled roots; without it Node's defaults hold, `NODE_EXTRA_CA_CERTS` too. */
function secureContext(ca: string | undefined): tls.SecureContext {
  return tls.createSecureContext(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] });
}

function answerWith(addresses: readonly LookupAddress[]): net.LookupFunction {
  return (_hostname, _options, callback) => callback(null, [...addresses]);
}

function expiryOf(socket: tls.TLSSocket): string | null {
  const expiresAt = new Date(socket.getPeerX509Certificate()?.validTo ?? Number.NaN);
  return Number.isNaN(expiresAt.getTime()) ? null : expiresAt.toISOString();
}
