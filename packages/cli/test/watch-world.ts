import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { History } from "@vigil/aws";
import {
  type GapEvent,
  type OutgoingPage,
  type RunRecord,
  type Seen,
  type Target,
  targetFromUrl,
} from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { onTestFinished } from "vitest";
import { followDeployments } from "../src/deployments/follow.ts";
import { createMonitor, type Observation } from "../src/monitor.ts";
import { createLocalPager } from "../src/pages/local-pager.ts";
import { openStore } from "../src/store.ts";
import { DOWN, UP } from "./records.ts";

const MINUTE = 60_000;
const STEP = 5_000;
export const START_MS = Date.UTC(2026, 10, 22, 8);

/** How a target really is at some moment; what the watch makes of it is for the test to say. */
export interface Truth {
  readonly status: "up" | "down" | "flaky";
  readonly version: string;
  readonly provisioned: "ready" | "in-progress";
  /** Traffic is held on the old version by weights. */
  readonly held: boolean;
}

export const WELL: Truth = { status: "up", version: "1", provisioned: "ready", held: false };

export interface SeenPage {
  readonly target: string;
  readonly kind: OutgoingPage["attributes"]["kind"];
  /** Milliseconds after the start. */
  readonly atMs: number;
}

export interface WatchWorld {
  readonly clock: FakeClock;
  readonly history: History;
  readonly pages: readonly SeenPage[];
  /** What else the watch said, as `orders held by gap`. */
  readonly said: readonly string[];
  /** Lets the watch go on for so long. */
  watch(ms: number): Promise<void>;
}

export interface WorldOptions {
  readonly names: readonly string[];
  readonly truth: (target: string, atMs: number) => Truth;
}

/** The watch's own monitor, follower and pager over a real table, in time that the test owns. */
export async function watchWorld({ names, truth }: WorldOptions): Promise<WatchWorld> {
  const clock = createFakeClock(START_MS);
  const elapsed = () => clock.now() - START_MS;
  const history = await openHistory(clock);
  // Each in a region of its own: what breaks alike in one region is told of together.
  const targets = names.map((name, index) => targetOf(name, REGIONS[index % REGIONS.length]));
  const pages: SeenPage[] = [];
  const said: string[] = [];
  const follow = await followDeployments({
    targets,
    clock,
    history,
    everyMs: MINUTE,
    observerOf: () => ({
      async look({ functionName }) {
        const at = new Date(clock.now()).toISOString();
        return { observation: seen(at, truth(functionName, elapsed())), trouble: null };
      },
    }),
    onEvent(target, event: GapEvent) {
      said.push(`${target} ${event.kind}`);
      pager.deployment(event);
    },
    onTrouble: ({ code }) => said.push(code),
  });
  const pager = createLocalPager({
    targets,
    slo: 50,
    policy: { reminderMs: 30 * MINUTE, pagesDegraded: false },
    history,
    clock,
    randomId: ids(),
    lookNow: follow.lookNow,
    causeOf: async () => null,
    deliver({ attributes }) {
      const [target = "?"] = attributes.target;
      pages.push({ target, kind: attributes.kind, atMs: elapsed() });
    },
    onHeld: (target, { kind }) => said.push(`${target} held by ${kind}`),
    onDropped: (target) => said.push(`${target} dropped`),
    onTrouble: (text) => said.push(text),
  });
  const monitor = createMonitor({
    targets,
    vantage: "local",
    intervalMs: MINUTE,
    clock,
    gapOf: follow.gapOf,
    probe: async ({ name }, { scheduledAt, gap }) => {
      const { status } = truth(name, elapsed());
      const record = runOf({ name, scheduledAt, status, gap: gap?.openedAt ?? null });
      return { record, attempts: [], tools: null };
    },
    prove: async ({ record }) => record,
    history,
    onRun: (observation: Observation) => pager.ran(observation),
    onLost: (_record, error) => said.push(`lost: ${String(error)}`),
  });
  pager.start();
  onTestFinished(async () => {
    await Promise.all([pager.stop(), follow.stop()]);
  });

  async function minute(): Promise<void> {
    for (const [index, name] of names.entries()) {
      await follow.lookNow(name);
      await monitor.runOnce(name, { index, scheduledAt: clock.now(), lateMs: 0 });
      await pager.kept(name);
    }
  }

  return {
    clock,
    history,
    pages,
    said,
    async watch(ms) {
      for (const endMs = elapsed() + ms; elapsed() < endMs; clock.advance(STEP)) {
        if (elapsed() % MINUTE === 0) await minute();
        else {
          for (const name of names) if (follow.gapOf(name) !== null) await follow.lookNow(name);
        }
        await pager.settled();
      }
    },
  };
}

async function openHistory(clock: FakeClock): Promise<History> {
  const cwd = mkdtempSync(join(tmpdir(), "vigil-world-"));
  const store = await openStore({ cwd, data: ".vigil", clock });
  if (!store.ok) throw new Error(store.complaint.message);
  onTestFinished(async () => {
    await store.value.close();
    rmSync(cwd, { recursive: true });
  });
  return store.value.history;
}

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1"];

function targetOf(name: string, region = "us-east-1"): Target {
  const made = targetFromUrl(`https://${name}.example.com/mcp`, {
    name,
    region,
    lambda: { functionName: name, qualifier: "live" },
  });
  if (!made.ok) throw new Error("not a target");
  return made.target;
}

function seen(at: string, { version, provisioned, held }: Truth): Seen {
  const pc = { alias: "live", version: null, status: provisioned, requested: 1, reason: null };
  const before = String(Number(version) - 1);
  return {
    kind: "seen",
    began: at,
    at,
    version,
    codeSha256: version,
    weights: held ? { [before]: 1 } : {},
    provisioned: [{ ...pc, lastModified: null }],
  };
}

interface RunFacts {
  readonly name: string;
  readonly scheduledAt: string;
  readonly status: Truth["status"];
  readonly gap: string | null;
}

function runOf({ name, scheduledAt, status, gap }: RunFacts): RunRecord {
  const like = status === "up" ? UP : DOWN;
  return {
    ...like,
    kind: "scheduled",
    target: name,
    scheduledAt,
    startedAt: scheduledAt,
    runId: `${name} ${scheduledAt}`,
    confirmed: status === "down",
    gap,
  };
}

function ids(): () => string {
  let n = 0;
  return () => `id-${++n}`;
}
