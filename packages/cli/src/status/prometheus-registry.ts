export interface PrometheusMetric {
  readonly name: string;
  readonly type: "gauge" | "counter";
  readonly labels: readonly string[];
  /** What one value says. */
  readonly help: string;
}

const TARGET = ["target", "vantage"] as const;

/** Every metric of Vigil's own at `/metrics`, defined once: for whoever sets it and for the docs. */
export const PROMETHEUS = {
  status: {
    name: "vigil_target_status",
    type: "gauge",
    labels: [...TARGET, "status"],
    help: "1 for the status that the target has now; unknown while what was seen is stale.",
  },
  lastRun: {
    name: "vigil_last_run_timestamp_seconds",
    type: "gauge",
    labels: TARGET,
    help: "When the last run was due.",
  },
  duration: {
    name: "vigil_run_duration_seconds",
    type: "gauge",
    labels: TARGET,
    help: "How long the last run took.",
  },
  step: {
    name: "vigil_step_duration_seconds",
    type: "gauge",
    labels: [...TARGET, "step"],
    help: "How long a step of the last run took.",
  },
  tools: {
    name: "vigil_tools",
    type: "gauge",
    labels: TARGET,
    help: "Tools that the target listed last.",
  },
  runs: {
    name: "vigil_runs_total",
    type: "counter",
    labels: [...TARGET, "status"],
    help: "Runs since the start, by what they found.",
  },
  failures: {
    name: "vigil_failures_total",
    type: "counter",
    labels: [...TARGET, "mode"],
    help: "Runs since the start in which a failure mode was seen.",
  },
  incidents: {
    name: "vigil_open_incidents",
    type: "gauge",
    labels: ["target"],
    help: "Incidents that go on.",
  },
  late: {
    name: "vigil_run_late_seconds",
    type: "gauge",
    labels: TARGET,
    help: "How late the last run began.",
  },
  lost: {
    name: "vigil_lost_runs",
    type: "gauge",
    labels: [],
    help: "Runs that history could not keep, since the start.",
  },
  build: {
    name: "vigil_build_info",
    type: "gauge",
    labels: ["version"],
    help: "The running version.",
  },
} as const satisfies Record<string, PrometheusMetric>;

type Key = keyof typeof PROMETHEUS;
type KeyOf<Type extends PrometheusMetric["type"]> = {
  [K in Key]: (typeof PROMETHEUS)[K]["type"] extends Type ? K : never;
}[Key];
export type GaugeKey = KeyOf<"gauge">;
export type CounterKey = KeyOf<"counter">;

const KEYS = Object.keys(PROMETHEUS) as readonly Key[];
export const GAUGES = KEYS.filter((key): key is GaugeKey => PROMETHEUS[key].type === "gauge");
export const COUNTERS = KEYS.filter((key): key is CounterKey => PROMETHEUS[key].type === "counter");
