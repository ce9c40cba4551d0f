import type { Widget } from "./widget.ts";

export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

export interface Dashboard {
  readonly name: string;
  readonly body: DashboardBody;
}
