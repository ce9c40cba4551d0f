import type { ServerResponse } from "node:http";
import type { Clock } from "@vigil/core";

/** Pages that are open at once; each holds a connection. */
export const MAX_STREAMS = 32;
/** Changes that come close together are told once: each page that hears of it asks for a new one. */
const SETTLE_MS = 1_000;
/** Keeps what stands between from taking a quiet connection for a dead one. */
const HEARTBEAT_MS = 15_000;
/** A reader that leaves this much unread is gone, or never read. */
const MAX_UNREAD_BYTES = 65_536;
const RETRY_MS = 3_000;

/** Open pages, told that something has changed; they ask for what themselves. */
export interface EventStreams {
  /** False when there are too many. */
  add(response: ServerResponse): boolean;
  changed(): void;
  close(): void;
}

export function createEventStreams(clock: Clock): EventStreams {
  const open = new Set<ServerResponse>();
  let cancelTell: (() => void) | null = null;
  let cancelBeat: () => void = () => undefined;

  function send(text: string): void {
    for (const response of open) {
      if (response.writableLength > MAX_UNREAD_BYTES) {
        response.destroy();
      } else {
        response.write(text);
      }
    }
  }

  function beat(): void {
    cancelBeat = clock.after(HEARTBEAT_MS, () => {
      send(":\n\n");
      beat();
    });
  }

  beat();
  return {
    add(response) {
      if (open.size >= MAX_STREAMS) {
        return false;
      }
      open.add(response);
      response.on("close", () => open.delete(response));
      response.writeHead(200, { "content-type": "text/event-stream" });
      // What changed between the page and this is not lost.
      response.write(`retry: ${RETRY_MS}\nevent: changed\ndata: \n\n`);
      return true;
    },
    changed() {
      cancelTell ??= clock.after(SETTLE_MS, () => {
        cancelTell = null;
        send("event: changed\ndata: \n\n");
      });
    },
    close() {
      cancelTell?.();
      cancelBeat();
      for (const response of open) {
        response.end();
      }
    },
  };
}
