import type { Clock } from "@vigil/core";

/** npm passes on a Ctrl-C that the terminal has already sent: one key press, two signals. */
const SAME_PRESS_MS = 500;

export interface StopRequests {
  /** Resolves at the first request to end. */
  readonly first: Promise<void>;
  /** Resolves at the second: the operator will not wait. */
  readonly second: Promise<void>;
  /** A request that comes from elsewhere than a signal. */
  request(): void;
  dispose(): void;
}

/** Where signals come from: `process`, or a test. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", fn: () => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", fn: () => void): unknown;
}

export function listenForStop(source: SignalSource, clock: Clock): StopRequests {
  let firstAt: number | null = null;
  const first = deferred();
  const second = deferred();
  function request(): void {
    const now = clock.monotonic();
    if (firstAt === null) {
      firstAt = now;
      first.resolve();
    } else if (now - firstAt >= SAME_PRESS_MS) {
      second.resolve();
    }
  }
  source.on("SIGINT", request);
  source.on("SIGTERM", request);
  return {
    first: first.promise,
    second: second.promise,
    request,
    dispose() {
      source.off("SIGINT", request);
      source.off("SIGTERM", request);
    },
  };
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
