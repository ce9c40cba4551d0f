import { alarmSpecs } from "../alarms/index.ts";
import type { Target, VigilConfig } from "../config/index.ts";
import { type AlarmStates, alarmRows } from "./alarm-states.ts";
import { nativeRow } from "./native.ts";
import { overviewSections } from "./overview.ts";
import { pack } from "./pack.ts";
import { durations, usable } from "./protocol.ts";
import { type DashboardBody, graphs, type Section, text } from "./widget.ts";

export type { DashboardBody } from "./widget.ts";

export interface Dashboard {
  /** The stack puts its stage before it. */
  readonly name: string;
  readonly body: DashboardBody;
}

export interface DashboardOptions {
  /** ARN by name of every alarm of `alarmSpecs(config)`. */
  readonly alarmArns: Readonly<Record<string, string>>;
}

/**
 * An overview, then a section for each target, with its protocol metrics above Lambda's own, on one
 * dashboard for as long as that holds them all: each costs $3 a month.
 * @throws Error when an alarm has no ARN, which is a bug of the caller's.
 */
export function dashboards(
  config: VigilConfig,
  { alarmArns }: DashboardOptions,
): readonly Dashboard[] {
  const alarms = alarmSpecs(config).map((spec) => {
    const arn = alarmArns[spec.name];
    if (arn === undefined) throw new Error(`the alarm ${spec.name} has no ARN`);
    return { ...spec, arn };
  });
  const sections = [
    ...overviewSections(config, alarms),
    ...config.targets.map((target) => {
      const own = alarms.filter((alarm) => alarm.target === target.name);
      return targetSection(target, { config, alarms: own });
    }),
  ];
  return pack(sections).map((widgets, n) => ({
    name: n === 0 ? "overview" : `targets-${n + 1}`,
    body: { start: "-PT3H", periodOverride: "inherit", widgets },
  }));
}

interface TargetScene {
  readonly config: VigilConfig;
  /** The target's own. */
  readonly alarms: AlarmStates;
}

function targetSection(target: Target, { config, alarms }: TargetScene): Section {
  const native = nativeRow(target);
  return [
    text(heading(target), 2),
    ...alarmRows(`${target.name}: alarms`, alarms),
    graphs(6, usable(target, config), durations(target, config)),
    ...(native === null ? [] : [native]),
  ];
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

/** How many dashboards a config takes. */
export function dashboardCount(config: VigilConfig): number {
  const arns = alarmSpecs(config).map(({ name }) => [name, name] as const);
  return dashboards(config, { alarmArns: Object.fromEntries(arns) }).length;
}
