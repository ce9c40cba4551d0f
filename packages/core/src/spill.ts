import * as z from "zod";
import type { Datapoint } from "./metrics/index.ts";
import { utf8Length } from "./utf8-length.ts";
import type { RunRecord } from "./verdict.ts";

/** Older datapoints than this are not sent again: CloudWatch's alarms have moved on. */
export const REPUBLISH_WITHIN_MS = 3 * 3_600_000;

/** What could not be written, kept until it can be. */
export type Spilled =
  | { readonly schema: 1; readonly kind: "runs"; readonly runs: readonly RunRecord[] }
  | { readonly schema: 1; readonly kind: "datapoints"; readonly datapoints: readonly Datapoint[] };

/** Runs are checked again when they are written; here it matters what kind of thing this is. */
const spilledSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    schema: z.literal(1),
    kind: z.literal("runs"),
    runs: z.array(
      z.looseObject({
        schema: z.literal(1),
        runId: z.string(),
        target: z.string(),
        vantage: z.string(),
        scheduledAt: z.iso.datetime({ offset: true }),
      }),
    ),
  }),
  z.strictObject({
    schema: z.literal(1),
    kind: z.literal("datapoints"),
    datapoints: z.array(
      z.looseObject({
        metric: z.string(),
        unit: z.string(),
        value: z.number(),
        at: z.iso.datetime({ offset: true }),
        dimensions: z.record(z.string(), z.string()),
      }),
    ),
  }),
]);

/** Null when the text is nothing that was spilled. */
export function readSpilled(text: string): Spilled | null {
  try {
    const parsed = spilledSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as unknown as Spilled) : null;
  } catch {
    return null;
  }
}

/**
 * What of spilled datapoints is worth sending again: a heartbeat tells of its own minute and no
 * other.
 */
export function republishable(
  datapoints: readonly Datapoint[],
  nowMs: number,
): readonly Datapoint[] {
  return datapoints.filter(
    ({ dimensions, at }) =>
      dimensions.Target !== undefined && nowMs - Date.parse(at) < REPUBLISH_WITHIN_MS,
  );
}

/** Things packed so that each pack's JSON stays under `maxBytes`; one that is larger stands alone. */
export function packBySize<T>(things: readonly T[], maxBytes: number): readonly (readonly T[])[] {
  const packs: T[][] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = utf8Length(JSON.stringify(thing)) + 1;
    const pack = packs.at(-1);
    if (pack === undefined || bytes + size > maxBytes) {
      packs.push([thing]);
      bytes = size;
    } else {
      pack.push(thing);
      bytes += size;
    }
  }
  return packs;
}
