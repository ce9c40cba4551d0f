import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { type ConfirmedOptions, type ConfirmedRun, runConfirmed } from "../src/index.ts";
import { DEPS, target } from "./harness.ts";
import { scripted, validAnswer } from "./property/conversation.ts";

let clock: FakeClock;
beforeEach(() => {
  clock = createFakeClock();
});

/** How an attempt fares: `.` sound, `x` HTTP 500, `-` silence, `t` throttled for 3 s. */
type Fate = "." | "x" | "-" | "t";

const WATCHED = target("http://127.0.0.1:1/mcp", {
  era: "legacy",
  clientTimeoutMs: 10_000,
  runTimeoutMs: 15_000,
  slowMs: 9_000,
});

async function run(fates: string, options: Partial<ConfirmedOptions> = {}): Promise<Told> {
  const startsMs: number[] = [];
  const openConnection = () => {
    const fate = (fates[startsMs.length] ?? ".") as Fate;
    startsMs.push(clock.monotonic());
    const sound = scripted((asked) => answer(fate, asked))(new URL(WATCHED.url), { clock });
    return fate === "-" ? { ...sound, fetch: () => new Promise<Response>(() => {}) } : sound;
  };
  const running = runConfirmed(
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
      ...options,
    },
  );
  const confirmed = await untilDone(running);
  return { ...confirmed, startsMs, endedMs: clock.monotonic() };
}

interface Told extends ConfirmedRun {
  readonly startsMs: readonly number[];
  readonly endedMs: number;
}

async function untilDone<T>(running: Promise<T>): Promise<T> {
  let done = false;
  void running.finally(() => {
    done = true;
  });
  for (let idle = 0; !done; idle += 1) await clock.run(idle < 20 ? 0 : 50);
  return running;
}

function answer(fate: Fate, asked: Parameters<typeof validAnswer>[2]) {
  if (fate === "x") return { status: 500, headers: [], chunks: [new Uint8Array([120])] };
  if (fate === "t") {
    const headers = [["retry-after", "3"]] as const;
    return { status: 429, headers, chunks: [new Uint8Array([120])] };
  }
  return validAnswer("legacy", "json", asked);
}

const seconds = (startsMs: readonly number[]) => startsMs.map((ms) => Math.round(ms / 1_000));

describe("runConfirmed", () => {
  it.each<[string, string, Partial<ConfirmedOptions>, object]>([
    ["a sound run is not repeated", ".", {}, { status: "up", confirmed: false, starts: [0] }],
    [
      "a failure is confirmed when every repeat fails",
      "xxx",
      {},
      { status: "down", confirmed: true, starts: [0, 2, 8] },
    ],
    [
      "a repeat that succeeds ends it, and the first attempt's failure stays",
      "x.",
      {},
      { status: "down", confirmed: false, starts: [0, 2] },
    ],
    [
      "a time-out is repeated at once, each with its time-out cut to fit",
      "---",
      {},
      { status: "down", confirmed: true, starts: [0, 10, 18] },
    ],
    [
      "a time-out that a repeat does not show is transient",
      "-.",
      {},
      { status: "degraded", confirmed: false, starts: [0, 10] },
    ],
    [
      "429 is not asked again before Retry-After",
      "t.",
      {},
      { status: "down", confirmed: false, starts: [0, 3] },
    ],
    [
      "what is known to be down is not asked again",
      "xxx",
      { knownDown: true },
      { status: "down", confirmed: true, starts: [0] },
    ],
    [
      "nothing is repeated when that is switched off",
      "xxx",
      { confirm: false },
      { status: "down", confirmed: true, starts: [0] },
    ],
  ])("%s", async (_name, fates, options, expected) => {
    const { record, startsMs } = await run(fates, options);
    const { status, confirmed, attempts } = record;
    expect({ status, confirmed, starts: seconds(startsMs) }).toEqual(expected);
    expect(attempts).toHaveLength(startsMs.length);
  });

  it("ends by its deadline, whatever the server does", async () => {
    const { record, endedMs } = await run("----", { deadline: 13_000 });
    expect(record.status).toBe("down");
    expect(endedMs).toBeLessThanOrEqual(13_000);
  });

  it("that had no time at all is unknown", async () => {
    const { record } = await run(".", { deadline: 0 });
    expect(record).toMatchObject({
      status: "unknown",
      confirmed: false,
      failures: [{ mode: "deadline-exhausted", step: "connect" }],
    });
  });

  it.each([
    ["exposed", "-.", "cold-start-timeout"],
    ["failed", "-.", "cold-start-timeout"],
    ["shielded", "-.", "transient-timeout"],
    ["exposed", "---", "timeout"],
    ["exposed", "x.", "http-server-error"],
  ] as const)(
    "in a gap that is %s, %s is named %s, and told of as in it",
    async (exposure, fates, mode) => {
      const gap = { openedAt: "2026-11-22T07:59:00.000Z", exposure };
      const { record } = await run(fates, { gap });
      expect(record.gap).toBe(gap.openedAt);
      expect(record.failures.map((failure) => failure.mode)).toEqual([mode]);
    },
  );

  it("tells the first attempt's steps and durations", async () => {
    const { record } = await run("x.");
    expect(record.failures.map(({ mode }) => mode)).toEqual(["http-server-error"]);
    expect(record.steps.find(({ step }) => step === "negotiate")?.outcome).toBe("failed");
    expect(record.attempts.map(({ status }) => status)).toEqual(["down", "up"]);
  });
});
