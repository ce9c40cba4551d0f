import { parseConfig, type Target } from "../config/index.ts";
import type { Status } from "../failure-modes.ts";
import { STALE_VANTAGE_MS } from "../pager/index.ts";
import { DEGRADED_RUNS, DEGRADED_WINDOW } from "../state.ts";
import { PLAYED_POLICY, playProber, playSequence, type Sequence, type ToldAt } from "./play.ts";
import { SEQUENCES } from "./sequences.ts";

/** Where the page lives, from the repository's root. */
export const ALERTING_PATH = "docs/alerting.md";

const PROBERS = [2, 3] as const;
const SHOWN: Readonly<Record<Status, string>> = { up: "u", degraded: "g", down: "d", unknown: "?" };
const HELD: Readonly<Record<string, string>> = { G: "gap", M: "maintenance" };

/** The text of docs/alerting.md. */
export function alertingMarkdown(): string {
  const target = exampleTarget();
  const rows = SEQUENCES.map((sequence) => row(target, sequence));
  return [intro(target), HEAD, ...rows, "", rules(), `${FIGURES}\n`].join("\n");
}

/** With every default. */
function exampleTarget(): Target {
  const parsed = parseConfig({
    vantages: ["eu-west-1"],
    targets: [{ name: "orders", url: "https://orders.example.com/mcp" }],
  });
  const [target] = parsed.ok ? parsed.config.targets : [];
  if (target === undefined) throw new Error("the example of the alerting page is no config");
  return target;
}

function intro({ clientTimeoutMs, confirm: { delaysMs, withinMs } }: Target): string {
  const waits = delaysMs.map(seconds).join(" and ");
  return `# Who is told what, and when

<!-- Generated from packages/core/src/alerting by \`npm run docs\`: edit there. -->

Each row is a sequence of minutes, played through the code that decides: repeats, state, quorum, page.
A group of letters is one minute's run: its first attempt, then the repeats that Vigil makes of it.

| Letter | An attempt that |
|---|---|
| \`S\` | finds the target well |
| \`F\` | fails at once |
| \`T\` | times out: after ${seconds(clientTimeoutMs)}, as a client would, the repeats sooner |
| \`?\` | cannot judge: the monitor's or its credentials' fault |

A failed attempt is repeated after ${waits}, a time-out at once, all within ${seconds(withinMs)} of
the run's start; not while the target is known to be down. *Shown* is the state after each minute:
\`u\` up, \`g\` degraded, \`d\` down, \`?\` unknown. Times count from the beginning of the first minute,
as if each run began with its minute; what the parts on the way take is left out.

Beside it, a prober that asks once a minute, makes no repeats, and pages after two or three failures
in a row. It sees the first attempts.

## Sequences
`;
}

const HEAD = `| | Minutes | Shown | Vigil pages | After 2 in a row | After 3 in a row |
|---|---|---|---|---|---|`;

function row(target: Target, sequence: Sequence): string {
  const { shown, told } = playSequence(target, sequence);
  const probers = PROBERS.map((needed) =>
    playProber(sequence, { needed, timeoutMs: target.clientTimeoutMs }),
  );
  const cells = [
    `${sequence.title}${held(sequence)}`,
    `\`${sequence.minutes}\``,
    `\`${shown.map((status) => SHOWN[status]).join(" ")}\``,
    ...[told, ...probers].map(pages),
  ];
  return `| ${cells.join(" | ")} |`;
}

function held({ holds = "" }: Sequence): string {
  const minutes = [...holds].flatMap((letter, minute) => (HELD[letter] ? [minute] : []));
  const [first] = minutes;
  const last = minutes.at(-1);
  if (first === undefined || last === undefined) return "";
  return ` (${HELD[holds[first] ?? ""]} in minutes ${first} to ${last})`;
}

function pages(told: readonly ToldAt[]): string {
  return told.length === 0 ? "–" : told.map(({ kind, ms }) => `${kind} ${clock(ms)}`).join(", ");
}

function clock(ms: number): string {
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function seconds(ms: number): string {
  return `${ms / 1_000} s`;
}

function rules(): string {
  return `## What follows

- A page needs a failure and all of its repeats, in one run: no further minute is waited for.
- An alert ends after two clean runs, so that a target that comes and goes pages once, not each time.
- Failures that repeats do not show degrade a target: ${DEGRADED_RUNS} of ${DEGRADED_WINDOW} runs. Here degraded pages nobody.
- What could not be judged neither begins an alert nor ends one. A prober takes it for the target's.
- A gap window and maintenance hold the beginning of an alert, never its end. What is still down
  afterwards is paged then.
- Here a reminder comes every ${PLAYED_POLICY.reminderMs / 60_000} minutes until somebody acknowledges.
- With several vantages, half of those that can judge are enough. One that has said nothing for
  ${STALE_VANTAGE_MS / 60_000} minutes has no say.
`;
}

const FIGURES = `## How fast, and how often in vain

\`npm run simulate\` plays thousands of days of one target through the same code on simulated time, with
every event delivered one to three times: from an outage's beginning to the page, pages without an
outage, outages without a page, and how near the bounds of gap windows are to the truth. Without
\`--json\` it also prints each distribution that it draws from, and that distribution's source.

EventBridge Scheduler promises a minute, not a second. \`--schedule steady\`, the default, takes what has been
seen of schedules: each keeps near a second of its own, anywhere in the minute. \`--schedule independent\`
takes the worst of what is promised: each minute's run anywhere in its minute, so that two may lie two
minutes apart.`;
