import type { Found } from "../advice.ts";
import { fillLimits, type Limits } from "../defaults.ts";
import { isBroken } from "../salvage.ts";
import { confirmation } from "./confirmation.ts";
import type { ConfigRule, TargetRule } from "./rule.ts";
import { byDefault, type Read, read, type Scope, writtenValue } from "./scope.ts";

export const targetTiming: TargetRule = ({ target, config }) => {
  if (isBroken(config, "defaults")) return [];
  return timing({ own: target, base: config.defaults });
};

export const defaultsTiming: ConfigRule = ({ defaults }) =>
  timing({ own: defaults ?? {}, base: undefined }).map((found) => ({
    ...found,
    path: ["defaults", ...found.path],
  }));

function timing(scope: Scope): readonly Found[] {
  return [...runTooShort(scope), ...slowTooLong(scope), ...confirmation(scope)];
}

function runTooShort(scope: Scope): readonly Found[] {
  return notBelow({
    low: { key: "clientTimeoutMs", read: read(scope, "clientTimeoutMs") },
    high: { key: "runTimeoutMs", read: read(scope, "runTimeoutMs") },
  });
}

function slowTooLong(scope: Scope): readonly Found[] {
  const run = read(scope, "runTimeoutMs");
  if (run.kind === "broken") return [];
  const client = read(scope, "clientTimeoutMs");
  const usual = fillLimits({ runTimeoutMs: writtenValue(run) }).clientTimeoutMs;
  return notBelow({
    low: { key: "slowMs", read: read(scope, "slowMs") },
    high: { key: "clientTimeoutMs", read: client.kind === "unwritten" ? byDefault(usual) : client },
  });
}

interface Side {
  readonly key: keyof Limits;
  readonly read: Read<number>;
}

/** Two limits of which the first has to be the lower; told where the scope itself wrote one. */
function notBelow({ low, high }: { low: Side; high: Side }): readonly Found[] {
  const [less, more] = [low.read, high.read];
  if (less.kind !== "written" || more.kind !== "written") return [];
  if (less.value < more.value || !(less.own || more.own)) return [];
  const problem = less.own
    ? `is not below ${high.key} (${more.value}${more.from})`
    : `is not above ${low.key} (${less.value}${less.from})`;
  const fix = `Write ${low.key} below ${more.value}, or ${high.key} above ${less.value}.`;
  return [{ path: [less.own ? low.key : high.key], problem, fix }];
}
