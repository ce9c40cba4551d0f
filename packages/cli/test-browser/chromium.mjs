import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** Where a browser is; Debian's is installed when there is none and this user may do so. */
export function findChromium() {
  const found = onPath();
  if (found !== null) return found;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    process.stderr.write("test:browser: installing Debian's Chromium\n");
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core");
  }
  const installed = onPath();
  if (installed !== null) return installed;
  throw new Error(
    "there is no Chromium, and this user may not install one. Run apt-get install chromium as root, or name a browser in CHROMIUM_PATH.",
  );
}

function onPath() {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which is not there.`);
    return named;
  }
  const folders = (process.env.PATH ?? "").split(delimiter);
  const all = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return all.find((path) => existsSync(path)) ?? null;
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env });
}
