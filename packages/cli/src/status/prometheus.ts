import { STATUSES, STEPS } from "@vigil/core";
import { type PageModel, standingOf, type TargetModel } from "@vigil/page";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Observation } from "../monitor.ts";
import type { Health } from "./status-feed.ts";

const TARGET = ["target", "vantage"] as const;

/** What `/metrics` says, in Prometheus's text format. */
export interface Metrics {
  readonly contentType: string;
  ran(observation: Pick<Observation, "record" | "lateMs">): void;
  text(model: PageModel, health: Health): Promise<string>;
}

export function createMetrics(version: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauges = gaugesOf(registry);
  const counters = countersOf(registry);
  gauge(registry, "vigil_build_info", "The running version.", ["version"]).set({ version }, 1);
  return {
    contentType: registry.contentType,
    ran({ record, lateMs }) {
      const { target, vantage, status, durationMs, failures, steps } = record;
      const labels = { target, vantage };
      counters.runs.inc({ ...labels, status });
      for (const mode of new Set(failures.map((failure) => failure.mode))) {
        counters.failures.inc({ ...labels, mode });
      }
      gauges.duration.set(labels, durationMs / 1_000);
      gauges.late.set(labels, lateMs / 1_000);
      for (const step of STEPS) {
        const took = steps.find((one) => one.step === step)?.durationMs ?? null;
        if (took === null) {
          gauges.step.remove({ ...labels, step });
        } else {
          gauges.step.set({ ...labels, step }, took / 1_000);
        }
      }
    },
    text(model, health) {
      gauges.lost.set(health.lostRuns);
      gauges.status.reset();
      for (const target of model.targets) {
        setState(gauges, target, model.now);
      }
      return registry.metrics();
    },
  };
}

type Gauges = ReturnType<typeof gaugesOf>;

function setState(gauges: Gauges, model: TargetModel, now: number): void {
  const isStale = standingOf(model, now).shown === "stale";
  for (const state of model.states) {
    const labels = { target: state.target, vantage: state.vantage };
    const shown = isStale ? "unknown" : state.status;
    for (const status of STATUSES) {
      gauges.status.set({ ...labels, status }, status === shown ? 1 : 0);
    }
    gauges.lastRun.set(labels, Date.parse(state.lastRunAt) / 1_000);
    if (state.tools !== null) {
      gauges.tools.set(labels, state.tools.toolCount);
    }
  }
  const open = model.incidents.filter(({ closedAt }) => closedAt === null).length;
  gauges.incidents.set({ target: model.name }, open);
}

function gaugesOf(registry: Registry) {
  const make = (name: string, help: string, labels: readonly string[]) =>
    gauge(registry, name, help, labels);
  return {
    status: make(
      "vigil_target_status",
      "1 for the status that the target has now; unknown while what was seen is stale.",
      [...TARGET, "status"],
    ),
    lastRun: make("vigil_last_run_timestamp_seconds", "When the last run was due.", TARGET),
    tools: make("vigil_tools", "Tools that the target listed last.", TARGET),
    incidents: make("vigil_open_incidents", "Incidents that go on.", ["target"]),
    duration: make("vigil_run_duration_seconds", "How long the last run took.", TARGET),
    late: make("vigil_run_late_seconds", "How late the last run began.", TARGET),
    step: make("vigil_step_duration_seconds", "How long a step of the last run took.", [
      ...TARGET,
      "step",
    ]),
    lost: make("vigil_lost_runs", "Runs that history could not keep, since the start.", []),
  };
}

function countersOf(registry: Registry) {
  const registers = [registry];
  return {
    runs: new Counter({
      name: "vigil_runs_total",
      help: "Runs since the start, by what they found.",
      labelNames: [...TARGET, "status"],
      registers,
    }),
    failures: new Counter({
      name: "vigil_failures_total",
      help: "Runs since the start in which a failure mode was seen.",
      labelNames: [...TARGET, "mode"],
      registers,
    }),
  };
}

function gauge(registry: Registry, name: string, help: string, labels: readonly string[]) {
  return new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
}
