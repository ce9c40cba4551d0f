import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The emulators of AWS, on PyPI, by the version that the suite was written against. */
const PACKAGES = {
  moto: "moto[server,dynamodb,sqs,ssm,secretsmanager,cloudwatch,sts]==5.2.5",
  ministack: "ministack==1.5.33",
};

/**
 * Installs an emulator unless it is there; returns the Python to run it with. Each has an
 * environment of its own, since they ask for different versions of the same library.
 */
export async function install(name, cache) {
  const venv = join(cache, name);
  const python = join(venv, "bin/python");
  const wanted = PACKAGES[name];
  // Written last, so that a half-made one, or one of another version, is made anew.
  const marker = join(venv, "ready");
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return python;
  process.stderr.write(`test:aws: installing ${wanted}, once, which takes a minute or two\n`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(venv, { recursive: true });
  if (!(await succeeds("python3", ["-m", "venv", venv]))) {
    throw new Error(
      "python3 with venv is needed, 3.10 or newer (on Debian and Ubuntu: apt install python3-venv)",
    );
  }
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted];
  if (!(await succeeds(python, pip))) {
    const index = "PyPI, or the index that PIP_INDEX_URL names, must be reachable";
    throw new Error(`${wanted} cannot be installed, for the reason above: ${index}`);
  }
  writeFileSync(marker, wanted);
  process.stderr.write(`test:aws: installed ${wanted}\n`);
  return python;
}

async function succeeds(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  const [code] = await once(child, "exit").catch(() => [1]);
  return code === 0;
}
