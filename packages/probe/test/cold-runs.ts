import type { FakeClock } from "@vigil/testkit";
import { type ConfirmedRun, runConfirmed } from "../src/index.ts";
import { DEPS, target } from "./harness.ts";
import { scripted, validAnswer } from "./property/conversation.ts";

/** A function that opted in to having its REPORT lines read. */
export const WATCHED = target("http://127.0.0.1:1/mcp", {
  era: "legacy",
  clientTimeoutMs: 10_000,
  runTimeoutMs: 15_000,
  slowMs: 9_000,
  region: "us-east-1",
  lambda: { functionName: "McpServer", reportLines: true },
});
/** Every answer takes this long, so that an environment's set-up fits into it. */
const ANSWER_MS = 500;

/** How the first attempt fares: sound, slow to begin, without `tools/list`, or without any answer. */
export type Fate = "sound" | "slow" | "late" | "silent";

export function requestId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export async function runAs(fate: Fate, clock: FakeClock): Promise<ConfirmedRun> {
  let opened = 0;
  let answered = 0;
  const openConnection = () => {
    opened += 1;
    const first = opened === 1;
    const connection = scripted((asked) => validAnswer("legacy", "json", asked))(
      new URL(WATCHED.url),
      { clock },
    );
    return {
      ...connection,
      async fetch(url: string | URL, init?: RequestInit) {
        const silent = fate === "silent" || String(init?.body).includes("tools/list");
        if (first && fate !== "sound" && fate !== "slow" && silent) return never();
        const opening = String(init?.body).includes('"initialize"');
        await wait(clock, first && fate === "slow" && opening ? 9_200 : ANSWER_MS);
        answered += 1;
        const response = await connection.fetch(url, init);
        const { status, headers } = response;
        headers.set("x-amzn-requestid", requestId(answered));
        return new Response(response.body, { status, headers });
      },
    };
  };
  return untilDone(
    runConfirmed(
      WATCHED,
      { ...DEPS, clock, openConnection },
      {
        kind: "scheduled",
        scheduledAt: "2026-11-22T08:00:00.000Z",
        deadline: 45_000,
        eraHint: null,
        extras: [],
        knownDown: false,
        confirm: true,
      },
    ),
    clock,
  );
}

function never(): Promise<Response> {
  return new Promise(() => {});
}

function wait(clock: FakeClock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.after(ms, resolve));
}

/** Lets time pass until the promise settles. */
export async function untilDone<T>(running: Promise<T>, clock: FakeClock): Promise<T> {
  let done = false;
  void running.finally(() => {
    done = true;
  });
  for (let idle = 0; !done; idle += 1) await clock.run(idle < 20 ? 0 : 50);
  return running;
}
