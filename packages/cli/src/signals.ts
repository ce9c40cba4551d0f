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

/** Ctrl-C, `kill`, and the terminal's window being closed. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof STOP_SIGNALS)[number];

/** Where signals come from: `process`, or a test. */
export interface SignalSource {
  on(signal: StopSignal, fn: () => void): unknown;
  off(signal: StopSignal, fn: () => void): unknown;
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
  for (const signal of STOP_SIGNALS) {
    source.on(signal, request);
  }
  return {
    first: first.promise,
    second: second.promise,
    request,
    dispose() {
      for (const signal of STOP_SIGNALS) {
        source.off(signal, request);
      }
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
