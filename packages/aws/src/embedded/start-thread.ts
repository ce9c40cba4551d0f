import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { THREAD_SOURCE, type ThreadInput, type ThreadReport } from "./thread.ts";

const require = createRequire(import.meta.url);
/** A store that is being closed may still be busy with a write; then it is ended as a crash would. */
const CLOSE_PATIENCE_MS = 5_000;

/** How the thread's life ended. */
export type ThreadEnd =
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly error: Error };

export interface DatabaseThread {
  /** The first thing that the thread has to say; its end when it says nothing. */
  readonly report: Promise<ThreadReport | ThreadEnd>;
  readonly ended: Promise<ThreadEnd>;
  close(): Promise<void>;
}

export function startThread(input: Omit<ThreadInput, "dynalitePath">): DatabaseThread {
  const workerData: ThreadInput = { ...input, dynalitePath: require.resolve("dynalite") };
  const worker = new Worker(THREAD_SOURCE, { eval: true, workerData, execArgv: [], env: {} });
  const ended = new Promise<ThreadEnd>((resolve) => {
    worker.once("error", (error) => resolve({ kind: "failed", error }));
    worker.once("exit", (code) => {
      const cutOff = new Error(`The database's thread was cut off (exit code ${code})`);
      resolve(code === 0 ? { kind: "closed" } : { kind: "failed", error: cutOff });
    });
  });
  const said = new Promise<ThreadReport>((resolve) => worker.once("message", resolve));
  return {
    report: Promise.race([said, ended]),
    ended,
    close: async () => {
      worker.postMessage("close");
      const patience = setTimeout(() => void worker.terminate(), CLOSE_PATIENCE_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}
