import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "./build-bundle.ts";

/** Loads a function as the platform does, invokes it with one event after the other, and tells. */
const PLATFORM = `
const told = ({ name, code, message }) => ({ name, code, message });
process.once("message", async ({ module, events }) => {
  const outcomes = [];
  try {
    const { handler } = await import(module);
    for (const event of events) {
      const outcome = handler(event, { getRemainingTimeInMillis: () => 55_000 });
      outcomes.push(
        await outcome.then((returned) => ({ returned }), (error) => ({ failed: told(error) })),
      );
    }
  } catch (error) {
    outcomes.push({ failed: told(error) });
  }
  process.send(outcomes, () => process.disconnect());
});
`;

const PLATFORM_FILE = "platform.mjs";

export type Entry = "probe" | "replay" | "pager" | "widget";

export interface Failure {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** What the platform sees of one invocation, or of an init that failed. */
export type Seen = { readonly returned: unknown } | { readonly failed: Failure };

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly vantage: string;
  readonly [detail: string]: unknown;
}

export interface Played {
  readonly seen: readonly Seen[];
  /** The lines of the log that are ours; others come from Node. */
  readonly lines: readonly Line[];
}

export interface Play {
  readonly entry: Entry;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly events: readonly unknown[];
}

/** The functions as they are deployed, built once into a folder. */
export async function bundled(folder: string): Promise<(play: Play) => Promise<Played>> {
  await buildBundle(folder);
  writeFileSync(join(folder, PLATFORM_FILE), PLATFORM);
  return (play) => playOnce(folder, play);
}

function playOnce(folder: string, { entry, env, events }: Play): Promise<Played> {
  const child = fork(join(folder, PLATFORM_FILE), {
    cwd: folder,
    // Nothing of the machine's own, which might stand in for what is missing.
    env: { ...env },
    execArgv: [],
    serialization: "advanced",
    silent: true,
  });
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => written.push(text));
  }
  return new Promise((resolve, reject) => {
    let seen: readonly Seen[] = [];
    child.once("message", (outcomes) => {
      seen = outcomes as readonly Seen[];
    });
    child.once("error", reject);
    child.once("close", () => resolve({ seen, lines: linesOf(written.join("")) }));
    child.send({ module: join(folder, `${entry}.mjs`), events });
  });
}

function linesOf(text: string): readonly Line[] {
  return text.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
}
