import {
  type Diagnosis,
  DOCTOR_RULES,
  type FactPart,
  FINDING_SEVERITIES,
  type FindingSeverity,
  type FunctionFinding,
  type FunctionSubject,
  type UnreadPart,
} from "@vigil/core";
import { MARKS, type Palette } from "./palette.ts";
import { count, hang, plain, wrap } from "./text.ts";
import { unreadReason } from "./unread-reason.ts";

export interface Diagnosed extends Diagnosis {
  readonly about: FunctionSubject;
}

interface Look {
  readonly palette: Palette;
  readonly width: number;
}

const LOOKS: Readonly<
  Record<FindingSeverity, { mark: string; paint: (palette: Palette) => (text: string) => string }>
> = {
  error: { mark: MARKS.down, paint: ({ status }) => status.down },
  warning: { mark: MARKS.degraded, paint: ({ status }) => status.degraded },
  hint: { mark: "·", paint: ({ strong }) => strong },
};

const PARTS: Readonly<Record<FactPart, string>> = {
  configuration: "the function's configuration",
  urls: "its Function URLs",
  policy: "its policy",
  alias: "its alias",
  provisioned: "its provisioned concurrency",
  reserved: "its reserved concurrency",
  gateway: "API Gateway's integration",
};

const FIELD_WIDTH = 7;

export function doctorText({ about, findings, unread }: Diagnosed, look: Look): string {
  const { functionName, qualifier, region, target } = about;
  const blocks = [
    [
      `${look.palette.strong(target)}: function ${functionName}, qualifier ${qualifier}, in ${region}`,
    ],
    ...findings.map((finding) => findingLines(finding, look)),
    unread.flatMap((part) => hang(unreadText(part), look.width)),
    [tally(findings, unread)],
  ];
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function findingLines(finding: FunctionFinding, look: Look): readonly string[] {
  const { rule, severity, title, evidence, remedy } = finding;
  const { palette, width } = look;
  const { mark, paint } = LOOKS[severity];
  const head = paint(palette)(`${mark} ${severity} ${rule}`);
  const room = width - 2 - FIELD_WIDTH;
  const why = Object.entries(DOCTOR_RULES).find(([id]) => id === rule)?.[1].why ?? "";
  return [
    ...hang(`${head}: ${title}`, width),
    ...field("seen", wrap(plain(evidence), room)),
    ...field("why", wrap(why, room)),
    // Commands stay whole, to be copied.
    ...field(
      "mend",
      remedy.commands.map((line) => plain(line, 2_000)),
    ),
    ...field(
      "keep",
      remedy.iac.map((line) => `${indentOf(line)}${plain(line, 2_000)}`),
    ),
  ];
}

function indentOf(line: string): string {
  return " ".repeat(line.length - line.trimStart().length);
}

function field(name: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `  ${(i === 0 ? name : "").padEnd(FIELD_WIDTH)}${line}`.trimEnd());
}

function unreadText({ part, why, rules }: UnreadPart): string {
  return `? Not read: ${PARTS[part]}, ${unreadReason(why)}. Not judged for it: ${rules.join(", ")}.`;
}

function tally(findings: readonly FunctionFinding[], unread: readonly UnreadPart[]): string {
  const parts = FINDING_SEVERITIES.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length;
    return n === 0 ? [] : [count(n, severity)];
  });
  const found = parts.length === 0 ? "Nothing found" : `Found ${parts.join(", ")}`;
  const rules = Object.keys(DOCTOR_RULES).length;
  const judged = rules - new Set(unread.flatMap((one) => one.rules)).size;
  return `${found}: ${judged} of ${rules} rules judged.`;
}

/** One line of `--json`. */
export function doctorJson({ about, findings, unread }: Diagnosed): object {
  const { target, functionName, qualifier, region, readAt } = about;
  return { schema: 1, target, functionName, qualifier, region, readAt, findings, unread };
}
