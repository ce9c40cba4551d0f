import type { Era, Leg, ProbeRun } from "@vigil/core";
import type { AttemptContext } from "./attempt-context.ts";
import { finishLast } from "./old-transport.ts";
import { finishLeg, openLeg } from "./run-leg.ts";

export type Talk = Pick<ProbeRun, "detectionMs" | "legs">;

/** Every leg of an attempt, by the eras that the target is to be watched in. */
export async function talk(context: AttemptContext, eraHint: Era | null): Promise<Talk> {
  const { era } = context.target;
  switch (era) {
    case "legacy":
    case "modern":
      return { detectionMs: 0, legs: [await finishLast(await openLeg(era, true, context))] };
    case "both":
      return { detectionMs: 0, legs: await talkBoth(context) };
    case "auto":
      return talkAuto(context, eraHint);
    default:
      return era satisfies never;
  }
}

async function talkBoth(context: AttemptContext): Promise<readonly Leg[]> {
  const legacy = await openLeg("legacy", true, context);
  if (legacy.negotiated) {
    return [await finishLeg(legacy), await finishLeg(await openLeg("modern", true, context))];
  }
  const modern = await openLeg("modern", true, context);
  const finish = modern.negotiated ? finishLeg : finishLast;
  return [await finish(legacy), await finishLeg(modern)];
}

/**
 * The remembered era first, the modern one when none is known. A failure that points to the other
 * era is followed there, once; its time counts as detection, not as the server's.
 */
async function talkAuto(context: AttemptContext, hint: Era | null): Promise<Talk> {
  const first = await openLeg(hint ?? "modern", hint !== null, context);
  if (first.otherEra === null) return { detectionMs: 0, legs: [await finishLast(first)] };
  const firstLeg = await finishLeg(first);
  const second = await openLeg(first.otherEra, true, context);
  const secondLeg = await finishLast(second);
  // Two eras that point to each other: the first failure, a time-out for one, is the cause.
  const backAgain = second.otherEra === first.leg.era;
  return backAgain
    ? { detectionMs: 0, legs: [firstLeg] }
    : { detectionMs: first.step.durationMs ?? 0, legs: [secondLeg] };
}
