import type { Profile, VigilConfig } from "../config/index.ts";
import { dashboardNames } from "../dashboard/index.ts";
import { LINE_NAMES, LINES, type Line, type LineName, type Scene, sceneOf } from "./lines.ts";
import { PRICES, PRICES_DATE, PRICES_REGION, type PriceName } from "./prices.ts";

/** US dollars a month, unrounded. */
export interface BillLine {
  readonly line: LineName;
  readonly title: string;
  /** Whose account pays, where the target is in another one. */
  readonly account: "monitor" | "target";
  readonly price: PriceName;
  readonly unitUsd: number;
  readonly unit: string;
  /** A month's, of all targets. */
  readonly quantity: number;
  readonly usd: number;
}

export interface TargetBill {
  readonly target: string;
  /** What is there for this target alone, and its even share of what is there for all. */
  readonly ownUsd: number;
  readonly sharedUsd: number;
  readonly usd: number;
}

export interface Bill {
  readonly profile: Profile;
  /** A config's vantages; one of its own machine is counted as if it were deployed. */
  readonly vantages: number;
  readonly lines: readonly BillLine[];
  readonly targets: readonly TargetBill[];
  readonly totalUsd: number;
  /** The total over the number of targets. */
  readonly perTargetUsd: number;
  /** Not in the total: many accounts have them free, and nothing depends on them. */
  readonly dashboards: { readonly count: number; readonly usd: number };
  readonly pricesDate: string;
  readonly pricesRegion: string;
}

/** What a config costs in a month in which all is well, by line and by target; no free tier counted. */
export function monthlyBill(config: VigilConfig, profile: Profile = config.profile): Bill {
  const scene = sceneOf({ ...config, profile });
  // What the config does not use at all is no line of its bill.
  const lines = LINE_NAMES.map((name) => billLine(name, scene)).filter(
    ({ quantity }) => quantity > 0,
  );
  const targets = targetBills(scene);
  const totalUsd = sum(lines.map(({ usd }) => usd));
  const count = dashboardNames(scene.config, (name) => `vigil-production-${name}`).length;
  return {
    profile,
    vantages: scene.vantages,
    lines,
    targets,
    totalUsd,
    perTargetUsd: totalUsd / targets.length,
    dashboards: { count, usd: count * PRICES.dashboard.usd },
    pricesDate: PRICES_DATE,
    pricesRegion: PRICES_REGION,
  };
}

function billLine(name: LineName, scene: Scene): BillLine {
  const line: Line = LINES[name];
  const { title, account, price } = line;
  const { usd: unitUsd, unit } = PRICES[price];
  const own = scene.config.targets.map((target) => line.own?.(target, scene) ?? 0);
  const quantity = (line.shared?.(scene) ?? 0) + sum(own);
  return { line: name, title, account, price, unitUsd, unit, quantity, usd: quantity * unitUsd };
}

function targetBills(scene: Scene): readonly TargetBill[] {
  const { targets } = scene.config;
  const lines: readonly Line[] = Object.values(LINES);
  const usdOf = ({ price }: Line, quantity = 0) => quantity * PRICES[price].usd;
  const sharedUsd = sum(lines.map((line) => usdOf(line, line.shared?.(scene)))) / targets.length;
  return targets.map((target) => {
    const ownUsd = sum(lines.map((line) => usdOf(line, line.own?.(target, scene))));
    return { target: target.name, ownUsd, sharedUsd, usd: ownUsd + sharedUsd };
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
