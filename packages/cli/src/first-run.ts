import type { History } from "@vigil/aws";
import type { Subject } from "./read-history.ts";

/** When a target's oldest run that an hour still tells of was scheduled; null when there is none. */
export async function firstRunAt(
  history: Pick<History, "rollups">,
  { target, vantage }: Subject,
): Promise<number | null> {
  const oldest = history.rollups(target, {
    order: "oldest",
    limit: 1,
    ...(vantage !== undefined && { vantage }),
  });
  for await (const { hour, seen } of oldest) {
    return Date.parse(hour) + (seen[0] ?? 0);
  }
  return null;
}
