import { randomUUID } from "node:crypto";
import { lazyReportLines } from "@vigil/aws/lazy-report-lines";
import { lazySigner } from "@vigil/aws/lazy-signer";
import {
  systemClock as clock,
  createGate,
  createTokenCache,
  type ProbeDeps,
  proveColdStart,
  runConfirmed,
  wantsColdStartProof,
} from "@vigil/probe";
import { readEnvironment } from "./environment.ts";
import { createLog } from "./log.ts";
import { readConfig } from "./read-config.ts";
import { type LambdaContext, type Outcome, Runtime } from "./runtime.ts";
import { openSecrets } from "./secrets.ts";
import { openHistory, openSinks } from "./sinks.ts";

// At init scope: what is wrong with the deployment shows before the first minute.
const { env } = process;
const environment = readEnvironment(env);
const config = readConfig(environment.configPath);
const log = createLog(environment.vantage);
const randomId = () => randomUUID();
const deps: ProbeDeps = {
  ...openSecrets({ environment, env, log }),
  sign: lazySigner(clock),
  tokens: createTokenCache(),
  vantage: environment.vantage,
  version: environment.version,
  clock,
  randomId,
};
const reportLines = lazyReportLines(clock);
const runtime = new Runtime({
  environment,
  config,
  clock,
  log,
  historyOf: openHistory(environment, clock, log),
  sinks: openSinks(environment, log),
  probe: (target, options) => runConfirmed(target, deps, options),
  prove: (run, target) =>
    wantsColdStartProof(run, { target })
      ? (withinMs) => proveColdStart(run, { target, clock, reportLines, withinMs })
      : null,
  gate: createGate({ clock }),
  randomId,
});

/** For the Scheduler's `{shard, scheduledAt}` every minute, and for `{targets, everyMs, untilMs}`. */
export const handler = (event: unknown, context: LambdaContext): Promise<Outcome> =>
  runtime.invoke(event, context);
