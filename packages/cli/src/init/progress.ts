import type { Clock } from "@vigil/core";
import type { Io } from "../io.ts";
import { createScreen } from "../screen.ts";

interface Progress {
  readonly io: Io;
  readonly clock: Clock;
  readonly passing: () => string | null;
}

/** Shows on a terminal how far some long work has come. */
export async function withProgress<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const screen = createScreen(progress);
  try {
    return await work();
  } finally {
    screen.close();
  }
}
