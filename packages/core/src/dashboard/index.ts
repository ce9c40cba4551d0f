import { alarmSpecs } from "../alarms/index.ts";
import type { Target, VigilConfig } from "../config/index.ts";
import { type AlarmStates, alarmRows } from "./alarm-states.ts";
import type { Dashboard } from "./dashboard.ts";
import { head, headLoads } from "./head.ts";
import { dashboardProblems } from "./limits.ts";
import { nativeRow } from "./native.ts";
import { overviewSections } from "./overview.ts";
import { pack, place } from "./pack.ts";
import { durations, usable } from "./protocol.ts";
import { graphs, type Section, text } from "./widget.ts";

export type { Dashboard, DashboardBody } from "./dashboard.ts";
export { dashboardUrl } from "./head.ts";
export { dashboardProblems } from "./limits.ts";

/** What a dashboard or an alarm is called in CloudWatch, where several stages stand side by side. */
type NameOf = (name: string) => string;

interface DashboardOptions {
  /** ARN by name of every alarm of `alarmSpecs(config)`. */
  readonly alarmArns: Readonly<Record<string, string>>;
  /** Of the function that draws the custom widget. */
  readonly widgetArn: string;
  readonly nameOf: NameOf;
}

/** What an alarm's ARN has before its name, at most. */
const ARN_PREFIX_BYTES = 65;

/**
 * An overview, then a section for each target, with its protocol metrics above Lambda's own, on one
 * dashboard for as long as that holds them all: each costs $3 a month.
 * @throws Error when an alarm has no ARN, which is a bug of the caller's; or when CloudWatch would
 * not take a dashboard.
 */
export function dashboards(config: VigilConfig, options: DashboardOptions): readonly Dashboard[] {
  const { alarmArns, widgetArn, nameOf } = options;
  const pages = pagesOf(sectionsOf(config, alarmArns), sizesOf(config, nameOf));
  const names = pages.map((_, n) => dashboardName(n, nameOf));
  const made = pages.map((sections, n): Dashboard => {
    const top = head(n, pages, { config, widgetArn, names });
    const widgets = place([...top, ...sections.flatMap(({ rows }) => rows)]);
    return { name: names[n] ?? "", body: { start: "-PT3H", periodOverride: "inherit", widgets } };
  });
  const problems = made.flatMap(dashboardProblems);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return made;
}

/** The same dashboards' names, which are known before any ARN is. */
export function dashboardNames(config: VigilConfig, nameOf: NameOf): readonly string[] {
  return sizesOf(config, nameOf).map((_, n) => dashboardName(n, nameOf));
}

function dashboardName(n: number, nameOf: NameOf): string {
  return nameOf(n === 0 ? "overview" : `targets-${n + 1}`);
}

/** How many sections stand on each dashboard, calculated with ARNs as long as any can be. */
function sizesOf(config: VigilConfig, nameOf: NameOf): readonly number[] {
  const arns = alarmSpecs(config).map(({ name }) => [
    name,
    "-".repeat(ARN_PREFIX_BYTES + nameOf(name).length),
  ]);
  const sections = sectionsOf(config, Object.fromEntries(arns));
  const one = pack(sections, headLoads(config, 1));
  // The links to the others take room of the first, which makes one more of them at most.
  const pages = one.length === 1 ? one : pack(sections, headLoads(config, one.length + 1));
  return pages.map(({ length }) => length);
}

function pagesOf(
  sections: readonly Section[],
  sizes: readonly number[],
): readonly (readonly Section[])[] {
  let taken = 0;
  return sizes.map((size) => {
    taken += size;
    return sections.slice(taken - size, taken);
  });
}

function sectionsOf(
  config: VigilConfig,
  alarmArns: DashboardOptions["alarmArns"],
): readonly Section[] {
  const alarms = alarmSpecs(config).map((spec) => {
    const arn = alarmArns[spec.name];
    if (arn === undefined) throw new Error(`the alarm ${spec.name} has no ARN`);
    return { ...spec, arn };
  });
  return [
    ...overviewSections(config, alarms),
    ...config.targets.map((target) => {
      const own = alarms.filter((alarm) => alarm.target === target.name);
      return targetSection(target, { config, alarms: own });
    }),
  ];
}

interface TargetScene {
  readonly config: VigilConfig;
  /** The target's own. */
  readonly alarms: AlarmStates;
}

function targetSection(target: Target, { config, alarms }: TargetScene): Section {
  const native = nativeRow(target);
  const rows = [
    text(heading(target), 2),
    ...alarmRows(`${target.name}: alarms`, alarms),
    graphs(6, usable(target, config), durations(target, config)),
    ...(native === null ? [] : [native]),
  ];
  return { target: target.name, rows };
}

/** As markdown; the operator's own words. */
function heading({ name, severity, region, owner, runbook }: Target): string {
  const facts = [
    severity,
    ...(region === null ? [] : [region]),
    ...(owner === null ? [] : [owner]),
    ...(runbook === null ? [] : [`[runbook](${runbook})`]),
  ];
  return `## ${name}\n${facts.join(" · ")}`;
}
