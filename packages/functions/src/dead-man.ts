import { reasonOf } from "@vigil/aws";
import type { PagesTopic } from "@vigil/aws/pages-topic";
import type { Clock } from "@vigil/core";
import type { Log } from "./log.ts";

export interface DeadManOptions {
  /** Null where nobody waits. */
  readonly url: string | null;
  readonly topic: Pick<PagesTopic, "subscriptions">;
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Pick<Clock, "now" | "after">;
  readonly log: Pick<Log, "trouble">;
}

const WAIT_MS = 5_000;
/** How often the topic's subscriptions are looked through, and while none is confirmed. */
const CHECK_MS = 60 * 60_000;
const CHECK_AGAIN_MS = 5 * 60_000;

/**
 * Tells somebody elsewhere, each minute, that people can be paged. It does not where nobody has
 * confirmed a subscription: pages then reach nobody, and whoever waits for the ping says so.
 */
export class DeadMan {
  readonly #options: DeadManOptions;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #reaches = true;

  constructor(options: DeadManOptions) {
    this.#options = options;
  }

  async ping(): Promise<void> {
    const { url, fetch, clock } = this.#options;
    const everyMs = this.#reaches ? CHECK_MS : CHECK_AGAIN_MS;
    if (clock.now() - this.#checkedMs >= everyMs) await this.#check();
    if (url === null || !this.#reaches) return;
    const abort = new AbortController();
    const cancel = clock.after(WAIT_MS, () => abort.abort());
    try {
      const response = await fetch(url, { signal: abort.signal });
      await response.body?.cancel();
      if (!response.ok) this.#failed(`HTTP ${response.status}`);
    } catch (error) {
      this.#failed(reasonOf(error));
    } finally {
      cancel();
    }
  }

  /** Addresses stay out of the log. */
  async #check(): Promise<void> {
    const { topic, log, clock } = this.#options;
    try {
      const all = await topic.subscriptions();
      this.#checkedMs = clock.now();
      const confirmed = all.filter((one) => one.confirmed).length;
      this.#reaches = confirmed > 0;
      const pending = all.length - confirmed;
      if (pending > 0 || confirmed === 0) log.trouble("pages-unconfirmed", { pending, confirmed });
    } catch (error) {
      log.trouble("pages-unconfirmed", { reason: reasonOf(error) });
    }
  }

  #failed(reason: string): void {
    this.#options.log.trouble("deadman-failed", { reason });
  }
}
