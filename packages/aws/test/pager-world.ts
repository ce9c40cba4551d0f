import {
  type FailureCode,
  type GapWindow,
  type News,
  type OutgoingPage,
  parseConfig,
  type TargetState,
  type VigilConfigInput,
} from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { createHistory, createPager, type Pager, type PagerDeps } from "../src/index.ts";
import type { TableSandbox } from "./sandbox.ts";

export const MINUTE = 60_000;
const HOME = "eu-west-1";

export interface PagerWorld {
  readonly clock: FakeClock;
  readonly pages: OutgoingPage[];
  readonly troubles: string[];
  /** Answers of `deliver`, first to last; after that everything is taken. */
  readonly refusals: string[];
  /** Of the target, as the vantage sees it from now on. */
  see(target: string, status: "up" | "down" | "degraded", vantage?: string): News;
  setGap(gap: GapWindow | null): void;
  /** What fails from now on, worst first. */
  setModes(...modes: readonly FailureCode[]): void;
  /** Another environment of the same pager. */
  pager(over?: Partial<PagerDeps>): Pager;
  /** Goes to the next minute, and sweeps. */
  minutes(count: number, pager: Pager): Promise<void>;
  subjects(): readonly string[];
}

const START = Date.UTC(2026, 10, 22, 8);
const DAY = 24 * 60 * MINUTE;
let worlds = 0;

type TargetInput = VigilConfigInput["targets"][number];

export function pagerWorld(
  table: TableSandbox,
  targets: readonly Partial<TargetInput>[],
): PagerWorld {
  // A fold of an earlier world of the same table is long over.
  const clock = createFakeClock(START + DAY * worlds++);
  const parsed = parseConfig({
    vantages: [HOME],
    targets: targets.map((target, n) => ({
      name: `t${n}`,
      url: `https://t${n}.example.com/mcp`,
      ...target,
    })),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const { config } = parsed;
  const states = new Map<string, TargetState>();
  const pages: OutgoingPage[] = [];
  const troubles: string[] = [];
  const refusals: string[] = [];
  let gap: GapWindow | null = null;
  let failing: readonly FailureCode[] = ["tools-empty"];
  let ids = 0;
  const now = () => new Date(clock.now()).toISOString();
  const world: PagerWorld = {
    clock,
    pages,
    troubles,
    refusals,
    see(target, status, vantage = HOME) {
      const at = now();
      const modes = status === "up" ? [] : failing;
      states.set(`${target} ${vantage}`, {
        target,
        vantage,
        status,
        since: at,
        modes,
        known: { status, since: at, modes },
        unknownRuns: 0,
        recent: [status],
        lastRunAt: at,
        lastGoodRunAt: null,
        era: null,
        extras: {},
        tools: null,
      });
      return { target, vantage, at, status, modes, lastGoodRunAt: null };
    },
    setModes(...modes) {
      failing = modes;
    },
    setGap(window) {
      gap = window;
    },
    pager: (over = {}) =>
      createPager({
        config,
        policy: { reminderMs: 30 * MINUTE, pagesDegraded: false },
        history: createHistory({
          client: table.database().client,
          tableName: table.tableName(),
          clock,
        }),
        statesOf: async (name) => [...states.values()].filter(({ target }) => target === name),
        allStates: async () => [...states.values()],
        gapNow: async () => gap,
        causeOf: async () => null,
        async deliver(page) {
          const refusal = refusals.shift() ?? null;
          if (refusal === null) pages.push(page);
          return refusal;
        },
        redactOf: () => (text) => text,
        clock,
        randomId: () => `id-${ids++}`,
        stage: "production",
        trouble: (code) => void troubles.push(code),
        ...over,
      }),
    async minutes(count, pager) {
      for (let n = 0; n < count; n += 1) {
        clock.advance(MINUTE);
        // Each run of a target that goes on as it was.
        for (const [key, state] of states) states.set(key, { ...state, lastRunAt: now() });
        await pager.sweep(clock.now());
      }
    },
    subjects: () => pages.map(({ subject }) => subject),
  };
  return world;
}
