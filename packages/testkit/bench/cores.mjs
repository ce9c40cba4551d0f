import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * The core that a pinned measure gets, and those that are left for its servers; null where there is
 * no `taskset`, or only one core.
 */
export function splitCores() {
  if (process.platform !== "linux" || spawnSync("taskset", ["--version"]).error) return null;
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/mu.exec(readFileSync("/proc/self/status", "utf8"));
  const [own, ...others] = list.split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return others.length === 0 ? null : { own: `${own}`, others: others.join(",") };
}
