import { trust } from "./access.ts";
import type { Region } from "./regions.ts";

interface TickSpec {
  readonly thing: string;
  readonly schedule: `cron(${string})`;
  readonly function: sst.aws.Function;
  readonly event: Readonly<Record<string, unknown>>;
}

/** Aligned to the minute, which `rate(1 minute)` is not. */
export const EVERY_MINUTE = "cron(* * * * ? *)";
/** The Scheduler fills in the minute that a tick is for. */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** A function's ticks; one that is late is worth nothing, the next one is due. */
export function createTick({ provider }: Region, { thing, schedule, ...spec }: TickSpec): void {
  new sst.aws.CronV2(
    thing,
    {
      schedule,
      function: spec.function.arn,
      event: { ...spec.event },
      retries: 0,
      transform: { role: { assumeRolePolicy: trust("scheduler.amazonaws.com") } },
    },
    { provider },
  );
}
