import { fillConfirm, fillLimits } from "./defaults.ts";
import { resolveTarget, type TargetResult } from "./parse.ts";
import type { Target } from "./types.ts";

/**
 * A target whose client waits longer, or less long, for one answer. With more patience the run and
 * its confirmation get the time that they would have had by default, so that a repeat still fits;
 * what the rules of a config find wrong with that is found here too.
 */
export function withClientTimeout(target: Target, clientTimeoutMs: number): TargetResult {
  const { name, url, confirm } = target;
  const slowMs = Math.min(target.slowMs, clientTimeoutMs - 1);
  const shorter = { ...target, clientTimeoutMs, slowMs };
  if (clientTimeoutMs <= target.clientTimeoutMs) return { ok: true, target: shorter };
  const { delaysMs } = confirm;
  const runTimeoutMs = Math.max(target.runTimeoutMs, fillLimits({ clientTimeoutMs }).runTimeoutMs);
  const filled = fillConfirm({ delaysMs }, { runTimeoutMs }).withinMs;
  const withinMs = Math.max(confirm.withinMs, filled);
  const judged = resolveTarget({
    name,
    url,
    clientTimeoutMs,
    runTimeoutMs,
    // What is not the operator's own number is not held against him.
    confirm: { delaysMs, ...(withinMs > filled && { withinMs }) },
  });
  if (!judged.ok) return judged;
  return { ok: true, target: { ...shorter, runTimeoutMs, confirm: { delaysMs, withinMs } } };
}
