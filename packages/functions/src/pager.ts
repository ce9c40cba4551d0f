import { randomUUID as randomId } from "node:crypto";
import { createPager, lookForGap } from "@vigil/aws";
import { lookForCause, PAGE_CAUSE_MS } from "@vigil/aws/cause-look";
import { createDeploymentObserver, type DeploymentObserver } from "@vigil/aws/deployments";
import { createPagesTopic } from "@vigil/aws/pages-topic";
import { isFollowed, shardTargets } from "@vigil/core";
import { systemClock as clock } from "@vigil/probe";
import { readEnvironment, readPagerEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { inTwoSeconds, type PagerOutcome, PagerRuntime } from "./pager-runtime.ts";
import { shardStates } from "./pager-states.ts";
import { readConfig } from "./read-config.ts";
import { openHistory } from "./sinks.ts";
import { start } from "./start.ts";

/** A second try would take a page's time. */
const LOOK = { clock, withinMs: PAGE_CAUSE_MS, maxAttempts: 1 };

const runtime = start(openPager);

function openPager(): PagerRuntime {
  const environment = readEnvironment(process.env);
  const { topicArn, stage } = readPagerEnvironment(process.env);
  const config = readConfig(environment.configPath);
  const log = createLog(environment.vantage);
  const region = environment.home;
  const historyOf = openHistory(environment, clock, log);
  const history = historyOf(0);
  const observers = new Map<string, DeploymentObserver>();
  const observerOf = (place: string) => {
    const turn = () => Promise.resolve();
    const open = observers.get(place) ?? createDeploymentObserver({ region: place, clock, turn });
    observers.set(place, open);
    return open;
  };
  return new PagerRuntime({
    config,
    clock,
    log,
    topic: createPagesTopic({ region, topicArn }),
    fetch,
    open: (port) =>
      createPager({
        config,
        history,
        clock,
        randomId,
        stage,
        // What a probe writes down has no secret in it any more, and this function knows none.
        redactOf: () => (text) => text,
        gapNow: inTwoSeconds((target) => lookForGap(target, { history, observerOf, clock }), clock),
        causeOf: async (target, modes) =>
          isFollowed(target) ? lookForCause(target, modes, LOOK) : null,
        ...shardStates({ shards: shardTargets(config.targets), config, historyOf }),
        ...port,
      }),
  });
}

/** For a probe's change, an alarm of CloudWatch's, the Scheduler's sweep, and a test. */
export const handler = (event: unknown): Promise<PagerOutcome> => runtime.invoke(event);
