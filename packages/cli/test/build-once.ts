import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Tests of the command run what is built; this keeps it from being stale. */
export function setup(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, "../build.mjs")], { stdio: "inherit" });
}
