import type { History, PagerDeps } from "@vigil/aws";
import type { Target, TargetState, VigilConfig } from "@vigil/core";

export interface ShardStatesOptions {
  readonly config: Pick<VigilConfig, "vantages">;
  readonly shards: readonly (readonly Target[])[];
  readonly historyOf: (shard: number) => Pick<History, "getState" | "states">;
}

/** The states that all vantages keep, each target's in its own shard; of former vantages none. */
export function shardStates({
  config,
  shards,
  historyOf,
}: ShardStatesOptions): Pick<PagerDeps, "statesOf" | "allStates"> {
  const shardOf = new Map(
    shards.flatMap((targets, shard) => targets.map(({ name }) => [name, shard])),
  );
  const histories = shards.map((_, shard) => historyOf(shard));
  return {
    async statesOf(name) {
      const history = histories[shardOf.get(name) ?? 0];
      const states = await Promise.all(
        config.vantages.map((vantage) => history?.getState(name, vantage) ?? null),
      );
      return states.filter((state): state is TargetState => state !== null);
    },
    async allStates() {
      const all = await Promise.all(histories.map((history) => history.states()));
      return all.flat().filter(({ vantage }) => config.vantages.includes(vantage));
    },
  };
}
