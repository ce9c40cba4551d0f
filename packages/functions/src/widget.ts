import { shardTargets } from "@vigil/core";
import { systemClock as clock } from "@vigil/probe";
import { readEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { shardStates } from "./pager-states.ts";
import { readConfig } from "./read-config.ts";
import { openHistory } from "./sinks.ts";
import { start } from "./start.ts";
import { WidgetRuntime } from "./widget-runtime.ts";

const runtime = start(openWidget);

function openWidget(): WidgetRuntime {
  const environment = readEnvironment(process.env);
  const config = readConfig(environment.configPath);
  const log = createLog(environment.vantage);
  const historyOf = openHistory(environment, clock, log);
  const shards = shardTargets(config.targets);
  const { allStates } = shardStates({ shards, config, historyOf });
  return new WidgetRuntime({ config, clock, log, history: historyOf(0), allStates });
}

/** For CloudWatch's dashboard, with the viewer's own permission to call it. */
export const handler = (event: unknown): Promise<string> => runtime.invoke(event);
