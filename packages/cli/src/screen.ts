import type { Clock } from "@vigil/core";
import type { Io } from "./io.ts";

const ERASE_LINE = "\r\u001B[K";
const REDRAW_MS = 250;

/** Lasting lines on stdout and, on a terminal, one passing line on stderr below them. */
export interface Screen {
  print(text: string): void;
  warn(text: string): void;
  /** Erases the passing line for good. */
  close(): void;
}

export interface ScreenOptions {
  readonly io: Io;
  readonly clock: Clock;
  /** What the passing line says now; null for nothing. Without a terminal it is never asked. */
  readonly passing: () => string | null;
}

export function createScreen({ io, clock, passing }: ScreenOptions): Screen {
  let shown: string | null = null;
  let cancel: () => void = () => undefined;

  function erase(): void {
    if (shown !== null) {
      io.err(ERASE_LINE);
      shown = null;
    }
  }

  function draw(): void {
    const text = passing();
    if (text !== shown) {
      erase();
    }
    if (text !== null && text !== shown) {
      io.err([...text].slice(0, io.columns() - 1).join(""));
      shown = text;
    }
    cancel = clock.after(REDRAW_MS, draw);
  }

  if (io.errIsTTY) {
    draw();
  }
  return {
    print(text) {
      erase();
      io.out(text);
    },
    warn(text) {
      erase();
      io.err(text);
    },
    close() {
      cancel();
      erase();
    },
  };
}
