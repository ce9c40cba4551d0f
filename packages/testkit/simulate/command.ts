import { parseArgs } from "node:util";
import { DISTRIBUTIONS } from "./distributions.ts";
import { GOAL_NAMES, goalText, missedGoals } from "./goals.ts";
import { type Figures, MAX_FLAKE_SHARE, MIN_DAYS, type Settings, simulate } from "./simulate.ts";
import { SCHEDULINGS, type Scheduling } from "./world.ts";

const USAGE = `Usage: npm run simulate -- [options]
Plays days of one target on simulated time, with the code that decides in production.
  --days <n>        target-days in all, at least ${MIN_DAYS} (default: 2000, some minutes)
  --seed <n>        other days for another number (default: 1)
  --schedule <how>  steady: each schedule keeps to a second of its own, anywhere in the
                    minute, give or take a few (default)
                    independent: anywhere in each minute, anew
  --flake <share>   attempts that fail for no reason (default: 0.01)
  --json            print the figures as one line of JSON
  --strict          exit 1 when a goal is missed
`;

type Chosen = Omit<Settings, "progress"> & { readonly json: boolean; readonly strict: boolean };
type Asked = { readonly kind: "play"; readonly chosen: Chosen } | { readonly kind: "help" };

interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Carries out the command; the exit code. */
export function command(args: readonly string[], { out, err }: Streams): number {
  let asked: Asked;
  try {
    asked = read(args);
  } catch (error) {
    err(`simulate: ${error instanceof Error ? error.message : error}\n${USAGE}`);
    return 2;
  }
  if (asked.kind === "help") {
    out(USAGE);
    return 0;
  }
  const { json, strict, ...settings } = asked.chosen;
  const figures = simulate({ ...settings, progress: progressOn(err) });
  const missed = missedGoals(figures);
  out(json ? asJson(settings, figures) : asText(figures));
  return strict && missed.length > 0 ? 1 : 0;
}

function read(args: readonly string[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      days: { type: "string", default: "2000" },
      seed: { type: "string", default: "1" },
      schedule: { type: "string", default: "steady" },
      flake: { type: "string", default: "0.01" },
      json: { type: "boolean", default: false },
      strict: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { kind: "help" };
  const { json, strict } = values;
  const flakeShare = Number(values.flake);
  if (values.flake.trim() === "" || !(flakeShare >= 0 && flakeShare <= MAX_FLAKE_SHARE)) {
    throw new Error(`--flake wants a share from 0 to ${MAX_FLAKE_SHARE}, e.g. 0.01`);
  }
  const days = whole("--days", values.days, MIN_DAYS);
  const seed = whole("--seed", values.seed, 0);
  const scheduling = schedulingOf(values.schedule);
  return { kind: "play", chosen: { days, seed, scheduling, flakeShare, json, strict } };
}

function whole(option: string, text: string, least: number): number {
  if (!/^\d{1,9}$/u.test(text) || Number(text) < least) {
    throw new Error(`${option} wants a whole number of at least ${least}`);
  }
  return Number(text);
}

function schedulingOf(text: string): Scheduling {
  const found = SCHEDULINGS.find((one) => one === text);
  if (found === undefined) throw new Error(`--schedule wants ${SCHEDULINGS.join(" or ")}`);
  return found;
}

/** A line for every twentieth of the way. */
function progressOn(err: Streams["err"]): Settings["progress"] {
  let told = 0;
  return (done, of) => {
    const part = Math.floor((20 * done) / of);
    if (part > told) err(`simulate: ${done} of ${of} target-days\n`);
    told = part;
  };
}

function asJson(settings: Omit<Settings, "progress">, figures: Figures): string {
  const { scheduling: schedule, ...rest } = settings;
  const goalsMissed = missedGoals(figures);
  return `${JSON.stringify({ ...figures, goalsMissed, schedule, ...rest }, toThousandth)}\n`;
}

function toThousandth(_name: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1_000) / 1_000 : value;
}

function asText(figures: Figures): string {
  const missed = missedGoals(figures);
  const { detail, ...main } = figures;
  const lines = Object.entries(main).map(([name, value]) => {
    const goal = GOAL_NAMES.find((one) => one === name);
    const verdict =
      goal === undefined ? "" : `  ${goalText(goal)}: ${missed.includes(goal) ? "MISSED" : "ok"}`;
    return `  ${name.padEnd(26)} ${String(toThousandth(name, value)).padStart(9)}${verdict}`;
  });
  const sources = Object.values(DISTRIBUTIONS).map(
    ({ about, source }) => `  ${about}\n    ${source}`,
  );
  const counted = JSON.stringify(detail, toThousandth, 2);
  return `${lines.join("\n")}\n\nCounted: ${counted}\n\nDrawn from:\n${sources.join("\n")}\n`;
}
