import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Deployed } from "./project.ts";

const { VIGIL_TEST_PYTHON: python = "python3", VIGIL_TEST_NODE: node = process.execPath } =
  process.env;

/** A deployed function, with the archive that would be uploaded for it. */
export interface Bundle {
  /** `ProbeEuWest1`. */
  readonly name: string;
  readonly fn: Deployed;
  readonly zip: string;
}

export function bundlesOf(state: readonly Deployed[]): readonly Bundle[] {
  return state
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map((fn) => {
      const name = fn.name.replace(/Function$/, "");
      const code = state.find((one) => one.name === `${name}Code` && isCodeOf(one, fn));
      if (code === undefined) throw new Error(`${fn.name} has no code of its own`);
      return { name, fn, zip: code.inputs.source.path };
    });
}

/** What the function names in S3 is what was put there. */
const isCodeOf = ({ inputs }: Deployed, fn: Deployed) =>
  inputs.bucket === fn.inputs.s3Bucket && inputs.key === fn.inputs.s3Key;

/** Node has no zip, and Python is there already. */
export function unzip(zip: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync(python, ["-m", "zipfile", "-e", zip, folder]);
}

/** Into an archive beside it, all that lies in a folder. */
export function zipUp(folder: string): string {
  const zip = `${folder}.zip`;
  execFileSync(python, ["-m", "zipfile", "-c", zip, ...readdirSync(folder)], { cwd: folder });
  return zip;
}

/** The mode bits of a file in an archive, which unzipping does not set. */
export function modeOf(zip: string, name: string): number {
  const script =
    "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).getinfo(sys.argv[2]).external_attr >> 16 & 0o777)";
  return Number(execFileSync(python, ["-c", script, zip, name], { encoding: "utf8" }));
}

const LOAD = `const [file, name] = process.argv.slice(1);
const loaded = await import(file);
process.stdout.write(process.versions.node.split(".")[0] + " " + typeof loaded[name]);
process.exit();`;

/** Loads a handler as Lambda would, in its folder and with its environment: `24 function`. */
export async function loadHandler(folder: string, { inputs, region }: Deployed): Promise<string> {
  const [file, name] = inputs.handler.split(".");
  const args = ["--input-type=module", "-e", LOAD, join(folder, `${file}.mjs`), name];
  const env = { ...inputs.environment.variables, AWS_REGION: region };
  const { stdout } = await promisify(execFile)(node, args, { cwd: folder, env });
  return stdout;
}
