import type { Alert, Clock } from "@vigil/core";
import type { History } from "./history.ts";
import { HistoryError } from "./history-error.ts";

export type Acknowledged =
  | { readonly outcome: "acknowledged"; readonly alert: Alert }
  | { readonly outcome: "nothing-open" };

export interface AcknowledgeDeps {
  readonly history: Pick<History, "getPagerRecord" | "putPagerRecord">;
  readonly clock: Pick<Clock, "now">;
}

/** Times that the write is tried over the pager's own. */
const TRIES = 6;

/** No more reminders of what is open. @throws HistoryError */
export async function acknowledge(
  { target, by }: { readonly target: string; readonly by: string },
  { history, clock }: AcknowledgeDeps,
): Promise<Acknowledged> {
  const at = new Date(clock.now()).toISOString();
  for (let n = 0; n < TRIES; n += 1) {
    const before = await history.getPagerRecord(target);
    if (before === null || before.alert === null) return { outcome: "nothing-open" };
    const alert = { ...before.alert, acknowledged: { at, by } };
    const record = { ...before, alert, revision: before.revision + 1 };
    if ((await history.putPagerRecord(record)) === "written")
      return { outcome: "acknowledged", alert };
  }
  throw new HistoryError("history-unavailable", "Others wrote at the same time", null);
}
