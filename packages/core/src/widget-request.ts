import * as z from "zod";
import { HOUR_MS } from "./history/index.ts";
import { type WidgetParams, widgetParamNames, widgetParamsSchema } from "./widget-params.ts";

const DAY_HOURS = 24;
/** Where the dashboard tells no range. */
const DEFAULT_HOURS = 3;
/** What one answer is made of at most, so that it comes in time; an hour is one of a target and vantage. */
const MAX_READ_HOURS = 20_000;
const MAX_HOURS = 90 * DAY_HOURS;
const DEFAULT_WIDTH = 800;
/** Of what could be written instead. */
const MAX_NAMED = 10;

/** What one of CloudWatch's calls of the custom widget asks to see. */
export interface WidgetRequest {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** In the config's order. */
  readonly targets: readonly string[];
  /** Leaves out the targets that are well. */
  readonly onlyUnwell: boolean;
  /** The viewer's: `UTC`, or an offset as `+05:30`. */
  readonly timeZone: string;
  readonly look: WidgetLook;
  /** What was asked for and is not shown, one sentence each. */
  readonly notes: readonly string[];
}

export interface WidgetLook {
  /** Pixels. */
  readonly width: number;
  readonly theme: "light" | "dark";
}

export type ReadWidgetRequest =
  | { readonly kind: "describe" }
  | { readonly kind: "show"; readonly request: WidgetRequest }
  /** Every mistake in the widget's parameters, with what to write instead. */
  | { readonly kind: "refused"; readonly problems: readonly string[]; readonly look: WidgetLook };

export interface WidgetScene {
  /** The config's. */
  readonly targets: readonly { readonly name: string; readonly tags: readonly string[] }[];
  readonly vantages: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

const timeSchema = z.number().min(0).max(8.64e15);
const rangeSchema = z.looseObject({ start: timeSchema, end: timeSchema });
/** CloudWatch's own: whatever of it is missing or odd has a stand-in, for no operator could mend it. */
const contextSchema = z.looseObject({
  timezone: z.looseObject({ offsetISO: z.string() }).optional().catch(undefined),
  timeRange: z
    .looseObject({ ...rangeSchema.shape, zoom: rangeSchema.optional().catch(undefined) })
    .optional()
    .catch(undefined),
  theme: z.enum(["light", "dark"]).catch("light"),
  width: z.number().min(100).max(10_000).catch(DEFAULT_WIDTH),
  params: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Context = z.output<typeof contextSchema>;

export function readWidgetRequest(event: unknown, scene: WidgetScene): ReadWidgetRequest {
  const { widgetContext, describe, ...given } = objectOf(event);
  if (describe === true) return { kind: "describe" };
  const context = contextSchema.parse(objectOf(widgetContext));
  const look: WidgetLook = { width: context.width, theme: context.theme };
  // Beside them, the event has whatever else CloudWatch comes to send.
  const parsed = widgetParamsSchema.safeParse(context.params ?? given);
  if (!parsed.success) {
    return { kind: "refused", problems: parsed.error.issues.flatMap(problemsOf), look };
  }
  const problems = problemsWith(parsed.data, scene);
  if (problems.length > 0) return { kind: "refused", problems, look };
  return { kind: "show", request: requestOf(parsed.data, { context, scene, look }) };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function problemsOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${key}: there is no such parameter; write ${oneOf(widgetParamNames)}`,
    );
  }
  return [`${String(issue.path[0])}: ${issue.message}`];
}

/** What only the config can tell. */
function problemsWith({ targets = [], tag }: WidgetParams, scene: WidgetScene): readonly string[] {
  const names = scene.targets.map(({ name }) => name);
  const unknown = targets
    .filter((name) => !names.includes(name))
    .map((name) => `targets: the config has no target "${name}"; write ${oneOf(names)}`);
  if (tag === undefined) return unknown;
  if (targets.length > 0) return [...unknown, "targets, tag: write one of the two, not both"];
  const tags = [...new Set(scene.targets.flatMap((target) => target.tags))];
  if (tags.includes(tag)) return [];
  const instead = tags.length === 0 ? "give it to targets there" : `write ${oneOf(tags)}`;
  return [`tag: the config gives no target the tag "${tag}"; ${instead}`];
}

function oneOf(words: readonly string[]): string {
  const more = words.length - MAX_NAMED;
  if (more > 0) return `one of ${words.slice(0, MAX_NAMED).join(", ")} or ${more} more`;
  return words.length === 1 ? String(words[0]) : `one of ${words.join(", ")}`;
}

interface Asked {
  readonly context: Context;
  readonly scene: WidgetScene;
  readonly look: WidgetLook;
}

function requestOf(params: WidgetParams, { context, scene, look }: Asked): WidgetRequest {
  const { targets: named, tag, only } = params;
  const targets = scene.targets
    .filter(({ name }) => named?.includes(name) ?? true)
    .filter(({ tags }) => tag === undefined || tags.includes(tag))
    .map(({ name }) => name);
  const range = rangeOf(context, scene.now);
  const from = Math.max(range.from, earliest(range.to, targets.length * scene.vantages));
  return {
    from,
    to: range.to,
    targets,
    onlyUnwell: only === "unwell",
    timeZone: zoneOf(context),
    look,
    notes: from === range.from ? [] : [shortened(from, range)],
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** What the viewer has zoomed into, or the dashboard's range; what is to come is not shown. */
function rangeOf({ timeRange }: Context, now: number): Range {
  const shown = timeRange?.zoom ?? timeRange;
  if (shown === undefined || shown.start >= Math.min(shown.end, now)) {
    return { from: now - DEFAULT_HOURS * HOUR_MS, to: now };
  }
  return { from: shown.start, to: Math.min(shown.end, now) };
}

function earliest(to: number, series: number): number {
  const hours = Math.min(MAX_HOURS, Math.floor(MAX_READ_HOURS / Math.max(1, series)));
  return to - Math.max(1, hours) * HOUR_MS;
}

function shortened(from: number, { to, ...asked }: Range): string {
  const hours = (since: number) => Math.round((to - since) / HOUR_MS);
  return `Shown are the last ${hours(from)} of ${hours(asked.from)} hours: more cannot be read in time. Choose a shorter range, or name fewer targets in the widget's parameters.`;
}

function zoneOf({ timezone }: Context): string {
  const offset = timezone?.offsetISO ?? "";
  return /^[+-](?:0\d|1[0-4]):[0-5]\d$/u.test(offset) && !/^.00:00$/u.test(offset) ? offset : "UTC";
}
