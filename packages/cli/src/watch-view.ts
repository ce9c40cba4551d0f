import type { ThreadEnd } from "@vigil/aws/embedded";
import { allowanceOf, type Clock, type RunRecord, type TargetState } from "@vigil/core";
import type { Io } from "./io.ts";
import type { Observation } from "./monitor.ts";
import { type PagesView, pagesView } from "./pages/pages-view.ts";
import { createPalette } from "./palette.ts";
import type { Skip } from "./scheduler.ts";
import { createScreen } from "./screen.ts";
import type { Session } from "./session.ts";
import { formatDuration } from "./time.ts";
import { bannerText } from "./watch-banner.ts";
import { changeLines, type LineOptions, runLine, skipLine } from "./watch-lines.ts";
import type { WatchPlan } from "./watch-plan.ts";

export interface WatchViewOptions {
  readonly io: Io;
  readonly clock: Clock;
  readonly plan: WatchPlan;
  readonly dataFolder: string;
  /** Runs go to stdout as JSON, and everything else to stderr. */
  readonly json: boolean;
  /** What goes on now; null before the first run. */
  readonly progress: () => Progress | null;
}

interface Progress {
  readonly busy: readonly string[];
  readonly nextInMs: number;
}

/** Everything that a watch says. */
export interface WatchView extends PagesView {
  banner(resumed: readonly TargetState[]): void;
  serving(url: string): void;
  ran(observation: Observation): void;
  skipped(target: string, skip: Skip): void;
  lost(record: RunRecord, error: unknown): void;
  demoEnded(how: string): void;
  historyEnded(end: ThreadEnd): void;
  finishing(busy: readonly string[]): void;
  abandoned(busy: readonly string[]): void;
  summary(render: Session["summary"]): void;
}

export function createWatchView(options: WatchViewOptions): WatchView {
  const { io, clock, plan, json } = options;
  const screen = createScreen({ io, clock, passing: () => passingLine(options.progress()) });
  const say = json ? screen.warn : screen.print;
  const palette = createPalette(json ? io.errColour : io.outColour);
  const nameWidth = Math.max(...plan.targets.map(({ name }) => name.length));
  const lines = (): LineOptions => ({ palette, nameWidth, width: io.columns() });
  const trouble = (text: string) => screen.warn(`vigil: ${text}\n`);
  return {
    banner: (resumed) =>
      say(
        bannerText({
          plan,
          dataFolder: options.dataFolder,
          resumed,
          palette,
          width: io.columns(),
        }),
      ),
    serving: (url) => say(`Status page: ${url}\n\n`),
    ran(observation) {
      const { record, lateMs } = observation;
      screen.print(json ? `${JSON.stringify(record)}\n` : runLine(record, lateMs, lines()));
      say(changeLines(observation, lines()));
    },
    ...pagesView({ io, palette, say, trouble, allowanceMs: (name) => gapAllowance(plan, name) }),
    skipped: (target, skip) => say(skipLine(target, skip, palette)),
    lost: ({ target, scheduledAt }, error) =>
      trouble(`the run of ${target} at ${scheduledAt} could not be kept: ${reason(error)}.`),
    demoEnded: (how) =>
      trouble(
        `the demo server has ended (${how}); its runs fail until vigil watch is started again.`,
      ),
    historyEnded: (end) =>
      trouble(
        `the history's database has ended (${end.kind === "failed" ? reason(end.error) : end.kind}); runs are no longer kept until vigil watch is started again.`,
      ),
    finishing: (busy) =>
      say(`\nStopping; letting ${busy.join(", ")} finish (Ctrl-C again to leave at once).\n`),
    abandoned: (busy) => {
      if (busy.length > 0) {
        say(`Left unfinished, and not in the history: ${busy.join(", ")}.\n`);
      }
    },
    summary(render) {
      screen.close();
      say(`\n${render({ now: clock.now(), palette, width: io.columns() })}`);
    },
  };
}

function gapAllowance({ targets }: WatchPlan, target: string): number {
  return allowanceOf(targets.find(({ name }) => name === target) ?? { lambda: null });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function passingLine(progress: Progress | null): string | null {
  if (progress === null) {
    return null;
  }
  const { busy, nextInMs } = progress;
  const now = busy.length === 0 ? "" : `probing ${busy.join(", ")} · `;
  const seconds = Math.max(0, Math.ceil(nextInMs / 1_000));
  const next = seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000);
  return `${now}next in ${next} · Ctrl-C stops`;
}
