import { runbookOf } from "../alarms/runbooks.ts";
import type { Target } from "../config/index.ts";
import { FAILURE_MODES } from "../failure-modes.ts";
import type { Redactor } from "../redact.ts";
import { type Fold, type FoldMark, type FoldMember, foldKey } from "./fold.ts";
import { attributesOf, notice, noticeKey, type OutgoingPage } from "./outgoing.ts";
import { utc } from "./page-words.ts";
import type { PageKind } from "./types.ts";

/** A page that names more is not read. */
const MAX_NAMED = 50;

export interface FoldFacts {
  readonly fold: Pick<Fold, "mark" | "lead">;
  readonly members: readonly FoldMember[];
  /** Those of the config; one that is gone from it is named all the same. */
  readonly targets: ReadonlyMap<string, Pick<Target, "name" | "severity" | "owner" | "tags">>;
  readonly at: string;
  readonly stage: string | null;
  readonly redact: Redactor;
}

/** The follow-up page: all targets that broke, or came back, like one that was told of already. */
export function foldMessage(facts: FoldFacts): OutgoingPage {
  const { fold, members, targets, at, stage } = facts;
  const { mark } = fold;
  const state = mark.kind === "closed" ? "OK" : "ALARM";
  const names = members.map(({ target }) => target);
  return {
    ...notice({
      headline: `${state}: ${headline(mark, members)}: ${names.join(", ")}`,
      body: bodyOf(facts),
      key: noticeKey(stage, "folded", foldKey({ ...mark, kind: "opened" })),
      state,
      at,
      vigil: {
        kind: "folded",
        of: mark.kind,
        mode: mark.mode,
        region: mark.region,
        targets: names,
      },
    }),
    attributes: attributesOf(
      "folded",
      members.flatMap(({ target }) => targets.get(target) ?? []),
    ),
  };
}

const WHAT: Readonly<Record<PageKind, string>> = {
  opened: "broke",
  worse: "got worse",
  reminder: "are still broken",
  closed: "are well again",
};

function headline({ kind, mode, region }: FoldMark, members: readonly FoldMember[]): string {
  const count = members.length === 1 ? "1 more target" : `${members.length} more targets`;
  const where = region === null ? "" : ` in ${region}`;
  const how = mode === null || kind === "closed" ? "" : ` with ${mode}`;
  return `${count}${where} ${members.length === 1 ? singular(kind) : WHAT[kind]}${how}`;
}

function singular(kind: PageKind): string {
  return WHAT[kind].replace(/^are /, "is ");
}

function bodyOf({ fold, members, at, stage, redact }: FoldFacts): string {
  const { mark, lead } = fold;
  const { mode } = mark;
  const named = members.slice(0, MAX_NAMED);
  const more = members.length - named.length;
  const where = stage === null ? "" : ` --stage ${stage}`;
  const lines = [
    `${headline(mark, members)}.`,
    "",
    ...(lead === null ? [] : [`Like ${lead.target}, of which a page went out at ${utc(lead.at)}.`]),
    ...(mode === null || mark.kind === "closed" ? [] : [`${mode}: ${FAILURE_MODES[mode].title}`]),
    "",
    ...named.map(({ target, at: when }) => `  ${utc(when)}  ${target}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    "",
    ...(mode === null || mark.kind === "closed"
      ? []
      : ["What to do", `  ${FAILURE_MODES[mode].remedy}`, `  Runbook: ${runbookOf("down")}`, ""]),
    "Look further",
    ...named.slice(0, 3).map(({ target }) => `  vigil history ${target} --since 1h${where}`),
    "",
    `Collected until ${utc(at)}.`,
  ];
  return redact(`${lines.join("\n")}\n`);
}
