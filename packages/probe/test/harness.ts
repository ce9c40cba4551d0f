import {
  type ExtraStep,
  judge,
  type ProbeRun,
  type Target,
  targetFromUrl,
  type Verdict,
} from "@vigil/core";
import { runProbe, systemClock } from "../src/index.ts";
// Loaded ahead, so that no short run here spends its time on it.
import "../src/legacy-leg.ts";
import "../src/modern-leg.ts";
import type { ProbeDeps } from "../src/types.ts";

/** The clients' patience in these tests: short, so that silence is cheap. */
export const PATIENCE_MS = 700;

export const DEPS: ProbeDeps = {
  vantage: "local",
  clock: systemClock,
  secrets: async () => null,
  version: "0.0.0",
  randomId: () => "0123456789abcdef0123456789abcdef",
};

export type Overrides = Parameters<typeof targetFromUrl>[1];

export function target(url: string, overrides: Overrides = {}): Target {
  const read = targetFromUrl(url, {
    clientTimeoutMs: PATIENCE_MS,
    slowMs: PATIENCE_MS - 1,
    ...overrides,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return read.target;
}

export interface Told {
  readonly run: ProbeRun;
  readonly verdict: Verdict;
  readonly modes: readonly string[];
  readonly tookMs: number;
}

export interface ProbeOverrides {
  readonly deps?: Partial<ProbeDeps>;
  readonly runTimeoutMs?: number;
  readonly eraHint?: "legacy" | "modern" | null;
  readonly extras?: readonly ExtraStep[];
}

/** One real attempt and its verdict. */
export async function probe(
  url: string,
  overrides: Overrides = {},
  { deps = {}, runTimeoutMs = 3_000, eraHint = null, extras = [] }: ProbeOverrides = {},
): Promise<Told> {
  const watched = target(url, overrides);
  const all = { ...DEPS, ...deps };
  const startedAt = performance.now();
  const run = await runProbe(watched, all, {
    runId: all.randomId(),
    deadline: all.clock.monotonic() + runTimeoutMs,
    timeoutMs: watched.clientTimeoutMs,
    eraHint,
    extras,
  });
  const tookMs = performance.now() - startedAt;
  const verdict = judge(run, watched);
  return { run, verdict, modes: verdict.failures.map(({ mode }) => mode), tookMs };
}
