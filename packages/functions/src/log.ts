import { Logger } from "@aws-lambda-powertools/logger";
import type { RunRecord } from "@vigil/core";

/** What went wrong beside the runs; each is counted by its code. `docs/lambda.md` says what each means. */
export const TROUBLES = [
  "start-failed",
  "bad-event",
  "invocation-failed",
  "stale-event",
  "burst-unguarded",
  "burst-failed",
  "look-failed",
  "gap-fault",
  "bad-hint",
  "spillover-unread",
  "history-unread",
  "history-failed",
  "publish-failed",
  "spill-failed",
  "queue-failed",
  "pager-failed",
  "page-failed",
  "pager-contended",
  "paged-without-history",
  "cause-unread",
  "unknown-target",
  "pages-unconfirmed",
  "deadman-failed",
  "secret-failed",
  "bad-message",
  "unreadable-item",
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Lines of JSON, one each. History can be rebuilt from the runs among them. */
export interface Log {
  run(record: RunRecord): void;
  trouble(code: Trouble, details: Readonly<Record<string, unknown>>): void;
  /** The invocation's sum. */
  done(details: Readonly<Record<string, unknown>>): void;
}

export function createLog(vantage: string): Log {
  const logger = new Logger({ serviceName: "vigil", persistentKeys: { vantage } });
  return {
    run: (record) => logger.info("run", { run: record }),
    trouble: (code, details) => logger.error(code, { code, ...details }),
    done: (details) => logger.info("done", { ...details }),
  };
}
