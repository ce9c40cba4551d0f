import type { Found } from "../advice.ts";
import type { SalvagedConfig } from "../salvage.ts";
import { CONFIG_RULES } from "./config-rules.ts";
import { challengeIsForStrangers, oneHeaderOnce, signatureHasScope } from "./credentials.ts";
import {
  corsIsForOthers,
  getStreamOfEra,
  noToolsMeansNone,
  sentinelsOnce,
  spreadFitsClient,
  toolsOnce,
  versionOfEra,
} from "./expectations.ts";
import { functionHasRegion, logGroupIsRead, notItsOwnVantage, regionOfUrl } from "./regions.ts";
import type { TargetRule } from "./rule.ts";
import { expectationsCanBeMet } from "./sentinels.ts";
import { defaultsTiming, targetTiming } from "./timing.ts";

const TARGET_RULES: readonly TargetRule[] = [
  regionOfUrl,
  notItsOwnVantage,
  functionHasRegion,
  logGroupIsRead,
  oneHeaderOnce,
  signatureHasScope,
  challengeIsForStrangers,
  targetTiming,
  toolsOnce,
  noToolsMeansNone,
  versionOfEra,
  getStreamOfEra,
  corsIsForOthers,
  sentinelsOnce,
  expectationsCanBeMet,
  spreadFitsClient,
];

/** What no single place shows: mistakes between keys, among whatever is well-formed. */
export function crossFindings(config: SalvagedConfig): readonly Found[] {
  const whole = [...CONFIG_RULES, defaultsTiming].flatMap((rule) => rule(config));
  const each = (config.targets ?? []).flatMap((target, index) => {
    if (target === undefined) return [];
    const found = TARGET_RULES.flatMap((rule) => rule({ target, config }));
    return found.map((one) => ({ ...one, path: ["targets", index, ...one.path] }));
  });
  return [...whole, ...each];
}
