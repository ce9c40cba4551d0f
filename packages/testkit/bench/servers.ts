import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { MeasureOptions } from "./measure.ts";

/** A server in a process of its own, which ends when this one does. */
export interface Server {
  readonly port: number;
  /** Asks it for what it has written down. */
  ask<T>(): Promise<T>;
  stop(): void;
}

/** `script` is one of this folder; `input` its argument as JSON. */
export async function startServer(
  script: string,
  { folder, serverCores }: MeasureOptions,
  input: unknown = null,
): Promise<Server> {
  const command = [process.execPath, join(folder, script), JSON.stringify(input)];
  const [program = "", ...args] =
    serverCores === null ? command : ["taskset", "-c", serverCores, ...command];
  const child: ChildProcess = spawn(program, args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const died = once(child, "exit").then(([code]): never => {
    throw new Error(`${script} ended with exit code ${code} before it was ready`);
  });
  const [port] = (await Promise.race([once(child, "message"), died])) as [number];
  died.catch(() => {});
  return {
    port,
    async ask<T>() {
      const answer = once(child, "message");
      child.send("what came?");
      return ((await answer) as [T])[0];
    },
    stop: () => child.disconnect(),
  };
}
