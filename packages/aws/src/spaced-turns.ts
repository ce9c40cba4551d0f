import type { Clock } from "@vigil/core";

/** Lets callers go one after another, so many milliseconds apart. */
export function spacedTurns(clock: Clock, spacingMs: number): () => Promise<void> {
  let freeMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.monotonic();
    const atMs = Math.max(nowMs, freeMs);
    freeMs = atMs + spacingMs;
    return new Promise((resolve) => {
      if (atMs <= nowMs) resolve();
      else clock.after(atMs - nowMs, resolve);
    });
  };
}
