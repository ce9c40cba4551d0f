import type { Sentinel } from "../config/index.ts";
import { expiryNote } from "../credential-expiry.ts";
import { isExtraStep } from "../extra-steps.ts";
import { FAILURE_MODES, type Status } from "../failure-modes.ts";
import type { Leg, ProbeRun, StepName, StepRecord, ToolInfo } from "../run.ts";
import { toolsHash } from "../tools-hash.ts";
import type { Depth, Failure, Verdict } from "../verdict.ts";
import { DEPTHS } from "../verdict.ts";
import { WORST_FIRST, worstOf } from "../verdict-order.ts";
import type { Expectations, Finding, StepFinding } from "./case.ts";
import { expectsChallenge, judgeChallenge } from "./challenge-rules.ts";
import { provenColdStart } from "./cold-start.ts";
import { coldSampleMs } from "./concurrency.ts";
import { type JudgeContext, withDrift, worstDrift } from "./drift.ts";
import { failureOf } from "./failure.ts";
import { isGetStream, judgeGetStream } from "./get-stream.ts";
import { orOldTransport } from "./old-transport.ts";
import { readOpening } from "./results.ts";
import { refuseToCall } from "./sentinel.ts";
import { judgeStep, judgeTools, type StepContext } from "./step.ts";
import { judgeStreamStep, streamSentinel, wasCut } from "./stream.ts";

/** A certificate that ends sooner than this is worth a word. */
export const CERTIFICATE_WARNING_DAYS = 14;
const DAY_MS = 86_400_000;

/**
 * Steps whose time is the server's. Reading our own secrets is not; detection, stream, concurrency,
 * CORS and close are left out too.
 */
const JUDGED_STEPS: ReadonlySet<StepName> = new Set<StepName>([
  "connect",
  "negotiate",
  "listTools",
  "callTool",
]);

const NO_CONTEXT: JudgeContext = { baseline: null };

/** Judges one attempt from its record and the accepted tools alone. */
export function judge(
  run: ProbeRun,
  expectations: Expectations,
  context: JudgeContext = NO_CONTEXT,
): Verdict {
  const judgeOne = expectsChallenge(run, expectations) ? judgeRefusal : judgeLeg;
  const legs = run.legs.map((leg) => withDrift(judgeOne(leg, run, expectations), leg, context));
  const through = legs.length > 0 && legs.every((leg) => leg.through);
  const durationMs = judgedDurationMs(run);
  const found = [...judgeShared(run, expectations), ...legs.flatMap(({ failures: own }) => own)];
  const failures = found.length > 0 || through ? found : [unfinished(run)];
  const status = worstOf(failures.map(statusOf));
  const slow = status === "up" || status === "degraded" ? judgeSlow(run, expectations) : [];
  const all = [...failures, ...slow].sort(byWorst);
  const main = run.legs.at(-1) ?? null;
  return {
    status: worstOf(all.map(statusOf)),
    depth: shallowest(legs.map(({ depth }) => depth)),
    failures: all,
    era: run.legs.length > 1 ? "both" : (main?.era ?? null),
    protocolVersion: main?.protocolVersion ?? null,
    server: main?.server ?? null,
    toolCount: main?.tools?.length ?? null,
    toolsHash: main?.tools == null ? null : toolsHash(main.tools),
    drift: worstDrift(legs),
    coldStart: provenColdStart(run),
    coldSampleMs: coldSampleMs(run),
    durationMs,
    notes: [...new Set([...credentialNotes(run), ...legs.flatMap(({ notes }) => notes)])],
  };
}

function credentialNotes(run: ProbeRun): readonly string[] {
  const note = expiryNote(run.credentialExpiry, sawTools(run));
  return note === null ? [] : [note];
}

/** Milliseconds of the judged steps; of two legs, the slower. */
export function judgedDurationMs(run: ProbeRun): number {
  const shared = run.connect.durationMs ?? 0;
  const legs = run.legs.map((leg) => sum(leg.steps.filter(({ step }) => JUDGED_STEPS.has(step))));
  return shared + Math.max(0, ...legs);
}

/** Every leg came to the end of its list. */
function sawTools({ legs }: ProbeRun): boolean {
  return legs.length > 0 && legs.every(({ tools }) => tools !== null);
}

