import {
  DEFAULTS,
  monthlyBill,
  PROFILES,
  type Profile,
  resolvePaging,
  type VigilConfig,
} from "@vigil/core";
import { complain } from "../complain.ts";
import { type Bills, costJson, costText } from "../cost-text.ts";
import { demoServerAlone } from "../demo-target.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { CostFlags } from "../flags.ts";
import type { Io } from "../io.ts";
import { createPalette } from "../palette.ts";
import { ok, type Result } from "../result.ts";
import { configuredTargets } from "../targets.ts";

/** Shows what the config costs in a month, in either profile; the demo's without a config. */
export async function runCost(flags: CostFlags, { io }: { readonly io: Io }): Promise<ExitCode> {
  const found = await readConfig(flags, io.cwd);
  if (!found.ok) {
    return complain(found.complaint, io);
  }
  const { source, config } = found.value;
  const subject = { source, profile: config.profile, bills: billsOf(config) };
  io.out(
    flags.json === true
      ? `${JSON.stringify(costJson(subject))}\n`
      : costText(subject, createPalette(io.outColour)),
  );
  return EXIT.up;
}

function billsOf(config: VigilConfig): Bills {
  const entries = PROFILES.map((profile) => [profile, monthlyBill(config, profile)]);
  return Object.fromEntries(entries) as Record<Profile, Bills[Profile]>;
}

interface Found {
  readonly source: string;
  readonly config: VigilConfig;
}

async function readConfig({ config: named }: CostFlags, cwd: string): Promise<Result<Found>> {
  const configured = await configuredTargets(cwd, named);
  if (!configured.ok) {
    return configured;
  }
  return ok(
    configured.value === null
      ? { source: "the demo server, for there is no config here", config: demoConfig() }
      : { source: configured.value.shownPath, config: configured.value.config },
  );
}

/** What a deployed config with the demo's target alone would say. */
function demoConfig(): VigilConfig {
  return {
    vantages: ["local"],
    profile: "standard",
    slo: DEFAULTS.slo,
    paging: resolvePaging({}),
    demo: null,
    deployments: { cloudtrail: false },
    targets: [demoServerAlone()],
  };
}
