import {
  type AlarmSpec,
  type AlarmState,
  type Datapoint,
  evaluate,
  METRIC_NAMESPACE,
  type MetricPoint,
  metricKey,
  type News,
} from "@vigil/core";
import { sample } from "./distributions.ts";
import { deliver, eachMinute, MINUTE_MS, type World } from "./world.ts";

/** Older points are in no alarm's range. */
const KEPT_MS = 10 * MINUTE_MS;

/** CloudWatch: holds what has arrived, evaluates each minute, calls an alarm's action on a change. */
export class CloudWatch {
  readonly #world: World;
  readonly #specs: readonly AlarmSpec[];
  readonly #act: (news: News | null) => void;
  readonly #points = new Map<string, MetricPoint[]>();
  #states: ReadonlyMap<string, AlarmState> = new Map();

  constructor(world: World, specs: readonly AlarmSpec[], act: (news: News | null) => void) {
    this.#world = world;
    this.#specs = specs;
    this.#act = act;
  }

  publish(points: readonly Datapoint[]): void {
    const { agenda, random } = this.#world;
    agenda.after(sample("metricDelay", random), () => {
      for (const point of points) this.#take(point);
    });
  }

  #take({ metric, dimensions, at, value }: Datapoint): void {
    const key = metricKey({ namespace: METRIC_NAMESPACE, metric, dimensions: { ...dimensions } });
    const kept = (this.#points.get(key) ?? []).filter(
      (point) => point.at > this.#world.agenda.now - KEPT_MS,
    );
    this.#points.set(key, [...kept, { at: Date.parse(at), value }]);
  }

  start(): void {
    const { agenda, random } = this.#world;
    for (const spec of this.#specs) {
      const phaseMs = sample("alarmPhase", random);
      eachMinute(this.#world, (minuteMs) => {
        agenda.at(minuteMs + phaseMs, () => this.#evaluate(spec));
      });
    }
  }

  #evaluate(spec: AlarmSpec): void {
    const { agenda } = this.#world;
    const before = this.#states.get(spec.name) ?? "INSUFFICIENT_DATA";
    const evaluation = { datapoints: this.#points, now: agenda.now, previous: this.#states };
    const after = evaluate([spec], evaluation).get(spec.name) ?? before;
    if (after === before) return;
    this.#states = new Map([...this.#states, [spec.name, after]]);
    if (after !== "ALARM") return;
    const news = this.#newsOf(spec);
    deliver(this.#world, "alarmAction", () => this.#act(news));
  }

  /** Which minute an alarm rings for: the newest that breached. */
  #newsOf({ watch, target, vantage }: AlarmSpec): News | null {
    if (watch.kind !== "metric" || target === null || vantage === null) return null;
    const { namespace, metric, dimensions } = watch;
    const points = this.#points.get(
      metricKey({ namespace, metric, dimensions: dimensions as never }),
    );
    const breached = points?.filter(({ value }) => value === 0).at(-1);
    if (breached === undefined) return null;
    const at = new Date(breached.at).toISOString();
    return { target, vantage, at, status: "down", modes: [], lastGoodRunAt: null };
  }
}
