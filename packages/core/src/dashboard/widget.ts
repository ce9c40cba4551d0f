import { LIMITS } from "./limits.ts";

/** CloudWatch's dashboard body, as far as it is used here: 24 columns, rows downwards. */
const GRID_WIDTH = LIMITS.width;

/** Namespace, name, dimensions in turn, and how it is drawn; or what is calculated from others. */
export type MetricEntry =
  | readonly [namespace: string, metric: string, ...rest: readonly (string | MetricLook)[]]
  | readonly [MathLook];

export interface MetricLook {
  readonly stat: "Minimum" | "Maximum" | "Sum" | "p95";
  readonly label: string;
  readonly yAxis?: "left" | "right";
  /** By which an expression of the same graph knows it. */
  readonly id?: string;
  /** Only calculated with. */
  readonly visible?: false;
}

export interface MathLook {
  readonly expression: string;
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
  | { readonly type: "text"; readonly properties: { readonly markdown: string } }
  | { readonly type: "custom"; readonly properties: CustomProperties };

/** HTML of a Lambda function's, which the viewer's browser calls with the viewer's permissions. */
interface CustomProperties {
  /** The function's ARN. */
  readonly endpoint: string;
  readonly updateOn: {
    readonly refresh: boolean;
    readonly resize: boolean;
    readonly timeRange: boolean;
  };
  readonly title: string;
  readonly params: { readonly targets?: readonly string[] };
}

export type Size = { readonly width: number; readonly height: number };
export type Widget = Content & Size & { readonly x: number; readonly y: number };

/** Widgets side by side, as wide as the grid at most. */
export type Row = readonly (Content & Size)[];
/** Rows that stay together. */
export interface Section {
  /** Whose they are; null of the overview's. */
  readonly target: string | null;
  readonly rows: readonly Row[];
}

/** Graphs of equal width in one row. */
export function graphs(height: number, ...all: readonly (MetricProperties | null)[]): Row {
  const shown = all.filter((properties) => properties !== null);
  const width = Math.floor(GRID_WIDTH / shown.length);
  return shown.map((properties) => ({ type: "metric", properties, width, height }));
}

export function text(markdown: string, height: number): Row {
  return wide({ type: "text", properties: { markdown } }, height);
}

/** As wide as the grid. */
export function wide(content: Content, height: number): Row {
  return [{ ...content, width: GRID_WIDTH, height }];
}

/** What every graph has in common. */
export const GRAPH = { view: "timeSeries", stacked: false, period: 60 } as const;
export const FROM_ZERO = { min: 0, showUnits: false } as const;
