import { readFileSync } from "node:fs";

/** The built probe function, as Lambda would run it. Arguments: its module, the event, its time. */
const [module, event, timeoutMs] = process.argv.slice(2);
const { handler } = await import(module);
const startedAt = performance.now();
const endsAt = startedAt + Number(timeoutMs);
const outcome = await handler(JSON.parse(event), {
  getRemainingTimeInMillis: () => endsAt - performance.now(),
});
const rssMb = highestRssKb() / 1_024;
process.send(
  {
    outcome,
    rssMb,
    seconds: (performance.now() - startedAt) / 1_000,
  },
  () => process.exit(),
);

/** Of this process alone where the system tells: Node's figure has its parent's at the fork in it. */
function highestRssKb() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const [, kb] = /^VmHWM:\s*(\d+) kB$/mu.exec(readFileSync("/proc/self/status", "utf8"));
  return Number(kb);
}
