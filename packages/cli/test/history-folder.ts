import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIncidentKeeper, type History } from "@vigil/aws";
import { nextState, type RunRecord, type TargetState } from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterAll, beforeAll, vi } from "vitest";
import type { ExitCode } from "../src/exit-codes.ts";
import type { Io } from "../src/io.ts";
import { openStore } from "../src/store.ts";
import { createFakeIo } from "./fake-io.ts";

export const NOW = Date.UTC(2026, 10, 22, 12, 30);

/** What is in the folder before the tests read it. */
export interface Past {
  readonly records: readonly RunRecord[];
  readonly everyMs?: number;
  /** What else was kept. */
  readonly also?: (history: History) => Promise<void>;
}

export interface HistoryFolder {
  readonly cwd: () => string;
  /** Calls a command as the shell would, at {@link NOW}. */
  call(command: Command, over?: Partial<Io>): Promise<Called>;
}

export type Command = (context: {
  readonly io: Io;
  readonly clock: FakeClock;
}) => Promise<ExitCode>;

export interface Called {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder `.vigil` with a past, for all tests of a file; they only read it. Times are UTC's. */
export function useHistoryFolder(pasts: readonly Past[]): HistoryFolder {
  const cwd = mkdtempSync(join(tmpdir(), "vigil-history-"));
  beforeAll(async () => {
    vi.stubEnv("TZ", "UTC");
    await fill(cwd, pasts);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(cwd, { recursive: true });
  });
  return {
    cwd: () => cwd,
    async call(command, over = {}) {
      const { io, written } = createFakeIo({ cwd, ...over });
      const code = await command({ io, clock: createFakeClock(NOW) });
      const of = (stream: string) =>
        written.flatMap((text) => (text.startsWith(stream) ? [text.slice(4)] : [])).join("");
      return { code, stdout: of("out:"), stderr: of("err:") };
    },
  };
}

async function fill(cwd: string, pasts: readonly Past[]): Promise<void> {
  const store = await openStore({ cwd, data: ".vigil", clock: createFakeClock(NOW) });
  if (!store.ok) throw new Error(store.complaint.message);
  await keepPasts(store.value.history, pasts);
  await store.value.close();
}

/** Writes what a probe would have written. */
export async function keepPasts(history: History, pasts: readonly Past[]): Promise<void> {
  for (const { records, everyMs = 60_000, also } of pasts) {
    const incidents = createIncidentKeeper({ history, vantage: records[0]?.vantage ?? "local" });
    let state: TargetState | null = null;
    for (const record of records) {
      await history.recordRun(record, { everyMs });
      const previous: TargetState | null = state;
      ({ state } = nextState(previous, record));
      await incidents.follow({ record, previous, state });
    }
    if (state !== null) await history.putState(state);
    await also?.(history);
  }
}
