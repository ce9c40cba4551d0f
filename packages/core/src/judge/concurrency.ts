import { FAILURE_MODES } from "../failure-modes.ts";
import type { Exchange, ProbeRun, StepRecord } from "../run.ts";
import { WORST_FIRST } from "../verdict-order.ts";
import type { StepFinding } from "./case.ts";

/**
 * What simultaneous clients met: the lost session if any lost it, since that is what they are sent
 * for, otherwise the worst. `judgeOne` reads the exchanges of one client.
 */
export function judgeClients(
  step: StepRecord,
  judgeOne: (exchanges: readonly Exchange[]) => StepFinding | null,
): StepFinding | null {
  const clients = byClient(step.exchanges);
  const found = clients.map(judgeOne).filter((one) => one !== null);
  const [worst] = found.toSorted((a, b) => rank(a) - rank(b));
  if (worst === undefined) return null;
  const { mode } = worst.finding;
  const same = found.filter(({ finding }) => finding.mode === mode).length;
  const who = `${same} of ${clients.length} simultaneous clients`;
  const what = mode === "session-lost" ? `${who} lost the session` : who;
  const others = othersOf(found, mode);
  const summary = `${what}: ${worst.finding.summary}${others}`;
  return { ...worst, finding: { ...worst.finding, summary } };
}

/** Milliseconds to the slowest first byte, from the sending of its request on. */
export function coldSampleMs({ legs }: Pick<ProbeRun, "legs">): number | null {
  const samples = legs
    .flatMap(({ steps }) => steps)
    .filter(({ step }) => step === "concurrency")
    .flatMap(({ exchanges }) => exchanges)
    .flatMap(({ startMs, response }) =>
      response === null ? [] : [response.firstByteMs - startMs],
    );
  return samples.length === 0 ? null : Math.max(...samples);
}

/** Redirects and resumed streams belong to the request that they go on with. */
function byClient(exchanges: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const ids = new Set(exchanges.map(({ request }) => request.rpcId));
  return [...ids].map((id) => exchanges.filter(({ request }) => request.rpcId === id));
}

function rank({ finding: { mode } }: StepFinding): number {
  return mode === "session-lost" ? -1 : WORST_FIRST.indexOf(FAILURE_MODES[mode].status);
}

function othersOf(found: readonly StepFinding[], mode: string): string {
  const modes = found.map(({ finding }) => finding.mode).filter((one) => one !== mode);
  const told = [...new Set(modes)].map(
    (one) => `${modes.filter((other) => other === one).length} met ${one}`,
  );
  return told.length === 0 ? "" : `; ${told.join(", ")}`;
}
