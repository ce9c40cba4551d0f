import { judge } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { accepts, resultOf } from "@vigil/testkit/strict-validator";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runProbe } from "../../src/index.ts";
import { DEPS, target } from "../harness.ts";
import { type Asked, type Era, RESULTS, scripted, validAnswer, type Wire } from "./conversation.ts";
import { type Edit, edits } from "./edits.ts";

const RUN_MS = 5_000;
const RUNS = Number(process.env.PROPERTY_RUNS ?? 600);

interface Case {
  readonly era: Era;
  readonly framing: "json" | "sse";
  readonly method: string;
  readonly edits: readonly Edit[];
}

const cases: fc.Arbitrary<Case> = fc.constantFrom<Era>("legacy", "modern").chain((era) =>
  fc.record({
    era: fc.constant(era),
    framing: fc.constantFrom<"json" | "sse">("json", "sse"),
    method: fc.constantFrom(...Object.keys(RESULTS[era])),
    edits,
  }),
);

interface Played {
  readonly status: string;
  readonly modes: readonly string[];
  /** The edited answer and the question that it was for; null when nobody asked. */
  readonly edited: { readonly wire: Wire; readonly asked: Asked } | null;
  readonly endedMs: number;
}

/** One probe on a clock of our own: time passes only when nothing else can happen. */
async function play({ era, framing, method, edits: changes }: Case): Promise<Played> {
  const clock = createFakeClock();
  let edited: Played["edited"] = null;
  const openConnection = scripted((asked) => {
    const valid = validAnswer(era, framing, asked);
    if (asked.method !== method) return valid;
    const wire = changes.reduce((answer, { apply }) => apply(answer), valid);
    edited = { wire, asked };
    return wire;
  });
  const watched = target("http://127.0.0.1:1/mcp", {
    era,
    sentinels: [{ tool: "lookup", arguments: { key: "k" }, expect: { contains: "ok" } }],
  });
  const running = runProbe(
    watched,
    { ...DEPS, clock, openConnection },
    {
      runId: DEPS.randomId(),
      deadline: RUN_MS,
      timeoutMs: 1_000,
      eraHint: null,
      extras: [],
    },
  );
  let done = false;
  void running.then(() => {
    done = true;
  });
  for (let idle = 0; !done; idle += 1) await (idle < 20 ? clock.run(0) : clock.run(100));
  const { status, failures } = judge(await running, watched);
  return { status, modes: failures.map(({ mode }) => mode), edited, endedMs: clock.monotonic() };
}

/** Whether a strict reader finds the whole conversation sound. */
function isSound({ era }: Case, { edited }: Played): boolean {
  if (edited === null) return true;
  const { wire, asked } = edited;
  const answer = {
    ...wire,
    body: wire.status === 204 ? new Uint8Array() : Buffer.concat(wire.chunks),
  };
  const question = { era, ...asked };
  if (!accepts(answer, question)) return false;
  const result = resultOf(answer, question) as Record<string, unknown>;
  return meetsTarget(asked.method, result);
}

/** What the target asks for beyond the protocol: the sentinel is listed, harmless, and answers ok. */
function meetsTarget(method: string, result: Record<string, unknown>): boolean {
  if (method === "tools/list") {
    const tools = result.tools as { name: string; annotations?: Record<string, unknown> }[];
    const lookup = tools.find(({ name }) => name === "lookup");
    const { readOnlyHint, destructiveHint } = lookup?.annotations ?? {};
    const goesOn = Boolean(result.nextCursor);
    return lookup !== undefined && readOnlyHint !== false && destructiveHint !== true && !goesOn;
  }
  if (method !== "tools/call") return true;
  const content = result.content as { type: string; text?: string }[];
  const said = content.flatMap(({ type, text }) => (type === "text" ? [text] : [])).join("\n");
  return result.isError !== true && said.includes("ok");
}

describe("any edited exchange", () => {
  it("is up exactly when a strict validator accepts it, and never outlives its deadline", async () => {
    const seen = { sound: 0, broken: 0 };
    await fc.assert(
      fc.asyncProperty(cases, async (input) => {
        const played = await play(input);
        const told = { up: played.status === "up", modes: played.modes };
        const sound = isSound(input, played);
        seen[sound ? "sound" : "broken"] += 1;
        const story = { ...input, edits: input.edits.map(({ name }) => name), told };
        expect(told.up, JSON.stringify(story)).toBe(sound);
        expect(played.endedMs).toBeLessThanOrEqual(RUN_MS);
      }),
      { numRuns: RUNS },
    );
    // Edits that all broke, or all spared, the answer would show nothing.
    expect(Math.min(seen.sound, seen.broken)).toBeGreaterThan(RUNS / 10);
  });
});
