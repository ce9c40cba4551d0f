import { MAX_SSE_EVENTS, type SseEvent, type SseEvidence, type SseMessages } from "@vigil/core";
import { createParser, type EventSourceParser } from "eventsource-parser";

/** When a piece of a body was read, and how long it may have lain unread before. */
export type Arrival = Pick<SseEvent, "atMs" | "lateMs">;

export interface SseReaderOptions {
  /** Called with the data of each message event, in order. */
  readonly onData: (data: string) => void;
}

/** Notes when events arrive. Reads with the same parser as the SDKs, so it sees what they see. */
export class SseReader {
  readonly #parser: EventSourceParser;
  readonly #events: SseEvent[] = [];
  #count = 0;
  #lastEventId: string | null = null;
  #messages: SseMessages = { count: 0, first: null, last: null };
  #endpointEvent = false;

  #arrival: Arrival = { atMs: 0, lateMs: 0 };

  constructor({ onData }: SseReaderOptions) {
    this.#parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (id !== undefined && id !== "") this.#lastEventId = id;
        if (data === "") return;
        const noted = { ...this.#arrival, type: event || "message", bytes: data.length };
        this.#note(noted);
        if (noted.type !== "message") return;
        const { count, first } = this.#messages;
        this.#messages = { count: count + 1, first: first ?? noted, last: noted };
        onData(data);
      },
    });
  }

  get lastEventId(): string | null {
    return this.#lastEventId;
  }

  get resumable(): boolean {
    return this.#lastEventId !== null;
  }

  /** Messages that have come. */
  get messages(): number {
    return this.#messages.count;
  }

  /** All events that end in `text` came when it came. */
  feed(text: string, arrival: Arrival): void {
    this.#arrival = arrival;
    this.#parser.feed(text);
  }

  evidence(): SseEvidence {
    return {
      events: this.#events,
      eventCount: this.#count,
      messages: this.#messages,
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
