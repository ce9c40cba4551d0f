import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FAILURE_MODES, FAILURE_MODES_PATH, failureModesMarkdown, PRECEDENCE } from "@vigil/core";

/** `docs.js` writes the generated pages; `docs.js --check` only says whether they are fresh. */
function main(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== "--check");
  if (unknown !== undefined)
    return complain(`unknown argument ${unknown}: use --check or nothing`, 2);
  const root = repositoryRoot();
  if (root === null)
    return complain("not inside the vigil repository: run `npm run docs` there", 2);
  const path = join(root, FAILURE_MODES_PATH);
  const text = failureModesMarkdown({ modes: FAILURE_MODES, precedence: PRECEDENCE });
  if (existsSync(path) && readFileSync(path, "utf8") === text) return 0;
  if (args.includes("--check")) {
    return complain(`${FAILURE_MODES_PATH} is stale: run \`npm run docs\` and commit it`, 1);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(`wrote ${FAILURE_MODES_PATH}\n`);
  return 0;
}

/** The nearest folder above this file whose package.json is the repository's own. */
function repositoryRoot(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!isRoot(folder)) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  return folder;
}

function isRoot(folder: string): boolean {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return false;
  const read: unknown = JSON.parse(readFileSync(manifest, "utf8"));
  return typeof read === "object" && read !== null && "name" in read && read.name === "vigil";
}

function complain(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`);
  return exitCode;
}

process.exitCode = main(process.argv.slice(2));
