import { capacity, policyGroups } from "@vigil/core";
import { createFunction } from "./function.ts";
import { mayCallPages, mayExplain, mayKeepPages } from "./permissions.ts";
import { functionCommons, type ProbeOptions } from "./probes.ts";
import { logicalName, physicalName } from "./regions.ts";
import { createTick, EVERY_MINUTE, SCHEDULED_TIME } from "./tick.ts";
import type { Topics } from "./topics.ts";

interface PagingOptions extends ProbeOptions {
  readonly topics: Topics;
}

/** A sweep of every target that is unwell; each page waits for SNS a few seconds at most. */
const TIMEOUT_SECONDS = 60;
const EVERY_SWEEP = `cron(0/${capacity.SWEEP_EVERY_MINUTES} * * * ? *)` as const;
/** A page is worth sending for so long, although it is late. */
const MAX_EVENT_AGE_SECONDS = 300;

/**
 * At home, the pager: probes call it, and alarms by another way; by itself it takes up what waits.
 * What it cannot do after all its tries is told by `monitor`, to the same people.
 */
export function openPager(options: PagingOptions): sst.aws.Function {
  const { config, regions, storage, topics } = options;
  const { home } = regions;
  const spill = storage.spills.get(home.name);
  const monitor = topics.monitors.get(home.name);
  if (spill === undefined || monitor === undefined) throw new Error("home has no queue or topic");
  const { environment, copyFiles } = functionCommons(options, spill);
  const pager = createFunction(home, {
    thing: "Pager",
    handler: "packages/functions/src/pager.handler",
    description: "Pages people once: counts what vantages see, waits for gaps and maintenance",
    memoryMb: capacity.PAGER_MEMORY_MB,
    timeoutSeconds: TIMEOUT_SECONDS,
    environment: { ...environment, VIGIL_PAGES_TOPIC: topics.pages.arn, VIGIL_STAGE: $app.stage },
    permissions: [
      mayKeepPages(storage.table),
      mayCallPages(topics.pages),
      { actions: ["sns:Publish"], resources: [monitor.arn] },
    ],
    groups: policyGroups(config.targets).map((targets) => mayExplain(targets, home)),
    copyFiles,
    events: { maxAgeSeconds: MAX_EVENT_AGE_SECONDS, onFailure: monitor.arn, retries: 2 },
  });
  createTick(home, {
    thing: logicalName("PagerTick", home.name),
    // While a target is unwell its probe calls each minute; a dead man's ping is due each minute always.
    schedule: config.paging.deadman === null ? EVERY_SWEEP : EVERY_MINUTE,
    function: pager,
    event: { schema: 1, kind: "sweep", at: SCHEDULED_TIME },
  });
  letAlarmsCall(pager, options);
  return pager;
}

/** All alarms of this deployment's that say that a target is down, and no others. */
function letAlarmsCall(pager: sst.aws.Function, { regions: { home } }: PagingOptions): void {
  const { provider, name } = home;
  const { partition } = aws.getPartitionOutput({}, { provider });
  const { accountId } = aws.getCallerIdentityOutput({}, { provider });
  new aws.lambda.Permission(
    "AlarmsMayPage",
    {
      function: pager.name,
      action: "lambda:InvokeFunction",
      principal: "lambda.alarms.cloudwatch.amazonaws.com",
      sourceAccount: accountId,
      sourceArn: $interpolate`arn:${partition}:cloudwatch:${name}:${accountId}:alarm:${physicalName("*-down")}`,
    },
    { provider },
  );
}
