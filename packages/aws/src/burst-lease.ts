import { conditionalPut } from "./items.ts";
import { burstKey, type StateIdentity } from "./keys.ts";
import type { Table } from "./listing.ts";

/** The wish to probe a target of a burst for a while. */
export interface BurstClaim extends StateIdentity {
  /** Who asks: another one for each delivery of a request. */
  readonly holder: string;
  /** Milliseconds until others may, unless it is claimed again. */
  readonly forMs: number;
}

/** DynamoDB's own deletion of what nobody claims any more; it may take days, and matters to nobody. */
const KEPT_SECONDS = 60 * 60;

/** False while another holder's claim lasts. */
export function claimBurst(table: Table, claim: BurstClaim): Promise<boolean> {
  const nowMs = table.clock.now();
  const untilMs = nowMs + claim.forMs;
  return conditionalPut(table, "claim a burst", {
    Item: {
      ...burstKey(claim),
      holder: claim.holder,
      untilMs,
      expiresAt: Math.ceil(untilMs / 1000) + KEPT_SECONDS,
    },
    ConditionExpression: "attribute_not_exists(pk) OR holder = :holder OR untilMs <= :now",
    ExpressionAttributeValues: { ":holder": claim.holder, ":now": nowMs },
  });
}
