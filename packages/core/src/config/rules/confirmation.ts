import { MIN_REPEAT_MS } from "../../next-attempt.ts";
import type { Found } from "../advice.ts";
import { type Confirm, fillConfirm, fillLimits, type Limits, sum } from "../defaults.ts";
import { MAX_RUN_TIMEOUT_MS } from "../limits.ts";
import { BY_DEFAULT, type Read, read, type Scope, writtenLimits, writtenValue } from "./scope.ts";

/** A failure that leaves no time to repeat it is never confirmed, and so pages nobody. */
export function confirmation(scope: Scope): readonly Found[] {
  const waits = readWaits(scope);
  const own = waits.kind === "written" && waits.own ? unsorted(waits.value) : [];
  const situation = situate(scope, waits);
  return situation === null ? own : [...own, ...waitsTooLong(situation), ...noTime(situation)];
}

interface Situation extends Confirm, Limits {
  readonly delays: Read<readonly number[]>;
  readonly within: Read<number>;
  readonly client: Read<number>;
}

/** Everything that counts, defaults filled in; null when some of it is ill-formed. */
function situate(scope: Scope, delays: Read<readonly number[]>): Situation | null {
  const confirm = readConfirm(scope);
  const limits = writtenLimits(scope);
  if (confirm === null || limits === null || delays.kind === "broken") return null;
  const within = read(confirm, "withinMs");
  if (within.kind === "broken") return null;
  const filled = fillLimits(limits);
  const written = { delaysMs: writtenValue(delays), withinMs: writtenValue(within) };
  const client = read(scope, "clientTimeoutMs");
  return { ...filled, ...fillConfirm(written, filled), delays, within, client };
}

function readConfirm(scope: Scope) {
  const own = read({ own: scope.own, base: undefined }, "confirm");
  const base = read({ own: scope.base, base: undefined }, "confirm");
  if (own.kind === "broken" || base.kind === "broken") return null;
  return { own: writtenValue(own), base: writtenValue(base) };
}

function readWaits(scope: Scope): Read<readonly number[]> {
  const confirm = readConfirm(scope);
  if (confirm === null) return { kind: "broken" };
  const delays = read(confirm, "delaysMs");
  if (delays.kind !== "written") return delays;
  const value = delays.value.filter((wait) => wait !== undefined);
  return value.length < delays.value.length ? { kind: "broken" } : { ...delays, value };
}

function unsorted(waits: readonly number[]): readonly Found[] {
  const sorted = [...waits].sort((a, b) => a - b);
  if (waits.every((wait, index) => wait === sorted[index])) return [];
  return [
    {
      path: ["confirm", "delaysMs"],
      problem: "has a longer wait before a shorter one",
      fix: `Write delaysMs: [${sorted.join(", ")}]: each repeat waits at least as long as the one before.`,
    },
  ];
}

function waitsTooLong({ delays, within, withinMs }: Situation): readonly Found[] {
  if (delays.kind !== "written" || !(delays.own || isOwn(within))) return [];
  const total = sum(delays.value);
  if (total < withinMs) return [];
  const problem = delays.own
    ? `waits ${total} ms in all, which is not below withinMs (${withinMs}${origin(within)})`
    : `is not above the waits of delaysMs (${total} ms in all${delays.from})`;
  const longer = total < MAX_RUN_TIMEOUT_MS ? `, or withinMs above ${total}` : "";
  const path = ["confirm", delays.own ? "delaysMs" : "withinMs"];
  return [{ path, problem, fix: `Write shorter waits${longer}.` }];
}

function noTime(situation: Situation): readonly Found[] {
  const { within, withinMs, client, clientTimeoutMs, delaysMs } = situation;
  const repeatMs = Math.min(MIN_REPEAT_MS, clientTimeoutMs);
  const neededMs = clientTimeoutMs + repeatMs;
  if (delaysMs.length === 0 || neededMs <= withinMs || !(isOwn(within) || isOwn(client))) return [];
  const longer = neededMs <= MAX_RUN_TIMEOUT_MS ? `a withinMs of ${neededMs} or more, ` : "";
  const fix = `Write ${longer}a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.`;
  const problem = isOwn(within)
    ? `leaves no time for a repeat after a time-out at clientTimeoutMs (${clientTimeoutMs}${origin(client)})`
    : `leaves no time for a repeat within confirm.withinMs (${withinMs}${origin(within)})`;
  return [{ path: isOwn(within) ? ["confirm", "withinMs"] : ["clientTimeoutMs"], problem, fix }];
}

function isOwn(found: Read<unknown>): boolean {
  return found.kind === "written" && found.own;
}

function origin(found: Read<unknown>): string {
  return found.kind === "written" ? found.from : BY_DEFAULT;
}
