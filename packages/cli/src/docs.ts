import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ALERTING_PATH,
  alertingMarkdown,
  CONFIG_PATH,
  COST_PATH,
  configMarkdown,
  costMarkdown,
  DOCTOR_PATH,
  DOCTOR_RULES,
  doctorMarkdown,
  FAILURE_MODES,
  FAILURE_MODES_PATH,
  failureModesMarkdown,
  PRECEDENCE,
} from "@vigil/core";
import { METRICS_PATH, metricsMarkdown } from "./metrics-page.ts";

/** Every page that is made from code, by its path. */
const PAGES: readonly (readonly [path: string, markdown: () => string])[] = [
  [
    FAILURE_MODES_PATH,
    () => failureModesMarkdown({ modes: FAILURE_MODES, precedence: PRECEDENCE }),
  ],
  [CONFIG_PATH, configMarkdown],
  [COST_PATH, costMarkdown],
  [DOCTOR_PATH, () => doctorMarkdown(DOCTOR_RULES)],
  [ALERTING_PATH, alertingMarkdown],
  [METRICS_PATH, metricsMarkdown],
];

/** `docs.js` writes the generated pages; `docs.js --check` only says whether they are fresh. */
function main(args: readonly string[]): number {
  const unknown = args.find((arg) => arg !== "--check");
  if (unknown !== undefined)
    return complain(`unknown argument ${unknown}: use --check or nothing`, 2);
  const root = repositoryRoot();
  if (root === null)
    return complain("not inside the vigil repository: run `npm run docs` there", 2);
  const stale = PAGES.map(([path, markdown]) => ({ path, text: markdown() })).filter(
    ({ path, text }) => !isFresh(join(root, path), text),
  );
  if (stale.length > 0 && args.includes("--check")) {
    const paths = stale.map(({ path }) => path).join(" and ");
    return complain(`stale: ${paths}. Run \`npm run docs\` and commit what it writes`, 1);
  }
  for (const { path, text } of stale) write(root, { path, text });
  return 0;
}

function isFresh(file: string, text: string): boolean {
  return existsSync(file) && readFileSync(file, "utf8") === text;
}

function write(root: string, { path, text }: { readonly path: string; readonly text: string }) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  process.stdout.write(`wrote ${path}\n`);
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
