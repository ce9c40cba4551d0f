import { randomUUID as randomId } from "node:crypto";
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
import type { Prove } from "./probe-shard.ts";
import { readConfig } from "./read-config.ts";
import { type LambdaContext, type Outcome, Runtime } from "./runtime.ts";
import { openSecrets } from "./secrets.ts";
import { openHistory, openSinks } from "./sinks.ts";
import { start } from "./start.ts";

// At init scope: what is wrong with the deployment shows before the first minute.
const runtime = start(openRuntime);

function openRuntime(): Runtime {
  const { env } = process;
  const environment = readEnvironment(env);
  const config = readConfig(environment.configPath);
  const log = createLog(environment.vantage);
  const deps: ProbeDeps = {
    ...openSecrets({ environment, env, log }),
    sign: lazySigner(clock),
    tokens: createTokenCache(),
    vantage: environment.vantage,
    version: environment.version,
    clock,
    randomId,
  };
  return new Runtime({
    environment,
    config,
    clock,
    log,
    historyOf: openHistory(environment, clock, log),
    sinks: openSinks(environment, log),
    probe: (target, options) => runConfirmed(target, deps, options),
    prove: proveByReports(),
    gate: createGate({ clock }),
    randomId,
  });
}

function proveByReports(): Prove {
  const reportLines = lazyReportLines(clock);
  return (run, target) =>
    wantsColdStartProof(run, { target })
      ? (withinMs) => proveColdStart(run, { target, clock, reportLines, withinMs })
      : null;
}

/** For the Scheduler's `{shard, scheduledAt}` every minute, and for `{targets, everyMs, untilMs}`. */
export const handler = (event: unknown, context: LambdaContext): Promise<Outcome> =>
  runtime.invoke(event, context);
