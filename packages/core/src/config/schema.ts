import type * as z from "zod";
import { choice, flag, matching, number, someOf, strict, text } from "./leaf.ts";
import { MAX_SLO, MIN_SLO } from "./limits.ts";
import { region, vantage } from "./regions.ts";
import { defaultsSchema } from "./schema-limits.ts";
import { pagingSchema } from "./schema-paging.ts";
import { targetSchema } from "./schema-target.ts";
import { PROFILES } from "./types.ts";

const VANTAGES_FIX =
  'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].';
const TARGETS_FIX =
  'Write at least one server to watch, for example targets: [{ name: "orders", url: "https://…/mcp" }].';

/** What it can play is the demo server's own affair; it refuses to start with what it does not know. */
const fault = text({
  what: "the name of a fault",
  fix: 'Write what is to be broken, for example fault: "tools-empty", or leave it out.',
  problems: matching(/^[a-z][a-z-]{0,63}$/, "is not the name of a fault"),
});

const demo = strict(
  { region, fault: fault.optional() },
  'Write { region: "us-east-1" }, the region to deploy the demo server to, or leave demo out.',
);

const deployments = strict(
  {
    cloudtrail: flag(
      "Write deployments: { cloudtrail: true } where a trail of the account logs Lambda's management events; otherwise leave it out.",
    ).optional(),
  },
  "Write { cloudtrail: true }, or leave deployments out.",
);

const slo = number({
  what: "a percentage",
  min: MIN_SLO,
  max: MAX_SLO,
  fraction: true,
  fix: `Write the percentage of good runs to be kept, from ${MIN_SLO} to ${MAX_SLO}, for example slo: 99.9.`,
});

export const configSchema = strict(
  {
    vantages: someOf(vantage, { fix: VANTAGES_FIX, empty: "names no vantage" }).optional(),
    profile: choice("a profile", PROFILES).optional(),
    slo: slo.optional(),
    defaults: defaultsSchema.optional(),
    paging: pagingSchema.optional(),
    demo: demo.optional(),
    deployments: deployments.optional(),
    targets: someOf(targetSchema, { fix: TARGETS_FIX, empty: "names nothing to watch" }),
  },
  "Write export default defineConfig({ targets: [ … ] }).",
);

/** What an operator writes. */
export type VigilConfigInput = z.input<typeof configSchema>;
export type ConfigOutput = z.output<typeof configSchema>;
