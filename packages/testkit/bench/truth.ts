import type { RunRecord } from "@vigil/core";
import { probeFleet, targetsOf } from "./fleet.ts";
import { type Figures, type MeasureOptions, median, percentile } from "./measure.ts";
import { startServer } from "./servers.ts";

/** What the server wrote down of one request. */
interface Taken {
  readonly path: string;
  readonly method: string;
  readonly ms: number;
}

/** A step as it was reported, and as it was. */
interface Compared {
  readonly step: string;
  readonly reportedMs: number;
  readonly trueMs: number;
}

const STEP_OF: Readonly<Record<string, string>> = {
  initialize: "negotiate",
  "notifications/initialized": "negotiate",
  "tools/list": "listTools",
  "tools/call": "callTool",
};
const STEPS_OF_A_RUN = new Set(Object.values(STEP_OF)).size;

/** Reported step times against the server's own, 200 targets due at once, the first use of all. */
export async function measure(options: MeasureOptions): Promise<Figures> {
  const server = await startServer("slow-server.mjs", options, {
    fromMs: 20,
    toMs: options.smoke ? 60 : 500,
    notifications: false,
  });
  try {
    const targets = targetsOf(server.port, options.smoke ? 3 : 200);
    const fleet = await probeFleet("truth", targets);
    const compared = compare(fleet.records, await server.ask<readonly Taken[]>());
    const errors = compared.map(errorOf);
    return {
      truthErrorP95: percentile(errors, 0.95),
      truth: {
        errorP50: percentile(errors, 0.5),
        errorMax: Math.max(...errors),
        medianExcessMs: median(compared.map(({ reportedMs, trueMs }) => reportedMs - trueMs)),
        targets: targets.length,
        steps: compared.length,
        atOncePeak: fleet.peak,
        seconds: fleet.seconds,
      },
    };
  } finally {
    server.stop();
  }
}

function errorOf({ reportedMs, trueMs }: Compared): number {
  return Math.abs(reportedMs - trueMs) / trueMs;
}

function compare(records: readonly RunRecord[], taken: readonly Taken[]): readonly Compared[] {
  const trueMs = new Map<string, number>();
  for (const { path, method, ms } of taken) {
    const key = `${path} ${STEP_OF[method]}`;
    trueMs.set(key, (trueMs.get(key) ?? 0) + ms);
  }
  const compared = records.flatMap(({ target, steps }) =>
    steps.flatMap(({ step, durationMs }) => {
      const server = trueMs.get(`/${target} ${step}`);
      return server === undefined || durationMs === null
        ? []
        : [{ step, reportedMs: durationMs, trueMs: server }];
    }),
  );
  if (compared.length !== records.length * STEPS_OF_A_RUN) {
    throw new Error(`${compared.length} steps of ${records.length} runs could be compared`);
  }
  return compared;
}
