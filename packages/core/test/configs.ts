import { parseConfig, type VigilConfig, type VigilConfigInput } from "../src/config/index.ts";

type TargetInput = VigilConfigInput["targets"][number];

/** A sound config; throws on any other. */
export function configOf(input: VigilConfigInput): VigilConfig {
  const parsed = parseConfig(input);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return parsed.config;
}

/** `t0`, `t1`, …, all alike. */
export function targetsOf(count: number, rest: Partial<TargetInput> = {}): TargetInput[] {
  return Array.from({ length: count }, (_, n) => ({
    name: `t${n}`,
    url: `https://t${n}.example.com/mcp`,
    ...rest,
  }));
}
