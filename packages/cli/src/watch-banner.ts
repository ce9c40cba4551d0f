import type { Target, TargetState } from "@vigil/core";
import type { Demo } from "./demo.ts";
import { DEMO_PORT } from "./demo-target.ts";
import type { Palette } from "./palette.ts";
import { count, hang, plain } from "./text.ts";
import { formatDuration } from "./time.ts";
import { resumedLine } from "./watch-lines.ts";
import type { WatchPlan } from "./watch-plan.ts";

type DemoPlace = Pick<Demo, "url" | "pid">;

export interface BannerOptions {
  readonly plan: Omit<WatchPlan, "demo"> & { readonly demo: DemoPlace | null };
  readonly dataFolder: string;
  /** States that the last watch left. */
  readonly resumed: readonly TargetState[];
  readonly palette: Palette;
  readonly width: number;
}

/** What is watched, how often, where it is kept, and how to stop. */
export function bannerText(options: BannerOptions): string {
  const { plan, dataFolder, resumed, palette, width } = options;
  const { targets, source, intervalMs, demo } = plan;
  const lines = [
    palette.strong(`Vigil watches ${count(targets.length, "target")} of ${source}`),
    ...targets.map(targetLine),
    `  every ${formatDuration(intervalMs)}, from start to start; history in ${plain(dataFolder)}; Ctrl-C stops`,
    ...(demo === null ? [] : demoHint(demo, width)),
    ...resumed.map((state) => resumedLine(state, palette)),
  ];
  return `${lines.flatMap((line) => hang(line, width)).join("\n")}\n\n`;
}

function targetLine({ name, url, sentinels }: Target): string {
  const calls =
    sentinels.length === 0 ? "" : `, calls ${sentinels.map(({ tool }) => tool).join(", ")}`;
  return `  ${name}: ${withoutQuery(url)}${calls}`;
}

/** A query may hold a key. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function demoHint({ url, pid }: DemoPlace, width: number): readonly string[] {
  const port = Number(new URL(url).port);
  const aimed = port === DEMO_PORT ? "" : `--port ${port} `;
  const mend = `    npm run demo:break -- ${aimed}none`;
  const how = "mends it; --list tells what else there is";
  const beside = `${mend}          ${how}`;
  return [
    "",
    `  There is no vigil.config.ts here, so this is the demo (process ${pid}). Break it from another terminal:`,
    `    npm run demo:break -- ${aimed}tools-empty`,
    ...(beside.length <= width ? [beside] : [mend, `      ${how}`]),
    "  Or deploy it, with a gap that pages wait for:",
    `    npm run demo:deploy${aimed === "" ? "" : ` -- ${aimed.trim()}`}`,
  ];
}
