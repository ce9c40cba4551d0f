import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../bin/vigil.js", import.meta.url));

export interface VigilOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves once stdout or stderr holds the text; rejects when the process ends without. */
  sees(text: string | RegExp): Promise<void>;
}

/** The built command, in a process of its own with an environment of its own. */
export function startVigil(args: readonly string[], options: VigilOptions = {}): Running {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { PATH: process.env["PATH"], HOME: tmpdir(), TZ: "UTC", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out = keep(child.stdout);
  const err = keep(child.stderr);
  const finished = new Promise<Finished>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout: out.text(), stderr: err.text() }));
  });
  return {
    child,
    finished,
    stdout: out.text,
    stderr: err.text,
    sees: (wanted) => seen({ wanted, streams: [out, err], finished }),
  };
}

export function vigil(args: readonly string[], options?: VigilOptions): Promise<Finished> {
  return startVigil(args, options).finished;
}

interface Kept {
  readonly text: () => string;
  readonly onMore: (fn: () => void) => void;
}

function keep(stream: NodeJS.ReadableStream): Kept {
  let text = "";
  const listeners: (() => void)[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text += chunk;
    for (const listener of listeners) {
      listener();
    }
  });
  return { text: () => text, onMore: (fn) => void listeners.push(fn) };
}

interface Seeing {
  readonly wanted: string | RegExp;
  readonly streams: readonly Kept[];
  readonly finished: Promise<Finished>;
}

function seen({ wanted, streams, finished }: Seeing): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const all = streams.map(({ text }) => text()).join("\n");
      if (typeof wanted === "string" ? all.includes(wanted) : wanted.test(all)) {
        resolve();
      }
    };
    for (const { onMore } of streams) {
      onMore(look);
    }
    look();
    void finished.then(({ stdout, stderr }) =>
      reject(new Error(`ended without ${String(wanted)}:\n${stdout}\n${stderr}`)),
    );
  });
}

/** An empty folder for the length of `use`. */
export async function inFolder<T>(use: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "vigil-cli-"));
  try {
    return await use(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
