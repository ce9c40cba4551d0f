/** CloudWatch's dashboard body, as far as it is used here: 24 columns, rows downwards. */
export const GRID_WIDTH = 24;

/** Namespace, name, dimensions in turn, and how it is drawn. */
export type MetricEntry = readonly [
  namespace: string,
  metric: string,
  ...rest: readonly (string | MetricLook)[],
];

export interface MetricLook {
  readonly stat: "Minimum" | "Maximum" | "Sum" | "p95";
  readonly label: string;
  readonly yAxis?: "left" | "right";
}

interface Axis {
  readonly min?: number;
  readonly max?: number;
  readonly label?: string;
  readonly showUnits: false;
}

export interface MetricProperties {
  readonly title: string;
  readonly region: string;
  readonly view: "timeSeries";
  readonly stacked: false;
  /** Seconds. */
  readonly period: 60;
  readonly metrics: readonly MetricEntry[];
  readonly yAxis?: { readonly left?: Axis; readonly right?: Axis };
  readonly annotations?: {
    readonly horizontal: readonly { readonly label: string; readonly value: number }[];
  };
}

/** What a widget shows. */
export type Content =
  | { readonly type: "metric"; readonly properties: MetricProperties }
  | {
      readonly type: "alarm";
      readonly properties: { readonly title: string; readonly alarms: readonly string[] };
    }
  | { readonly type: "text"; readonly properties: { readonly markdown: string } };

export type Size = { readonly width: number; readonly height: number };
export type Widget = Content & Size & { readonly x: number; readonly y: number };

/** Widgets side by side, as wide as the grid at most. */
export type Row = readonly (Content & Size)[];
/** Rows that stay together. */
export type Section = readonly Row[];

export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

/** Graphs of equal width in one row. */
export function graphs(height: number, ...all: readonly (MetricProperties | null)[]): Row {
  const shown = all.filter((properties) => properties !== null);
  const width = Math.floor(GRID_WIDTH / shown.length);
  return shown.map((properties) => ({ type: "metric", properties, width, height }));
}

export function text(markdown: string, height: number): Row {
  return [{ type: "text", properties: { markdown }, width: GRID_WIDTH, height }];
}

/** What every graph has in common. */
export const GRAPH = { view: "timeSeries", stacked: false, period: 60 } as const;
export const FROM_ZERO = { min: 0, showUnits: false } as const;
