import { randomUUID } from "node:crypto";
import type { History } from "@vigil/aws";
import { type Clock, DEFAULTS, type GapWindow, resolvePaging, type Target } from "@vigil/core";
import { createPageCauseLook } from "../cause-finder.ts";
import type { Configured } from "../targets.ts";
import type { WatchView } from "../watch-view.ts";
import { createLocalPager, type LocalPager } from "./local-pager.ts";
import { createWebhooks } from "./webhooks.ts";

export interface PagesOptions {
  readonly targets: readonly Target[];
  readonly configured: Configured | null;
  readonly webhooks: readonly string[];
  readonly history: History;
  readonly clock: Clock;
  readonly view: WatchView;
  readonly lookNow: (target: string) => Promise<GapWindow | null>;
  /** What is known of a target's page has changed. */
  readonly onChange: (target: string) => void;
}

/** Pages of a watch: in its terminal, and wherever its webhooks lead. */
export function openPages(options: PagesOptions): LocalPager {
  const { configured, view, clock, onChange } = options;
  const { remindEveryMs, degraded } = configured?.config.paging ?? resolvePaging({});
  const hooks = createWebhooks({
    urls: options.webhooks,
    clock,
    fetch,
    onTrouble: view.trouble,
  });
  const pager = createLocalPager({
    ...options,
    slo: configured?.slo ?? DEFAULTS.slo,
    policy: { reminderMs: remindEveryMs, pagesDegraded: degraded },
    randomId: randomUUID,
    causeOf: createPageCauseLook(clock),
    deliver(page) {
      view.page(page, hooks.shown);
      hooks.send(page);
      for (const target of page.attributes.target) onChange(target);
    },
    onHeld(target, hold) {
      view.held(target, hold);
      onChange(target);
    },
    onDropped(target) {
      view.dropped(target);
      onChange(target);
    },
    onTrouble: view.trouble,
  });
  return {
    ...bound(pager),
    async stop() {
      await pager.stop();
      hooks.stop();
    },
  };
}

function bound(pager: LocalPager): Omit<LocalPager, "stop"> {
  return {
    pager: pager.pager,
    ran: (observation) => pager.ran(observation),
    kept: (target) => pager.kept(target),
    deployment: (event) => pager.deployment(event),
    start: () => pager.start(),
    settled: () => pager.settled(),
  };
}