/** Nothing failed and yet the run did not get through: a hole in our own reading. */
function unfinished(run: ProbeRun): Failure {
  const step = run.legs.at(-1)?.steps.at(-1) ?? run.connect;
  const finding: Finding = {
    mode: "probe-error",
    summary: "the run ended early, and nothing that it saw says why",
  };
  return failureOf(step, { finding, exchange: null });
}

function judgeShared(run: ProbeRun, expectations: Expectations): readonly Failure[] {
  const context = contextOf(run, expectations);
  const found = [run.connect, run.authorize].flatMap((step) => {
    const finding = judgeStep(step, context);
    return finding === null ? [] : [failureOf(step, finding)];
  });
  const expiring = judgeCertificate(run);
  return expiring === null
    ? found
    : [...found, failureOf(run.connect, { finding: expiring, exchange: null })];
}

function judgeCertificate(run: ProbeRun): Finding | null {
  const expires = run.connect.connect?.certificateExpiresAt ?? null;
  if (expires === null) return null;
  const leftMs = Date.parse(expires) - Date.parse(run.startedAt);
  if (leftMs < 0 || leftMs >= CERTIFICATE_WARNING_DAYS * DAY_MS) return null;
  return {
    mode: "certificate-expiring",
    summary: `the certificate expires in ${Math.floor(leftMs / DAY_MS)} days, at ${expires}`,
    detail: expires,
  };
}

interface LegVerdict {
  /** The leg came to its end: less than that is never called up. */
  readonly through: boolean;
  readonly failures: readonly Failure[];
  readonly depth: Depth;
  readonly notes: readonly string[];
}

function judgeLeg(leg: Leg, run: ProbeRun, expectations: Expectations): LegVerdict {
  const failures: Failure[] = [];
  let depth: Depth = "none";
  const calls = leg.steps.filter(({ step }) => step === "callTool");
  for (const step of leg.steps) {
    const found = judgeLegStep({ step, leg, run, expectations, callIndex: calls.indexOf(step) });
    if (found !== null) failures.push(failureOf(step, found));
    else depth = deeper(depth, step);
  }
  const called = calls.length > 0 && calls.every(({ outcome }) => outcome === "ok");
  const plain = failures.every(({ step }) => isExtraStep(step));
  if (depth === "tools" && called && plain) depth = "sentinel";
  return { through: leg.tools !== null, failures, depth, notes: notesOf(leg, expectations) };
}

/** A leg that is to end at a challenge. Other refusals than that keep their own names. */
function judgeRefusal(leg: Leg, run: ProbeRun, expectations: Expectations): LegVerdict {
  const judged = judgeLeg(leg, run, expectations);
  const [failure] = judged.failures;
  if (failure !== undefined && failure.mode !== "auth-required") return judged;
  const step = leg.steps.find(({ outcome }) => outcome === "failed");
  const refusal = step?.exchanges.find(({ response }) => response?.status === 401);
  if (step === undefined || refusal === undefined) {
    return judged.through ? { ...judged, failures: [openToAnyone(leg)] } : judged;
  }
  const held = judgeChallenge(refusal, run);
  if (!held.ok) return { ...judged, failures: [failureOf(step, held.found)] };
  return { ...judged, through: true, failures: [], notes: [held.note, ...judged.notes] };
}

function openToAnyone(leg: Leg): Failure {
  const step = leg.steps.findLast(({ step: name }) => name === "listTools") ?? leg.steps[0];
  if (step === undefined) throw new Error("a leg that has listed its tools has steps");
  const finding: Finding = {
    mode: "challenge-invalid",
    summary: "tools/list was answered without credentials: the server is open to anyone",
  };
  return failureOf(step, { finding, exchange: step.exchanges.at(-1) ?? null });
}

/** What a run knows of its own credentials. */
type Sent = Pick<ProbeRun, "authenticated" | "credentialExpiry">;

interface LegStep {
  readonly step: StepRecord;
  readonly leg: Pick<Leg, "steps" | "tools">;
  readonly run: Sent;
  readonly expectations: Expectations;
  /** Which sentinel a `callTool` step is for; the driver calls them in the config's order. */
  readonly callIndex: number;
}

/** Also the driver's question after each step: whether to go on. */
export function judgeLegStep(input: LegStep): StepFinding | null {
  const { step, leg, run, expectations, callIndex } = input;
  if (step.outcome === "not-reached" && step.fault === null) return null;
  const sentinel = sentinelOf(step, expectations, callIndex);
  const context = { ...contextOf(run, expectations), hasTools: hasTools(leg), sentinel };
  const own = judgeOwn(step, context);
  if (own !== null) return own;
  const finding = judgeAgainstTools(step, leg.tools, expectations, sentinel);
  return finding === null ? null : { finding, exchange: step.exchanges.at(-1) ?? null };
}

