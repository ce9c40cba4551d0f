import {
  type Era,
  isAbsentToolList,
  type Leg,
  otherEra,
  readToolsPage,
  refuseToCall,
  type Sentinel,
  type StepFinding,
  type StepRecord,
  type ToolInfo,
  type ToolsPage,
} from "@vigil/core";
import type { AttemptContext } from "./attempt-context.ts";
import { noExtras, takeExtras } from "./extras.ts";
import { OpenLeg } from "./open-leg.ts";
import { joinSteps, notReached, skipped } from "./take-step.ts";

/** Pages of tools/list that are read before the list counts as endless. */
export const MAX_PAGES = 50;

/** What of a run's time the first guess at an era may take. */
const DETECTION_SHARE = 0.5;

export interface Opened {
  readonly leg: OpenLeg;
  readonly negotiated: boolean;
  /** The era that the failed opening points to. */
  readonly otherEra: Era | null;
  readonly step: StepRecord;
  /** Why it did not negotiate. */
  readonly found: StepFinding | null;
}

/** Opens a leg and negotiates. `known` says that the target has spoken this era before. */
export async function openLeg(era: Era, known: boolean, context: AttemptContext): Promise<Opened> {
  const leg = await OpenLeg.open(era, context);
  const taken = await leg.take({
    step: "negotiate",
    label: null,
    act: (client) => client.negotiate(),
    // The other era may have to be asked too.
    share: known ? 1 : DETECTION_SHARE,
  });
  leg.learn(taken);
  const { step, found } = leg.keep(taken);
  return {
    leg,
    step,
    found,
    negotiated: found === null,
    otherEra: found === null ? null : otherEra(step, found, known),
  };
}

/** Goes on from a negotiated leg to its end; a leg that failed only notes what was not reached. */
export async function finishLeg({ leg, negotiated }: Opened): Promise<Leg> {
  const tools = negotiated ? await listTools(leg) : noList(leg);
  const reached = await callSentinels(leg, tools);
  if (tools !== null && reached) await leg.further(() => takeExtras(leg, tools));
  else noExtras(leg);
  return leg.close();
}

function noList(leg: OpenLeg): null {
  leg.keep(notReached("listTools", leg.era, null));
  return null;
}

/** Reads every page; null when the list could not be had. */
async function listTools(leg: OpenLeg): Promise<readonly ToolInfo[] | null> {
  const seen = new Set<string>();
  const tools: ToolInfo[] = [];
  const parts: StepRecord[] = [];
  let cursor: string | null = null;
  for (;;) {
    const at: string | null = cursor;
    const part = await leg.take({
      step: "listTools",
      label: null,
      act: (client) => client.listTools(at),
    });
    const page = pageOf(part, leg.hasTools);
    parts.push(part);
    if (page === null) return keepList(leg, parts, null);
    tools.push(...page.tools);
    if (page.nextCursor === null) return keepList(leg, parts, tools);
    if (seen.has(page.nextCursor) || parts.length >= MAX_PAGES) {
      const pages = parts.length;
      parts.push({
        ...part,
        exchanges: [],
        durationMs: 0,
        fault: { kind: "pagination-loop", pages },
      });
      return keepList(leg, parts, null);
    }
    seen.add(page.nextCursor);
    cursor = page.nextCursor;
  }
}

function keepList(
  leg: OpenLeg,
  parts: readonly StepRecord[],
  tools: readonly ToolInfo[] | null,
): readonly ToolInfo[] | null {
  if (tools !== null) leg.setTools(tools);
  leg.keep(joinSteps(parts as [StepRecord, ...StepRecord[]]));
  return tools;
}

/** The page as the wire shows it; null when this part of the step failed. */
function pageOf(part: StepRecord, hasTools: boolean | null): ToolsPage | null {
  const last = part.exchanges.findLast(({ request }) => request.rpcMethod === "tools/list");
  if (last === undefined || part.fault !== null) return null;
  if (isAbsentToolList(last, { hasTools })) return { tools: [], nextCursor: null };
  if (last.reply.kind !== "result") return null;
  const read = readToolsPage(last.reply.result);
  return read.ok ? read.value : null;
}

/** False when the way to the server broke: what comes behind would only tell of that again. */
async function callSentinels(leg: OpenLeg, tools: readonly ToolInfo[] | null): Promise<boolean> {
  let broken = tools === null;
  for (const sentinel of leg.target.sentinels) {
    if (broken) leg.keep(notReached("callTool", leg.era, sentinel.tool));
    else broken = await callSentinel(leg, sentinel, tools ?? []);
  }
  return !broken;
}

/** Calls one sentinel; true when the way to the server broke, so that no other need be tried. */
async function callSentinel(
  leg: OpenLeg,
  sentinel: Sentinel,
  tools: readonly ToolInfo[],
): Promise<boolean> {
  const { era } = leg;
  const label = sentinel.tool;
  if (!tools.some(({ name }) => name === sentinel.tool)) {
    leg.keep(skipped({ step: "callTool", era, label, reason: "tool-missing" }));
    return false;
  }
  if (refuseToCall(tools, sentinel) !== null) {
    leg.keep(skipped({ step: "callTool", era, label, reason: "tool-not-read-only" }));
    return false;
  }
  const { step, found } = leg.keep(
    await leg.take({
      step: "callTool",
      label,
      act: (client) => client.callTool(sentinel.tool, sentinel.arguments),
    }),
  );
  return found !== null && step.exchanges.at(-1)?.response == null;
}
