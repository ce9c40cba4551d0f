import { probeFleet, targetsOf } from "./fleet.ts";
import type { Figures, MeasureOptions } from "./measure.ts";
import { startServer } from "./servers.ts";

const REQUEST_MS = 200;

/** 1,000 targets due at once, four requests each, all of them slow. */
export async function measure(options: MeasureOptions): Promise<Figures> {
  const delayMs = options.smoke ? 20 : REQUEST_MS;
  const server = await startServer("slow-server.mjs", options, {
    fromMs: delayMs,
    toMs: delayMs,
    notifications: true,
  });
  try {
    const targets = targetsOf(server.port, options.smoke ? 3 : 1_000);
    const { seconds, peak } = await probeFleet("fanout", targets);
    const cpu = process.cpuUsage();
    return {
      fanout: {
        targets: targets.length,
        seconds,
        rssMb: process.resourceUsage().maxRSS / 1_024,
        atOncePeak: peak,
        cpuSeconds: (cpu.user + cpu.system) / 1_000_000,
      },
    };
  } finally {
    server.stop();
  }
}
