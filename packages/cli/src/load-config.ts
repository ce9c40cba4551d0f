import { existsSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { EXIT } from "./exit-codes.ts";
import { bad, ok, type Result } from "./result.ts";

const DEFAULT_NAMES = [
  "vigil.config.ts",
  "vigil.config.mts",
  "vigil.config.js",
  "vigil.config.mjs",
];

export interface LoadedModule {
  /** As the operator would write it, from the current folder. */
  readonly shownPath: string;
  readonly value: unknown;
}

/** The config file to read, or null when none was named and none of the usual ones is there. */
export function findConfig(cwd: string, named: string | undefined): Result<string | null> {
  if (named === undefined) {
    const usual = DEFAULT_NAMES.map((name) => resolve(cwd, name));
    return ok(usual.find((path) => existsSync(path)) ?? null);
  }
  const path = resolve(cwd, named);
  if (!existsSync(path)) {
    return bad(`There is no config at ${path}. Check --config, or create the file.`);
  }
  return statSync(path).isFile()
    ? ok(path)
    : bad(
        `${path} is not a file. --config wants the config file itself: ${named}/vigil.config.ts?`,
      );
}

/** Runs the operator's file and takes its default export, unchecked. */
export async function loadModule(cwd: string, path: string): Promise<Result<LoadedModule>> {
  const shownPath = relative(cwd, path) || path;
  const jiti = createJiti(import.meta.url, {
    alias: { "@vigil/core": corePath() },
    fsCache: false,
    moduleCache: false,
  });
  const unguard = guardExit(shownPath);
  try {
    const loaded = await inTime(jiti.import<Record<string, unknown>>(path));
    return "default" in loaded
      ? ok({ shownPath, value: loaded["default"] })
      : bad(
          `${shownPath} has no default export. Write: export default defineConfig({ targets: [ … ] });`,
        );
  } catch (error) {
    return bad(`${shownPath} cannot be loaded: ${briefly(error, { path, shownPath })}`, error);
  } finally {
    unguard();
  }
}

const LOAD_WITHIN_MS = 10_000;

/** A config that waits for something that never comes must not keep the command, or end it unheard. */
function inTime<T>(loading: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(`it has not finished loading after ${LOAD_WITHIN_MS / 1_000} s`);
    const timer = setTimeout(() => reject(late), LOAD_WITHIN_MS);
    loading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A config that ends the process would otherwise choose the exit code, and 0 reads as "up". */
function guardExit(shownPath: string): () => void {
  const onExit = () => {
    process.stderr.write(`vigil: ${shownPath} ended the process while it was loaded.\n`);
    process.exitCode = EXIT.usage;
  };
  process.once("exit", onExit);
  return () => process.off("exit", onExit);
}

/** The built core lies beside the bundle; from source the workspace has it. */
function corePath(): string {
  const beside = fileURLToPath(new URL("./core.js", import.meta.url));
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve("@vigil/core");
}

interface Place {
  readonly path: string;
  readonly shownPath: string;
}

/** In one line; without the stack, whose lines are those of compiled code, or who required whom. */
function briefly(error: unknown, { path, shownPath }: Place): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const [message = ""] = error.message.split("\nRequire stack:");
  const text = error.name === "Error" ? message : `${error.name}: ${message}`;
  return text.replaceAll(path, shownPath).replace(/\s+/gu, " ").trim();
}