/** What the step's own exchanges show. */
function judgeOwn(step: StepRecord, context: StepContext): StepFinding | null {
  if (isGetStream(step) && step.exchanges.length > 0) return judgeGetStream(step);
  const found = judgeStep(step, context);
  if (step.step === "stream") return judgeStreamStep(step, found, context.expectations);
  return orOldTransport(step, found);
}

/** How the step's tool is to be called, if it calls one. */
function sentinelOf(
  step: StepRecord,
  { sentinels, stream }: Expectations,
  callIndex: number,
): Sentinel | null {
  if (isGetStream(step)) return null;
  if (step.step === "stream") return stream === null ? null : streamSentinel(stream);
  return sentinels[callIndex] ?? null;
}

function judgeAgainstTools(
  step: StepRecord,
  tools: readonly ToolInfo[] | null,
  expectations: Expectations,
  sentinel: Sentinel | null,
): Finding | null {
  if (tools === null) return null;
  if (step.step === "listTools") return judgeTools(tools, expectations);
  if ((step.step !== "callTool" && step.step !== "stream") || sentinel === null) return null;
  // A missing tool is the list's failure, told once.
  return refuseToCall(tools, sentinel);
}

function contextOf(sent: Sent, expectations: Expectations): StepContext {
  const { authenticated, credentialExpiry } = sent;
  return { authenticated, credentialExpiry, expectations, hasTools: null, sentinel: null };
}

/** Whether the server announced tools when it was asked; null when it was not. */
function hasTools(leg: Pick<Leg, "steps">): boolean | null {
  for (const { request, reply } of leg.steps.flatMap(({ exchanges }) => exchanges)) {
    const opening = reply.kind === "result" ? readOpening(request.rpcMethod, reply.result) : null;
    if (opening !== null) return opening.hasTools;
  }
  return null;
}

function deeper(depth: Depth, step: StepRecord): Depth {
  if (step.outcome !== "ok") return depth;
  if (step.step === "negotiate") return "handshake";
  if (step.step === "listTools" && depth === "handshake") return "tools";
  return depth;
}

/** What the run did not look at although the target is configured for it, or might be. */
function notesOf(leg: Leg, expectations: Expectations): readonly string[] {
  const { sentinels, expect } = expectations;
  const listed = leg.steps.some(({ step, outcome }) => step === "listTools" && outcome === "ok");
  const left = leg.sessionLeft ? ["the session was left open: DELETE got no good answer"] : [];
  if (!listed) return left;
  return [
    ...left,
    ...(expect.getStream && leg.era === "modern"
      ? ["expect.getStream is about the legacy era: the modern one has no such stream"]
      : []),
    ...(wasCut(leg) ? ["the stream was left while it still ran: its time was up"] : []),
    ...(sentinels.length === 0 ? ["no sentinel is configured, so no tool was called"] : []),
  ];
}

function judgeSlow(run: ProbeRun, { slowMs }: Expectations): readonly Failure[] {
  const durationMs = judgedDurationMs(run);
  if (durationMs <= slowMs) return [];
  const steps = [run.connect, ...run.legs.flatMap((leg) => leg.steps)];
  const judged = steps.filter(({ step }) => JUDGED_STEPS.has(step));
  const slowest = judged.reduce((a, b) => ((b.durationMs ?? 0) > (a.durationMs ?? 0) ? b : a));
  const finding: Finding = {
    mode: "slow",
    summary: `${Math.round(durationMs)} ms, over the budget of ${slowMs} ms`,
    detail: `${slowest.step} took ${Math.round(slowest.durationMs ?? 0)} ms`,
  };
  return [failureOf(slowest, { finding, exchange: null })];
}

function statusOf({ mode }: Failure): Status {
  return FAILURE_MODES[mode].status;
}

function byWorst(a: Failure, b: Failure): number {
  return WORST_FIRST.indexOf(statusOf(a)) - WORST_FIRST.indexOf(statusOf(b));
}

function shallowest(depths: readonly Depth[]): Depth {
  return DEPTHS.find((depth) => depths.includes(depth)) ?? "none";
}

function sum(steps: readonly StepRecord[]): number {
  return steps.reduce((total, { durationMs }) => total + (durationMs ?? 0), 0);
}
