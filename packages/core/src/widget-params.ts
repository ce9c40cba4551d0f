import * as z from "zod";

const NAMES = "write names of targets, as a list or with commas between them, or leave it out";
const TAG = "write one tag, as the config has it, or leave it out";
const ONLY = "write all or unwell, or leave it out";

interface WidgetParam {
  readonly schema: z.ZodType;
  /** For who puts the widget onto a dashboard. */
  readonly about: string;
}

/** What people may write beside the function on a dashboard: reading and documentation derive from it. */
const WIDGET_PARAMS = {
  targets: {
    schema: z
      .union([z.string(), z.array(z.string(), { error: NAMES })], { error: NAMES })
      .transform((names) => (typeof names === "string" ? names.split(",") : names))
      .transform((names) => names.map((name) => name.trim()).filter((name) => name !== ""))
      .refine((names) => names.length > 0, { error: NAMES })
      .optional(),
    about: "Names of targets, as a list or with commas between them. Without it, all are shown.",
  },
  tag: {
    schema: z.string({ error: TAG }).trim().min(1, { error: TAG }).optional(),
    about: "Shows the targets that the config gives this tag. Write this or `targets`, not both.",
  },
  only: {
    schema: z.enum(["all", "unwell"], { error: ONLY }).optional(),
    about: "`unwell` leaves out the targets that are up. Without it, or with `all`, none is.",
  },
} as const satisfies Record<string, WidgetParam>;

const { targets, tag, only } = WIDGET_PARAMS;
export const widgetParamsSchema = z.strictObject({
  targets: targets.schema,
  tag: tag.schema,
  only: only.schema,
} satisfies Record<keyof typeof WIDGET_PARAMS, z.ZodType>);
export type WidgetParams = z.output<typeof widgetParamsSchema>;

export const widgetParamNames: readonly string[] = Object.keys(WIDGET_PARAMS);

/** As Markdown. */
export function widgetParamsTable(): string {
  const rows = Object.entries(WIDGET_PARAMS).map(
    ([name, { about }]) => `| \`${name}\` | ${about} |`,
  );
  return ["| Parameter | What it does |", "|---|---|", ...rows].join("\n");
}

/** What CloudWatch shows under "Get documentation": the answer to `{"describe": true}`. */
export function widgetMarkdown(): string {
  return `## Vigil: what clients can use

Each target's state now, and over the dashboard's time range its failures, gap windows, deployments,
uptime and latency. What is not well comes first, with its open incident: what broke, and what to do.

### Parameters

All may be left out.

${widgetParamsTable()}

### Example

\`\`\`yaml
targets: [orders, billing]
only: unwell
\`\`\`
`;
}
