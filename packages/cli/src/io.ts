import type { ExitCode } from "./exit-codes.ts";
import { wantsColour } from "./palette.ts";

/** The process's edges, injected so that commands can be tested without one. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readonly outIsTTY: boolean;
  readonly errIsTTY: boolean;
  readonly outColour: boolean;
  readonly errColour: boolean;
  /** Characters in a line of the terminal; a usual number when there is none. */
  columns(): number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Called once when the reader of stdout has gone, as in `vigil watch | head`. */
  onReaderGone(fn: () => void): void;
  /** Ends the process although something in it still waits, once what was written is out. */
  leave(code: ExitCode): void;
}

const DEFAULT_COLUMNS = 100;
/** Some terminals say that they are 0 wide. */
const MIN_COLUMNS = 40;

export function processIo(): Io {
  const { stdout, stderr, env } = process;
  const gone = watchPipe(stdout);
  watchPipe(stderr);
  const outIsTTY = stdout.isTTY === true;
  const errIsTTY = stderr.isTTY === true;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTTY,
    errIsTTY,
    outColour: wantsColour({ isTTY: outIsTTY, env }),
    errColour: wantsColour({ isTTY: errIsTTY, env }),
    columns: () => Math.max(MIN_COLUMNS, stdout.columns || stderr.columns || DEFAULT_COLUMNS),
    env,
    cwd: process.cwd(),
    onReaderGone: gone,
    leave: (code) => void stdout.write("", () => process.exit(code)),
  };
}

/** The pipe's other end is closed, or the terminal is. */
const GONE: ReadonlySet<string> = new Set(["EPIPE", "EIO", "ERR_STREAM_DESTROYED"]);

/** Without a listener a closed pipe would end the process with a stack trace. */
function watchPipe(stream: NodeJS.WriteStream): (fn: () => void) => void {
  const listeners: (() => void)[] = [];
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (!GONE.has(error.code ?? "")) {
      throw error;
    }
    if (!gone) {
      gone = true;
      for (const listener of listeners) {
        listener();
      }
    }
  });
  return (fn) => {
    listeners.push(fn);
  };
}
