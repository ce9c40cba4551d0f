import { DEFAULTS } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { WatchFlags } from "../flags.ts";
import { listenForStop, type StopRequests } from "../signals.ts";
import { openStatusPage } from "../status/status-page.ts";
import { type OwnStore, openStore } from "../store.ts";
import { type Configured, configuredTargets } from "../targets.ts";
import { planWatch } from "../watch-plan.ts";
import { type Prepared, type WatchContext, watch } from "../watching.ts";

/** Probes again and again until it is told to stop. */
export async function runWatch(flags: WatchFlags, context: WatchContext): Promise<ExitCode> {
  const { io } = context;
  // Everything that can be wrong with the config is told before anything is made or started.
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) {
    return complain(configured.complaint, io);
  }
  const stop = listenForStop(process, systemClock);
  io.onReaderGone(stop.request);
  try {
    // The folder's lock comes next: a second watch must not get as far as a second demo server.
    const store = await openStore({ cwd: io.cwd, data: flags.data, clock: systemClock });
    if (!store.ok) {
      return complain(store.complaint, io);
    }
    const wanted = { flags, stop, configured: configured.value };
    const code = await watchInto(store.value, wanted, context);
    // All is closed; a run that was left unfinished must not hold who has pressed Ctrl-C.
    io.leave(code);
    return code;
  } finally {
    stop.dispose();
  }
}

interface Wanted {
  readonly flags: WatchFlags;
  readonly stop: StopRequests;
  readonly configured: Configured | null;
}

async function watchInto(
  store: OwnStore,
  { flags, stop, configured }: Wanted,
  context: WatchContext,
): Promise<ExitCode> {
  try {
    const plan = await planWatch(flags, configured);
    if (!plan.ok) {
      return complain(plan.complaint, context.io);
    }
    try {
      return await watchWithPage({ flags, configured, plan: plan.value, store, stop }, context);
    } finally {
      await plan.value.demo?.stop();
    }
  } finally {
    await store.close();
  }
}

async function watchWithPage(given: Prepared, context: WatchContext): Promise<ExitCode> {
  const { flags, plan, store, configured } = given;
  const page = await openStatusPage({
    ...plan,
    history: store.history,
    clock: systemClock,
    version: context.version,
    objective: configured?.slo ?? DEFAULTS.slo,
    host: flags.host,
    port: flags.port,
  });
  if (!page.ok) {
    return complain(page.complaint, context.io);
  }
  try {
    return await watch({ ...given, page: page.value }, context);
  } finally {
    await page.value.close();
  }
}
