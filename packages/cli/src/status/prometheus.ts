import { STATUSES, STEPS } from "@vigil/core";
import { type PageModel, standingOf, type TargetModel } from "@vigil/page";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Observation } from "../monitor.ts";
import {
  COUNTERS,
  type CounterKey,
  GAUGES,
  type GaugeKey,
  PROMETHEUS,
  type PrometheusMetric,
} from "./prometheus-registry.ts";
import type { Health } from "./status-feed.ts";

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
  gauges.build.set({ version }, 1);
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

function setState(gauges: ReturnType<typeof gaugesOf>, model: TargetModel, now: number): void {
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

/** A collector for each entry of the registry that is of its kind. */
function gaugesOf(registry: Registry): Readonly<Record<GaugeKey, Gauge>> {
  const made = GAUGES.map((key) => [key, new Gauge(configOf(PROMETHEUS[key], registry))]);
  return Object.fromEntries(made);
}

function countersOf(registry: Registry): Readonly<Record<CounterKey, Counter>> {
  const made = COUNTERS.map((key) => [key, new Counter(configOf(PROMETHEUS[key], registry))]);
  return Object.fromEntries(made);
}

function configOf({ name, help, labels }: PrometheusMetric, registry: Registry) {
  return { name, help, labelNames: [...labels], registers: [registry] };
}
