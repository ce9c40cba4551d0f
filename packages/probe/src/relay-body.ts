import { CONTENT } from "@vigil/core";
import { type ExchangeLog, FOREIGN_BODY_BYTES } from "./exchange-log.ts";
import { networkErrorOf } from "./request-facts.ts";

export interface RelayPlan {
  readonly log: ExchangeLog;
  readonly source: ReadableStream<Uint8Array>;
  readonly maxResponseBytes: number;
  /** Called whenever the exchange moves on. */
  readonly onChange: () => void;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

interface Sink {
  readonly chunk: (bytes: Uint8Array) => void;
  readonly close: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Hands a body on and reads it whether or not the SDK does: an SDK drops a body of a wrong type
 * unread, and that body is the evidence.
 */
export function relayBody(plan: RelayPlan): ReadableStream<Uint8Array> {
  const reader = plan.source.getReader();
  let sink: ReadableStreamDefaultController<Uint8Array> | null = null;
  const relay = new ReadableStream<Uint8Array>({
    start: (controller) => {
      sink = controller;
    },
    cancel: () => {
      sink = null;
      if (!wantsEvidence(plan.log)) return leave(plan, reader);
      return undefined;
    },
  });
  void pump(plan, reader, {
    chunk: (bytes) => sink?.enqueue(bytes),
    close: () => sink?.close(),
    fail: (error) => sink?.error(error),
  });
  return relay;
}

async function pump(plan: RelayPlan, reader: Reader, sink: Sink): Promise<void> {
  const { log, onChange } = plan;
  const limit = limitOf(plan);
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
      if (log.answered) onChange();
    }
  } catch (error) {
    log.finish("network-error", networkErrorOf(error));
    sink.fail(error);
  }
  onChange();
}

function leave({ log, onChange }: RelayPlan, reader: Reader): Promise<void> {
  log.finish("left-open");
  onChange();
  return reader.cancel().catch(() => {});
}

/** Only a request that expects an answer is worth reading on for. */
function wantsEvidence(log: ExchangeLog): boolean {
  return log.request.rpcId !== null && !log.answered;
}

function limitOf({ log, maxResponseBytes }: RelayPlan): number {
  const read = log.kind !== CONTENT.other && (log.status ?? 0) < 300;
  return read ? maxResponseBytes : FOREIGN_BODY_BYTES;
}
