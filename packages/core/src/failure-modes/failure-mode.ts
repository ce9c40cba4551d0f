export const STATUSES = ["up", "degraded", "down", "unknown"] as const;
/** `unknown` is the monitor's own fault, or its credentials': neither good nor bad. */
export type Status = (typeof STATUSES)[number];

export const GROUPS = {
  network: "Network",
  "front-door": "Front door",
  hosting: "Hosting",
  protocol: "Protocol",
  tools: "Tools",
  time: "Time",
  browser: "Browser",
  monitor: "The monitor's own side",
} as const;
export type Group = keyof typeof GROUPS;

/** Whether the function's own CloudWatch metrics and logs give the failure away. */
export type CloudWatchView = "hidden" | "partly" | "shown";

/** One way in which an MCP server can be of no use, or the monitor of no help. */
export interface FailureMode {
  readonly group: Group;
  readonly status: Exclude<Status, "up">;
  /** What it is, as a heading. */
  readonly title: string;
  readonly cloudwatch: CloudWatchView;
  /** What to do, most likely cause first: the setting, the permission, the command. */
  readonly remedy: string;
  /** Where to read on: a documentation page or a public report. */
  readonly reference: string;
}
