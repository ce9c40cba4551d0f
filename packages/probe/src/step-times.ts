import type { Exchange } from "@vigil/core";

/** Times of one step, in milliseconds since the attempt's start. */
export interface StepSpan {
  readonly startMs: number;
  readonly endMs: number;
  /** The SDK is done, so that the step ended when its last exchange did. */
  readonly done: boolean;
}

export interface StepTimes {
  readonly startMs: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
}

/** How long the server took: what the wire shows, without the SDK's work before, between and after. */
export function stepTimes(exchanges: readonly Exchange[], span: StepSpan): StepTimes {
  const [first] = exchanges;
  const startMs = first?.startMs ?? span.startMs;
  const ended = span.done && first !== undefined;
  const endMs = ended ? Math.max(...exchanges.map((exchange) => exchange.endMs)) : span.endMs;
  const answered = exchanges.find(({ response }) => response !== null)?.response;
  return {
    startMs,
    firstByteMs: answered == null ? null : answered.firstByteMs - startMs,
    durationMs: endMs - startMs - ownPausesMs(exchanges),
  };
}

/**
 * Between an answer and the next request the server waits for us: the SDK reads the one and writes
 * the other. A pause without an answer is the server's, such as the one before a stream is resumed.
 */
function ownPausesMs(exchanges: readonly Exchange[]): number {
  let total = 0;
  let busyUntilMs = 0;
  let answered = false;
  for (const { startMs, endMs, reply } of exchanges) {
    if (answered) total += Math.max(0, startMs - busyUntilMs);
    busyUntilMs = Math.max(busyUntilMs, endMs);
    answered = reply.kind === "result";
  }
  return total;
}
