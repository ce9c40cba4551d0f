import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { History } from "@vigil/aws";
import { DEFAULTS, type Target } from "@vigil/core";
import {
  overviewPage,
  type PageModel,
  type Place as PagePlace,
  STYLE,
  targetPage,
} from "@vigil/page";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { ReportFlags } from "../flags.ts";
import { type ReadContext, withHistory } from "../read-history.ts";
import { bad, ok, type Result } from "../result.ts";
import { statusJson } from "../status/status-json.ts";
import { createTargetData, type TargetData, type TargetFacts } from "../status/target-data.ts";
import { readDetail } from "../status/target-detail.ts";
import { type Configured, configuredTargets } from "../targets.ts";
import { count } from "../text.ts";

const MINUTE_MS = 60_000;
/** By this file a folder is known to hold a report, which the next one may write over. */
const STATUS_FILE = "status.json";

export interface ReportContext {
  readonly io: ReadContext["io"];
  readonly clock?: ReadContext["clock"];
  readonly version: string;
}

/** Writes the status page into a folder, as it is now. */
export async function runReport(
  flags: ReportFlags,
  { io, clock = systemClock, version }: ReportContext,
): Promise<ExitCode> {
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) {
    return complain(configured.complaint, io);
  }
  const out = resolve(io.cwd, flags.out);
  const room = await roomIn(out);
  if (!room.ok) {
    return complain(room.complaint, io);
  }
  return withHistory(flags, { io, clock }, async ({ history, ifEmpty }) => {
    const names = await history.targets();
    if (names.length === 0) {
      return bad(`There is nothing to report. ${ifEmpty}`);
    }
    const now = clock.now();
    const data = await readAll(history, { names, configured: configured.value, now });
    const model: PageModel = {
      now,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      version,
      troubles: [],
      loading: false,
      targets: data.map((one) => one.model(now)),
    };
    const objective = configured.value?.slo ?? DEFAULTS.slo;
    const written = await writeAll(out, await filesOf(model, { history, objective }));
    if (written.ok) {
      io.out(`${count(names.length, "target")} written to ${join(out, "index.html")}\n`);
    }
    return written;
  });
}

/** An empty folder, one that is not there yet, or one that a report was written into. */
async function roomIn(out: string): Promise<Result<null>> {
  try {
    const files = await readdir(out);
    return files.length === 0 || files.includes(STATUS_FILE)
      ? ok(null)
      : bad(`${out} holds other files. Name an empty folder, or a new one, with --out.`);
  } catch (error) {
    return codeOf(error) === "ENOENT" ? ok(null) : bad(cannotWrite(out, error), error);
  }
}

interface Wanted {
  readonly names: readonly string[];
  readonly configured: Configured | null;
  readonly now: number;
}

async function readAll(
  history: History,
  { names, configured, now }: Wanted,
): Promise<readonly TargetData[]> {
  const states = await history.states();
  const all: TargetData[] = [];
  for (const name of names) {
    const target = configured?.targets.find((one) => one.name === name) ?? null;
    const everyMs = await intervalOf(history, name);
    const data = createTargetData(factsOf(name, target, everyMs), history);
    await data.load(now);
    states.filter((state) => state.target === name).forEach(data.saw);
    all.push(data);
  }
  return all;
}

/** What is known of a target that may no longer be in the config. */
function factsOf(name: string, target: Target | null, everyMs: number): TargetFacts {
  const url = target === null ? null : new URL(target.url);
  return {
    name,
    // A query may hold a key.
    url: url === null ? null : `${url.origin}${url.pathname}`,
    owner: target?.owner ?? null,
    tags: target?.tags ?? [],
    runbook: target?.runbook ?? null,
    everyMs,
  };
}

/** How often it was run lately: what tells a stale state from one of today. */
async function intervalOf(history: History, target: string): Promise<number> {
  for await (const { coveredMs, seen } of history.rollups(target, { limit: 1 })) {
    return coveredMs / Math.max(1, seen.length);
  }
  return MINUTE_MS;
}

interface File {
  readonly path: string;
  readonly text: string;
}

async function filesOf(
  model: PageModel,
  { history, objective }: { readonly history: History; readonly objective: number },
): Promise<readonly File[]> {
  const files: File[] = [
    { path: "index.html", text: overviewPage(model, placeIn(".")) },
    { path: "style.css", text: STYLE },
    { path: STATUS_FILE, text: `${JSON.stringify(statusJson(model), null, 2)}\n` },
  ];
  for (const target of model.targets) {
    const question = { target: target.name, objective, now: model.now };
    const detail = await readDetail(history, question);
    const text = targetPage({ model, target, detail, place: placeIn("..") });
    files.push({ path: join("targets", fileOf(target.name)), text });
  }
  return files;
}

function placeIn(root: string): PagePlace {
  return {
    styleHref: `${root}/style.css`,
    scriptSrc: null,
    overviewHref: `${root}/index.html`,
    targetHref: (name) => `${root}/targets/${encodeURIComponent(fileOf(name))}`,
  };
}

/** A name that an older config allowed must lead to no other folder. */
function fileOf(name: string): string {
  return `${encodeURIComponent(name)}.html`;
}

async function writeAll(out: string, files: readonly File[]): Promise<Result<ExitCode>> {
  try {
    for (const { path, text } of files) {
      await mkdir(dirname(join(out, path)), { recursive: true });
      await writeFile(join(out, path), text);
    }
    return ok(EXIT.up);
  } catch (error) {
    return bad(cannotWrite(out, error), error);
  }
}

function cannotWrite(out: string, error: unknown): string {
  return `The report cannot be written to ${out} (${codeOf(error)}). Name another folder with --out.`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
