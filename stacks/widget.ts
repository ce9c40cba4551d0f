import { capacity } from "@vigil/core";
import { createFunction } from "./function.ts";
import { mayQueryHistory } from "./permissions.ts";
import { functionCommons, type ProbeOptions } from "./probes.ts";

/** Many targets over a long range; the console waits, and whoever looks. */
const TIMEOUT_SECONDS = 15;

/**
 * At home, what draws history onto the dashboard. Nothing here may call it: the console does, with the
 * permissions of whoever looks.
 */
export function openWidget(options: ProbeOptions): sst.aws.Function {
  const { home } = options.regions;
  const spill = options.storage.spills.get(home.name);
  if (spill === undefined) throw new Error("home has no queue");
  return createFunction(home, {
    thing: "Widget",
    handler: "packages/functions/src/widget.handler",
    description: "Draws targets, deployments and gap windows onto the dashboard",
    memoryMb: capacity.WIDGET_MEMORY_MB,
    timeoutSeconds: TIMEOUT_SECONDS,
    permissions: [mayQueryHistory(options.storage.table)],
    ...functionCommons(options, spill),
  });
}
