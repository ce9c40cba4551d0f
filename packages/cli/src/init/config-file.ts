import { randomUUID } from "node:crypto";
import { lstatSync, statSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { findConfig } from "../load-config.ts";
import { bad, ok, type Result } from "../result.ts";

export const DEFAULT_OUT = "vigil.config.ts";
const MODULE = /\.m?[jt]s$/;

export interface ConfigPlace {
  readonly path: string;
  /** As the operator would write it, from the current folder. */
  readonly shownPath: string;
  /** The config that is there already, which writing replaces or hides; null when there is none. */
  readonly existing: string | null;
}

/** Where the config would be written; nothing is made. */
export function planConfigFile(cwd: string, out: string | undefined): Result<ConfigPlace> {
  const path = resolve(cwd, out ?? DEFAULT_OUT);
  const shownPath = relative(cwd, path) || path;
  if (!MODULE.test(path)) {
    return bad(`--out ${shownPath} is no module. Write a name such as ${DEFAULT_OUT}.`);
  }
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return bad(`There is no folder ${folder} to write ${basename(path)} into. Make it first.`);
  }
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory()) {
    return bad(`${shownPath} is a folder. --out wants the config file itself.`);
  }
  // Without --out, a config under another of the usual names would no longer be found.
  const usual = out === undefined ? findConfig(cwd, undefined) : ok(null);
  const other = usual.ok && usual.value !== null ? relative(cwd, usual.value) : null;
  return ok({ path, shownPath, existing: there === undefined ? other : shownPath });
}

/** Writes it whole or not at all; what has come to be there meanwhile stays. */
export async function writeConfigFile(
  { path, shownPath, existing }: ConfigPlace,
  text: string,
): Promise<Result<null>> {
  try {
    if (existing === shownPath) {
      await replace(path, text);
    } else {
      await writeFile(path, text, { flag: "wx" });
    }
    return ok(null);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const why = code === "EEXIST" ? "it has come to be there meanwhile" : code;
    return bad(`${shownPath} cannot be written: ${why}. Nothing was changed.`, error);
  }
}

async function replace(path: string, text: string): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}
