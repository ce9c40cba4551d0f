import * as z from "zod";

/**
 * CloudWatch's "Dashboard Body Structure and Syntax", as strict as that page is, with the limits of
 * "CloudWatch service quotas": 500 widgets, 500 metrics a widget, 2,500 on a dashboard.
 */
const region = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/u);
const axis = z.strictObject({
  min: z.number().optional(),
  max: z.number().optional(),
  label: z.string().optional(),
  showUnits: z.boolean().optional(),
});
const look = z.strictObject({
  stat: z.enum(["SampleCount", "Average", "Sum", "Minimum", "Maximum", "p95"]),
  label: z.string().min(1),
  yAxis: z.enum(["left", "right"]).optional(),
  id: z
    .string()
    .regex(/^[a-z]\w*$/u)
    .optional(),
  visible: z.boolean().optional(),
});
const math = z.tuple([
  z.strictObject({
    // "Search expression syntax": at most 1,024 characters.
    expression: z
      .string()
      .regex(/^(?:FILL\([a-z]\w*, 0\)|SEARCH\('\{[\w/,]+\}(?: \w+="[^"']+")+', 'Sum', 60\))$/u)
      .max(1_024),
    label: z.string().min(1),
    yAxis: z.enum(["left", "right"]).optional(),
  }),
]);
/** Namespace, name, pairs of dimension and value, look. */
const metric = z
  .array(z.union([z.string().min(1), look]))
  .min(5)
  .refine((entry) => {
    const texts = entry.filter((part) => typeof part === "string");
    const isLookLast = typeof entry.at(-1) === "object" && texts.length === entry.length - 1;
    return isLookLast && texts.length % 2 === 0;
  }, "no metric");
const placed = {
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  width: z.int().min(1).max(24),
  height: z.int().min(1).max(1_000),
};
const widget = z.discriminatedUnion("type", [
  z.strictObject({
    ...placed,
    type: z.literal("metric"),
    properties: z.strictObject({
      title: z.string().min(1),
      region,
      view: z.enum(["timeSeries", "singleValue", "gauge", "bar", "pie", "table"]),
      stacked: z.boolean(),
      period: z.int().multipleOf(60),
      metrics: z
        .array(z.union([metric, math]))
        .min(1)
        .max(500),
      yAxis: z.strictObject({ left: axis.optional(), right: axis.optional() }).optional(),
      annotations: z
        .strictObject({
          horizontal: z.array(z.strictObject({ label: z.string(), value: z.number() })),
        })
        .optional(),
    }),
  }),
  z.strictObject({
    ...placed,
    type: z.literal("alarm"),
    properties: z.strictObject({
      title: z.string().min(1),
      alarms: z
        .array(z.string().regex(/^arn:aws:cloudwatch:[a-z0-9-]+:\d{12}:alarm:/u))
        .min(1)
        .max(100),
    }),
  }),
  z.strictObject({
    ...placed,
    type: z.literal("text"),
    properties: z.strictObject({ markdown: z.string().min(1) }),
  }),
  z.strictObject({
    ...placed,
    type: z.literal("custom"),
    properties: z.strictObject({
      title: z.string().min(1),
      endpoint: z.string().regex(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:/u),
      updateOn: z.strictObject({
        refresh: z.boolean(),
        resize: z.boolean(),
        timeRange: z.boolean(),
      }),
      params: z.looseObject({}),
    }),
  }),
]);

export const bodySchema = z.strictObject({
  start: z.string().regex(/^-P(?:T\d+[HM]|\d+[DWM])$/u),
  periodOverride: z.enum(["auto", "inherit"]),
  widgets: z.array(widget).max(500),
});

export const MAX_DASHBOARD_METRICS = 2_500;

type Placed = Pick<z.output<typeof widget>, "x" | "y" | "width" | "height">;

export function overlap(a: Placed, b: Placed): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
