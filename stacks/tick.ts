import { trust } from "./access.ts";
import { logicalName, type Region } from "./regions.ts";

interface TickSpec {
  readonly thing: string;
  readonly shard: number;
  readonly probe: sst.aws.Function;
}

/** Aligned to the minute, which `rate(1 minute)` is not. */
const EVERY_MINUTE = "cron(* * * * ? *)";
/** The Scheduler fills in the minute that a tick is for. */
const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** One tick a minute for one shard; a tick that is late is worth nothing, the next one is due. */
export function createTick({ name, provider }: Region, { thing, shard, probe }: TickSpec): void {
  new sst.aws.CronV2(
    `${logicalName(thing, name)}Shard${shard}`,
    {
      schedule: EVERY_MINUTE,
      function: probe.arn,
      event: { shard, scheduledAt: SCHEDULED_TIME },
      retries: 0,
      transform: { role: { assumeRolePolicy: trust("scheduler.amazonaws.com") } },
    },
    { provider },
  );
}
