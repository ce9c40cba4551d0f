import type { DoctorRule } from "../rule.ts";
import { ADAPTER_RULES } from "./adapter.ts";
import { CAPACITY_RULES } from "./capacity.ts";
import { FUNCTION_RULES } from "./function.ts";
import { STREAMING_RULES } from "./streaming.ts";
import { URL_RULES } from "./url.ts";

/** Every rule. Of several that can explain a failure the first one counts. */
export const DOCTOR_RULES = {
  ...URL_RULES,
  ...ADAPTER_RULES,
  ...STREAMING_RULES,
  ...FUNCTION_RULES,
  ...CAPACITY_RULES,
} as const satisfies Record<string, DoctorRule>;

export type RuleId = keyof typeof DOCTOR_RULES;
export const RULE_IDS = Object.keys(DOCTOR_RULES) as readonly RuleId[];
