import {
  type CloudWatchView,
  type FailureCode,
  type FailureMode,
  GROUPS,
  type Group,
} from "./failure-modes.ts";

/** Where the page lives, from the repository's root. */
export const FAILURE_MODES_PATH = "docs/failure-modes.md";

export interface FailureModesPage {
  readonly modes: Readonly<Record<FailureCode, FailureMode>>;
  /** The order in which one exchange is read; the first rule that fits names it. */
  readonly precedence: readonly {
    readonly name: string;
    readonly modes: readonly FailureCode[];
  }[];
}

const INTRO = `# Failure modes

<!-- Generated from packages/core/src/failure-modes by \`npm run docs\`: edit there. -->

Every way in which Vigil can find an MCP server of no use, by the name that stands in reports, in
history and in pages. The names are stable.

A mode is **down** (a client cannot use the server), **degraded** (it can, with a flaw) or
**unknown** (the monitor or its credentials are at fault, and the server was not judged). The last
column says whether the function's own CloudWatch metrics and logs give the failure away.
`;

const PRECEDENCE_INTRO = `## Which name wins

An exchange can be wrong in several ways at once. It is read in this order, and the first rule that
has something to say names it; what concerns a whole step or run (tools, sentinels, speed) comes
after.
`;

const SHOWN: Readonly<Record<CloudWatchView, string>> = {
  hidden: "no",
  partly: "partly",
  shown: "yes",
};

type Entry = readonly [code: string, mode: FailureMode];

/** The text of docs/failure-modes.md. */
export function failureModesMarkdown({ modes, precedence }: FailureModesPage): string {
  const entries: readonly Entry[] = Object.entries(modes);
  const groups = (Object.keys(GROUPS) as readonly Group[])
    .map((group) => ({ group, members: entries.filter(([, mode]) => mode.group === group) }))
    .filter(({ members }) => members.length > 0);
  const blocks = [
    INTRO,
    ...groups.map(({ group, members }) => groupTable(group, members)),
    PRECEDENCE_INTRO,
    precedenceList(precedence),
    "## What to do\n",
    ...entries.map(section),
  ];
  return blocks.join("\n");
}

function groupTable(group: Group, members: readonly Entry[]): string {
  const rows = members.map(
    ([code, { status, title, cloudwatch }]) =>
      `| ${linked(code)} | ${status} | ${cell(title)} | ${SHOWN[cloudwatch]} |`,
  );
  const head = ["| Code | Status | Meaning | In CloudWatch |", "|---|---|---|---|"];
  return `## ${GROUPS[group]}\n\n${[...head, ...rows].join("\n")}\n`;
}

function precedenceList(precedence: FailureModesPage["precedence"]): string {
  const lines = precedence.map(
    ({ name, modes }, i) => `${i + 1}. ${name}: ${modes.map(linked).join(", ")}`,
  );
  return `${lines.join("\n")}\n`;
}

function section([code, { title, remedy, reference }]: Entry): string {
  const parts = [`### ${code}`, `**${title}.**`, remedy, ...readOn(reference)];
  return `${parts.join("\n\n")}\n`;
}

/** A mode that is documented nowhere else refers to this very page. */
function readOn(reference: string): readonly string[] {
  return reference === FAILURE_MODES_PATH ? [] : [`Read on: <${reference}>`];
}

function linked(code: string): string {
  return `[\`${code}\`](#${code})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
