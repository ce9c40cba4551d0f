import type { Io } from "../src/io.ts";

/** An Io that keeps what is written, each piece marked with its stream. */
export function createFakeIo(over: Partial<Io> = {}): {
  readonly io: Io;
  readonly written: readonly string[];
} {
  const written: string[] = [];
  const io: Io = {
    out: (text) => void written.push(`out:${text}`),
    err: (text) => void written.push(`err:${text}`),
    outIsTTY: false,
    errIsTTY: false,
    outColour: false,
    errColour: false,
    columns: () => 100,
    env: {},
    cwd: "/",
    onReaderGone: () => undefined,
    leave: () => undefined,
    ...over,
  };
  return { io, written };
}
