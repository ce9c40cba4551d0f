import { alarmSpecs } from "../../src/alarms/index.ts";
import type { VigilConfig, VigilConfigInput } from "../../src/config/index.ts";
import { type Dashboard, dashboards } from "../../src/dashboard/index.ts";
import { configOf } from "../configs.ts";

export const HOME = "eu-west-1";
export const WIDGET_ARN = `arn:aws:lambda:${HOME}:123456789012:function:vigil-test-Widget`;

/** As CloudWatch makes them of the alarms of a stage. */
export function arnsOf(config: VigilConfig, stage = "test"): Readonly<Record<string, string>> {
  return Object.fromEntries(
    alarmSpecs(config).map(({ name, region }) => [
      name,
      `arn:aws:cloudwatch:${region}:123456789012:alarm:vigil-${stage}-${name}`,
    ]),
  );
}

export function drawn(input: VigilConfigInput, stage = "test"): readonly Dashboard[] {
  const config = configOf(input);
  return dashboards(config, {
    alarmArns: arnsOf(config, stage),
    widgetArn: WIDGET_ARN,
    nameOf: (name) => `vigil-${stage}-${name}`,
  });
}
