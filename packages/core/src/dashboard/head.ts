import type { VigilConfig } from "../config/index.ts";
import { utf8Length } from "../utf8-length.ts";
import type { Load } from "./pack.ts";
import { type Row, type Section, text, wide } from "./widget.ts";

/** What stands on top of every dashboard: its title, the ways to the others, and the custom widget. */
export interface HeadScene {
  readonly config: VigilConfig;
  /** Of the widget's function. */
  readonly widgetArn: string;
  /** Every dashboard's, in their order, as CloudWatch has them. */
  readonly names: readonly string[];
}

const ABOUT = "# Vigil\nWhat clients can use, and whether the monitor itself is well.";
/** A line of a wide widget, about; and the lines that one row of the grid has room for. */
const LINE_LENGTH = 160;
const LINES_A_ROW = 2;
/** The custom widget scrolls within its own frame beyond that. */
const MAX_WIDGET_HEIGHT = 20;
/** A target that is up takes a line; what else there is takes more, of which there is seldom much. */
const WIDGET_HEIGHT_A_TARGET = 1;
const WIDGET_HEIGHT_BESIDES = 3;

/** Of two widgets without the names in them, with an ARN and three addresses. */
const HEAD_LOAD: Load = { widgets: 2, metrics: 0, bytes: 3_000 };
/** An address with a name of 255 characters, which is also the link's, and what is around them. */
const LINK_BYTES = 800;
/** With more targets, the overview tells only the first and the last of each dashboard. */
const MAX_NAMED = 1_000;

/** What the heads take at most, if there are so many dashboards. */
export function headLoads({ targets }: VigilConfig, dashboards: number) {
  const named = targets.length > MAX_NAMED ? [] : targets;
  const names = named.reduce((bytes, { name }) => bytes + utf8Length(name) + 2, 0);
  const bytes = HEAD_LOAD.bytes + (dashboards > 1 ? names + dashboards * LINK_BYTES : 0);
  return { first: { ...HEAD_LOAD, bytes }, further: HEAD_LOAD };
}

/** Of one page, and of all of them. */
export function head(
  n: number,
  pages: readonly (readonly Section[])[],
  scene: HeadScene,
): readonly Row[] {
  const lines = n === 0 ? overviewLines(pages, scene) : furtherLines(n, scene);
  const own = targetsOf(pages[n] ?? []);
  return [
    text(lines.join("\n"), 1 + Math.ceil(linesShown(lines) / LINES_A_ROW)),
    // The overview has every target; a dashboard that only goes on with the overview has none.
    ...(n > 0 && own.length === 0 ? [] : [history(n === 0 ? null : own, scene)]),
  ];
}

function overviewLines(
  pages: readonly (readonly Section[])[],
  { config, names }: HeadScene,
): readonly string[] {
  if (names.length === 1) return [ABOUT];
  const [home] = config.vantages;
  const places = pages.map((page, n) => {
    const place = n === 0 ? "on this one" : link(names[n] ?? "", home);
    return `- ${place}: ${toldOf(targetsOf(page), config.targets.length)}`;
  });
  return [ABOUT, "", `The targets are on ${names.length} dashboards:`, ...places];
}

function toldOf(targets: readonly string[], all: number): string {
  if (targets.length === 0) return "more of this overview";
  if (all <= MAX_NAMED) return targets.join(", ");
  return `${targets.length} targets, from ${targets[0]} to ${targets.at(-1)}`;
}

function furtherLines(n: number, { config, names }: HeadScene): readonly string[] {
  const [home] = config.vantages;
  const [overview = "", previous = "", next] = [names[0], names[n - 1], names[n + 1]];
  const ways = [
    `back to ${link(overview, home)}`,
    ...(n > 1 ? [`before it ${link(previous, home)}`] : []),
    ...(next === undefined ? [] : [`after it ${link(next, home)}`]),
  ];
  return [`# Vigil, ${n + 1} of ${names.length}`, ways.join(" · ")];
}

/** Every target's past, or that of some, as Vigil's history has it. */
function history(targets: readonly string[] | null, { config, widgetArn }: HeadScene): Row {
  const count = targets?.length ?? config.targets.length;
  const height = Math.min(
    MAX_WIDGET_HEIGHT,
    WIDGET_HEIGHT_BESIDES + WIDGET_HEIGHT_A_TARGET * count,
  );
  const properties = {
    title: "Targets, deployments and gap windows",
    endpoint: widgetArn,
    updateOn: { refresh: true, resize: false, timeRange: true },
    params: targets === null ? {} : { targets },
  };
  return wide({ type: "custom", properties }, height);
}

function targetsOf(page: readonly Section[]): readonly string[] {
  return page.flatMap(({ target }) => target ?? []);
}

function link(name: string, region: string): string {
  return `[${name}](${dashboardUrl({ name, region })})`;
}

function linksRemoved(line: string): string {
  return line.replace(/\]\([^)]*\)/gu, "");
}

function linesShown(lines: readonly string[]): number {
  const shown = lines.flatMap((line) => line.split("\n")).map(linksRemoved);
  return shown.reduce(
    (count, line) => count + Math.max(1, Math.ceil(line.length / LINE_LENGTH)),
    0,
  );
}

/** Where people see a dashboard. */
export function dashboardUrl({
  name,
  region,
}: {
  readonly name: string;
  readonly region: string;
}): string {
  return `https://${region}.console.aws.amazonaws.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}
