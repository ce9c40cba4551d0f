import { parseConfig, shardTargets } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { SMALL, THOUSAND } from "./configs.ts";
import { deploy } from "./deploy.ts";

/** Over a thousand alarms are made one by one, as in a real deployment. */
const PATIENCE_MS = 180_000;

describe("shards", () => {
  it.each([
    ["1 target", SMALL],
    ["1,000 targets", THOUSAND],
  ])(
    "%s: a tick for each shard, and an alarm for each target",
    async (_, config) => {
      const parsed = parseConfig(config);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
      const { resources } = await deploy(config);
      const ticks = resources.filter(
        ({ type, name }) =>
          type === "aws:scheduler/schedule:Schedule" && name.startsWith("ProbeEuWest1"),
      );
      const shards = ticks.map(({ inputs }) => JSON.parse(inputs.target.input).shard);
      const { targets } = parsed.config;
      expect(shards.sort((a, b) => a - b)).toEqual([...shardTargets(targets).keys()]);
      const down = resources.filter(({ name }) => /^Alarm-.*-down$/.test(name));
      expect(down).toHaveLength(targets.length);
    },
    PATIENCE_MS,
  );
});
