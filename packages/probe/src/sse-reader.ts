import { MAX_SSE_EVENTS, type SseEvent, type SseEvidence } from "@vigil/core";
import { createParser, type EventSourceParser } from "eventsource-parser";

export interface SseReaderOptions {
  readonly elapsed: () => number;
  /** Called with the data of each message event, in order. */
  readonly onData: (data: string) => void;
}

/** Notes when events arrive. Reads with the same parser as the SDKs, so it sees what they see. */
export class SseReader {
  readonly #parser: EventSourceParser;
  readonly #events: SseEvent[] = [];
  #count = 0;
  #lastEventId: string | null = null;
  #endpointEvent = false;

  constructor({ elapsed, onData }: SseReaderOptions) {
    this.#parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (id !== undefined && id !== "") this.#lastEventId = id;
        if (data === "") return;
        this.#note({ atMs: elapsed(), type: event ?? "message", bytes: data.length });
        if (event === undefined || event === "" || event === "message") onData(data);
      },
    });
  }

  get lastEventId(): string | null {
    return this.#lastEventId;
  }

  get resumable(): boolean {
    return this.#lastEventId !== null;
  }

  feed(text: string): void {
    this.#parser.feed(text);
  }

  evidence(): SseEvidence {
    return {
      events: this.#events,
      eventCount: this.#count,
      resumable: this.resumable,
      endpointEvent: this.#endpointEvent,
    };
  }

  #note(event: SseEvent): void {
    this.#count += 1;
    if (event.type === "endpoint") this.#endpointEvent = true;
    if (this.#events.length < MAX_SSE_EVENTS) this.#events.push(event);
  }
}
