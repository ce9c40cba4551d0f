import { attachEmbedded, type OpenDatabase, openEmbedded } from "../src/embedded.ts";
import { createHistory, ensureTable, HistoryError } from "../src/index.ts";
import { CLOCK, healthyRun, minute } from "./fixtures.ts";

/** What a process beside the test does with a folder: `node <bundle> <command> <dir>`. */
const COMMANDS: Readonly<Record<string, (dir: string) => Promise<void>>> = {
  /** Opens and says how it went; an open database is held until the input ends. */
  hold: async (dir) => {
    const result = await openEmbedded({ dir });
    say(result.kind === "open" ? { kind: "open", endpoint: result.endpoint } : result);
    if (result.kind !== "open") return;
    await inputEnd();
    await result.close();
  },
  /** As `hold`, without root's right to write everywhere. */
  holdUnprivileged: async (dir) => {
    if (process.getuid?.() === 0) process.seteuid?.(65_534);
    say(await openEmbedded({ dir }));
  },
  /** Opens, writes one run, closes, and has nothing more to do. */
  once: async (dir) => {
    const database = await open(dir);
    say(await history(database).recordRun(healthyRun()));
    await database.close();
  },
  /** Writes run after run from a given minute on, and says each minute once it is written. */
  write: async (dir) => {
    const database = await open(dir);
    const { recordRun } = history(database);
    for (let n = Number(process.argv[4]); ; n += 1) {
      await recordRun(healthyRun({ scheduledAt: minute(n) }));
      say(n);
    }
  },
  /** Writes large runs until that fails, and says how it ended. */
  fill: async (dir) => {
    const database = await open(dir);
    const { recordRun } = history(database);
    for (let n = 0; ; n += 1) {
      const { scheduledAt } = healthyRun({ scheduledAt: minute(n) });
      const notes = ["x".repeat(20_000)];
      const thrown: unknown = await recordRun(healthyRun({ scheduledAt, notes })).catch((e) => e);
      if (thrown instanceof HistoryError) {
        say({ code: thrown.code, ended: (await database.ended).kind });
        return database.close();
      }
      say(scheduledAt);
    }
  },
  /** Reads and writes through the process that has the database open. */
  attach: async (dir) => {
    const attached = await attachEmbedded(dir);
    if (attached.kind !== "attached") return say(attached);
    const { recordRun, lastRun } = history(attached);
    const newest = await lastRun(healthyRun().target);
    const written = await recordRun(healthyRun({ scheduledAt: minute(7) }));
    attached.close();
    say({ pid: attached.pid, newest: newest?.scheduledAt ?? null, written });
  },
};

async function open(dir: string): Promise<OpenDatabase> {
  const result = await openEmbedded({ dir });
  if (result.kind !== "open") throw new Error(JSON.stringify(result));
  await ensureTable(result.client, "vigil");
  return result;
}

function history({ client }: Pick<OpenDatabase, "client">) {
  return createHistory({ client, tableName: "vigil", clock: CLOCK });
}

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function inputEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("end", resolve).resume();
  });
}

const [, , command = "", dir = ""] = process.argv;
await COMMANDS[command]?.(dir);
