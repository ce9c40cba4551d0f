import type { Alert } from "@vigil/core";
import type { History } from "./history.ts";
import { HistoryError } from "./history-error.ts";

interface Explained {
  readonly openedAt: string;
  readonly likelyCause: string;
  readonly vantages: Set<string>;
}

/**
 * Writes what people are told explains an outage to the incidents of the vantages that see it, once
 * each. One that is not written yet, or cannot be reached, gets it with the next look.
 */
export class IncidentExplainer {
  readonly #history: Pick<History, "explainIncident">;
  /** By target. */
  readonly #done = new Map<string, Explained>();

  constructor(history: Pick<History, "explainIncident">) {
    this.#history = history;
  }

  /** By the alert as it is now; null: all is well. */
  async follow(target: string, alert: Alert | null): Promise<void> {
    const { openedAt, likelyCause, seenFrom = [] } = alert ?? {};
    if (openedAt === undefined || likelyCause === undefined) {
      this.#done.delete(target);
      return;
    }
    const before = this.#done.get(target);
    const isSame = before?.openedAt === openedAt && before.likelyCause === likelyCause;
    const vantages = isSame ? before.vantages : new Set<string>();
    this.#done.set(target, { openedAt, likelyCause, vantages });
    const waiting = seenFrom.filter((vantage) => !vantages.has(vantage));
    await Promise.all(
      waiting.map(async (vantage) => {
        if (await this.#write({ target, vantage, likelyCause })) vantages.add(vantage);
      }),
    );
  }

  async #write(explained: Parameters<History["explainIncident"]>[0]): Promise<boolean> {
    try {
      return (await this.#history.explainIncident(explained)) === "written";
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      return false;
    }
  }
}
