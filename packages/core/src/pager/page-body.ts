import { runbookOf } from "../alarms/runbooks.ts";
import { FAILURE_MODES } from "../failure-modes.ts";
import type { Deployment, GapWindow, WindowExposure } from "../gap/index.ts";
import { causeLine } from "./page-cause.ts";
import { whatBroke } from "./page-evidence.ts";
import type { PageFacts } from "./page-facts.ts";
import { duration, gravestMode, headline, utc } from "./page-words.ts";
import { oneLine } from "./safe-text.ts";
import type { Hold } from "./types.ts";

/** A deployment that is longer ago than this is not what broke it. */
const NEAR_DEPLOYMENT_MS = 60 * 60_000;
const MAX_LINE_CHARS = 300;
const LABEL_CHARS = 11;

/** The whole page, for people who read it in the mail: most urgent first, commands last. */
export function pageBody(facts: PageFacts): string {
  const parts = facts.page.kind === "closed" ? closedParts(facts) : openParts(facts);
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function openParts(facts: PageFacts): readonly (readonly string[])[] {
  return [
    [`${headline(facts)}.`],
    ["What is wrong", ...whatBroke(facts), ...causeLines(facts)],
    timeLines(facts),
    ["What to do", ...remedyLines(facts)],
    ["Look further", ...commands(facts)],
    whoseLines(facts),
  ];
}

function closedParts(facts: PageFacts): readonly (readonly string[])[] {
  const { page } = facts;
  const { alert } = page;
  const was = alert.modes.map((mode) => `${mode}: ${FAILURE_MODES[mode].title}`);
  return [
    [`${headline(facts)}.`],
    [
      labelled("Was", `${alert.status}${was.length === 0 ? "" : `, ${was.join("; ")}`}`),
      labelled("From", utc(alert.openedAt)),
      labelled("Until", utc(page.at)),
      ...acknowledgedLines(facts),
    ],
    ["Look further", ...commands(facts)],
    whoseLines(facts),
  ];
}

function causeLines({ page, redact }: PageFacts): readonly string[] {
  const { likelyCause: text } = page.alert;
  return text === undefined ? [] : [`  Likely cause: ${causeLine({ text }, redact)}`];
}

function labelled(label: string, text: string): string {
  return `${label.padEnd(LABEL_CHARS)} ${text}`;
}

function timeLines(facts: PageFacts): readonly string[] {
  const { page, lastGoodRunAt, wellFrom } = facts;
  const { alert, at } = page;
  const well = wellFrom.length === 0 ? "" : `; it looks well from ${wellFrom.join(", ")}`;
  return [
    labelled("Since", `${utc(alert.openedAt)}, ${ago(alert.openedAt, at)}`),
    labelled("Last good", lastGoodRunAt === null ? "never seen" : utc(lastGoodRunAt)),
    labelled("Seen from", `${alert.seenFrom.join(", ") || "the function itself"}${well}`),
    ...heldLines(alert.heldBy),
    ...deploymentLines(facts),
    ...gapLines(facts),
    ...acknowledgedLines(facts),
  ];
}

function ago(then: string, now: string): string {
  return `${duration(Date.parse(now) - Date.parse(then))} before this page`;
}

function heldLines(hold: Hold | null): readonly string[] {
  if (hold === null) return [];
  return [labelled("Held back", `this page waited for ${heldFor(hold)}`)];
}

function heldFor(hold: Hold): string {
  switch (hold.kind) {
    case "gap":
      return `a deployment's gap window, open since ${utc(hold.since)}`;
    case "maintenance":
      return `the maintenance until ${utc(hold.until)}`;
    case "mute":
      return `a mute until ${utc(hold.until)}: ${oneLine(hold.reason, MAX_LINE_CHARS)}`;
    default:
      return hold satisfies never;
  }
}

function deploymentLines({ deployment, page, target }: PageFacts): readonly string[] {
  const { openedAt } = page.alert;
  if (target.lambda === null) return [];
  if (deployment === null || !isNear(deployment, openedAt)) {
    return [labelled("Deployed", "nothing in the hour before it broke")];
  }
  const { from, to, at } = deployment;
  const versions =
    from.version === to.version
      ? `new code of version ${to.version}`
      : `version ${to.version} after ${from.version}`;
  const beforeMs = Date.parse(openedAt) - Date.parse(at);
  const when =
    beforeMs >= 0
      ? ` at ${utc(at)}, ${duration(beforeMs)} before it broke`
      : `, seen at ${utc(at)}, ${duration(-beforeMs)} after it broke: it may have come first`;
  return [labelled("Deployed", `${versions}${when}`)];
}

/** It is seen by a look now and then: one that was first seen after the break may have caused it. */
function isNear({ at, between }: Deployment, openedAt: string): boolean {
  const brokeMs = Date.parse(openedAt);
  const earliestMs = Date.parse(between.notBefore ?? at);
  return earliestMs <= brokeMs && brokeMs - Date.parse(at) <= NEAR_DEPLOYMENT_MS;
}

const MEETS: Readonly<Record<WindowExposure, string>> = {
  shielded: "clients still get the old version, so the deployment does not explain what is wrong",
  exposed: "clients meet cold environments, which may be all that is wrong",
  failed: "provisioned concurrency could not be allocated, so every client may meet a cold start",
};

function gapLines({ gap, target, redact }: PageFacts): readonly string[] {
  if (target.lambda === null) return [];
  if (gap === null) return [labelled("Gap window", "none is open")];
  const { openedAt, exposure, version, overdueAt } = gap;
  const since = `open since ${utc(openedAt)} for version ${version}`;
  const late = overdueAt === null ? "" : "; it has lasted too long to be waited for";
  return [labelled("Gap window", `${since}: ${MEETS[exposure]}${reasonOf(gap, redact)}${late}`)];
}

function reasonOf({ reason }: GapWindow, redact: PageFacts["redact"]): string {
  return reason === null ? "" : ` (${oneLine(redact(reason), MAX_LINE_CHARS)})`;
}

function acknowledgedLines({ page }: PageFacts): readonly string[] {
  const { acknowledged } = page.alert;
  if (acknowledged === null) return [];
  const by = oneLine(acknowledged.by, MAX_LINE_CHARS);
  return [labelled("Taken by", `${by}, at ${utc(acknowledged.at)}`)];
}

function remedyLines(facts: PageFacts): readonly string[] {
  const { failure, target, redact } = facts;
  const mode = gravestMode(facts);
  const remedy = failure?.remedy ?? (mode === null ? null : FAILURE_MODES[mode].remedy);
  return [
    ...(remedy === null
      ? []
      : [`  ${oneLine(redact(remedy), 1_000).replaceAll("TARGET", target.name)}`]),
    `  Runbook: ${redact(target.runbook ?? runbookOf("down"))}`,
  ];
}

function commands({ page, target, stage }: PageFacts): readonly string[] {
  const { name } = target;
  const where = stage === null ? "" : ` --stage ${stage}`;
  return [
    `  vigil history ${name} --since 1h${where}`,
    `  vigil incidents ${name}${where}`,
    ...(target.lambda === null ? [] : [`  vigil gaps ${name}${where}`]),
    `  vigil check ${name}`,
    ...(page.alert.likelyCause === undefined ? [] : [`  vigil doctor ${name}`]),
  ];
}

function whoseLines({ target }: PageFacts): readonly string[] {
  const { severity, owner, tags } = target;
  const whose = [
    `severity ${severity}`,
    ...(owner === null ? [] : [`owner ${owner}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(", ")}`]),
  ];
  return [whose.join("; ")];
}
