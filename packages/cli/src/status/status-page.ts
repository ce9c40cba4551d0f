import type { History } from "@vigil/aws";
import type { Clock, RunRecord, Target, TargetState } from "@vigil/core";
import type { Observation } from "../monitor.ts";
import { bad, ok, type Result } from "../result.ts";
import { createEventStreams } from "./event-streams.ts";
import { createKnownCauses } from "./known-causes.ts";
import { createMetrics } from "./prometheus.ts";
import { createStatusFeed } from "./status-feed.ts";
import { createRoutes } from "./status-routes.ts";
import { type Listening, serve } from "./status-server.ts";
import { readDetail } from "./target-detail.ts";

/** Beside the demo server's 7331. Another watch may have it: then any other one will do. */
export const STATUS_PORT = 7330;

export interface StatusPageOptions {
  readonly targets: readonly Target[];
  readonly intervalMs: number;
  readonly history: History;
  readonly clock: Clock;
  readonly version: string;
  /** Percent of good runs to be kept. */
  readonly objective: number;
  readonly host: string;
  /** Undefined: the usual one, or any that is free. */
  readonly port: number | undefined;
}

/** The page that a watch serves of what it sees. */
export interface StatusPage {
  readonly url: string;
  resumed(states: readonly TargetState[]): void;
  ran(observation: Observation): void;
  /** The run's history is written. */
  kept(target: string): void;
  lost(record: RunRecord, error: unknown): void;
  failed(trouble: string): void;
  close(): Promise<void>;
}

export async function openStatusPage(options: StatusPageOptions): Promise<Result<StatusPage>> {
  const { clock, version, intervalMs } = options;
  const feed = createStatusFeed({
    ...options,
    targets: options.targets.map((target) => factsOf(target, intervalMs)),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  const streams = createEventStreams(clock);
  const metrics = createMetrics(version);
  const causes = createKnownCauses({ ...options, onFound: () => streams.changed() });
  const route = createRoutes({
    feed,
    streams,
    metrics,
    clock,
    intervalMs,
    detail: (target) =>
      readDetail(options.history, {
        target,
        objective: options.objective,
        now: clock.now(),
        causeOf: (newest) => causes.of(target, newest),
      }),
  });
  const listening = await listen(options, route);
  if (!listening.ok) {
    streams.close();
    return listening;
  }
  feed.onChange(streams.changed);
  return ok({
    url: listening.value.url,
    resumed(states) {
      states.forEach(feed.saw);
      void feed.load();
    },
    ran(observation) {
      metrics.ran(observation);
      feed.ran(observation);
    },
    kept: (target) => void feed.kept(target),
    lost: feed.lost,
    failed: feed.failed,
    async close() {
      streams.close();
      await listening.value.close();
    },
  });
}

function factsOf({ name, url, owner, tags, runbook }: Target, everyMs: number) {
  const { origin, pathname } = new URL(url);
  // A query may hold a key.
  return { name, url: `${origin}${pathname}`, owner, tags, runbook, everyMs };
}

async function listen(
  { host, port }: Pick<StatusPageOptions, "host" | "port">,
  route: Parameters<typeof serve>[0]["route"],
): Promise<Result<Listening>> {
  try {
    return ok(await serve({ host, port: port ?? STATUS_PORT, route }));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "EADDRINUSE" && port === undefined) {
      return listen({ port: 0, host }, route);
    }
    return bad(whyNot(code, { host, port: port ?? STATUS_PORT }), error);
  }
}

function whyNot(code: string, { host, port }: { host: string; port: number }): string {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} of ${host} is taken, so the status page cannot be served there. Write another --port; 0 picks a free one.`;
    case "EACCES":
      return `This user may not listen on port ${port}. Write a --port over 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine. Write one with --host, or leave it out for 127.0.0.1.`;
    default:
      return `The status page cannot be served on ${host}:${port} (${code}). Write another --host or --port.`;
  }
}
