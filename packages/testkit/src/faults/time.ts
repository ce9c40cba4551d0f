import { drip, json, type Respond } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { ASKING, MOMENTS, SENDING, type Spot, spotsOf, USUAL } from "../moments.ts";
import { SHORT_TIMEOUT_MS } from "../patience.ts";
import { play, soundScript, soundStage, strike } from "../stage.ts";

const WAITS = { target: { clientTimeoutMs: SHORT_TIMEOUT_MS } } as const;

/** The answer of a cold environment that comes too late: its headers are there, its body is not. */
function stuck(headers: Respond["headers"] = []): Respond {
  return {
    ...json("", { headers: [...headers, ["content-length", "64"]] }),
    chunks: [],
    framing: "as-is",
    end: "hang",
  };
}

const TIMEOUTS: readonly Fault[] = [
  {
    code: "timeout",
    title: "no answer at all",
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => ({ kind: "hang" })),
    ...WAITS,
  },
  {
    code: "timeout",
    title: "headers and no body",
    spots: spotsOf(ASKING),
    start: (spot) => strike(spot, () => stuck()),
    ...WAITS,
  },
  {
    code: "timeout",
    title: "no answer until the run's own time is up",
    // Further steps are not taken when so little is left.
    spots: spotsOf([...USUAL, "initialized"]),
    start: (spot) => strike(spot, () => ({ kind: "hang" })),
    monitor: { deadlineMs: 900 },
  },
  {
    code: "timeout",
    title: "a body that drips",
    spots: spotsOf(ASKING),
    start: (spot) =>
      strike(spot, () => ({
        ...json(""),
        framing: "chunked",
        chunks: drip(`{${" ".repeat(200)}}`),
      })),
    unchecked: ["body", "bytes"],
    ...WAITS,
  },
];

const TRANSIENT: readonly Fault[] = [
  {
    code: "transient-timeout",
    title: "no answer, once",
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => ({ kind: "hang" }), { once: true }),
    confirmed: true,
    ...WAITS,
  },
  {
    code: "cold-start-timeout",
    title: "an answer too late, once, from an environment that says that it is cold",
    spots: spotsOf(ASKING),
    start: (spot) =>
      strike(spot, () => stuck([["x-lambda-init", "cold; on-demand"]]), { once: true }),
    confirmed: true,
    ...WAITS,
  },
];

const SLOW_MS = 1_500;

/** Slow, yet sound. */
async function delayed(spot: Spot) {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    const answer = sound(request);
    const hit = MOMENTS[spot.moment].matches(request) && answer.kind === "respond";
    return hit ? { ...answer, delayMs: SLOW_MS + 100 } : answer;
  });
}

const SLOW: readonly Fault[] = [
  {
    code: "slow",
    title: "an answer within the client's time, and over the budget",
    spots: spotsOf([...USUAL, "initialized"]),
    start: delayed,
    target: { slowMs: SLOW_MS },
    shows: "nothing",
    unchecked: ["detail"],
  },
  {
    code: "slow",
    title: "a slow TLS handshake",
    spots: spotsOf(["connect"]),
    start: (spot) => soundStage(spot, { tls: true, handshakeDelayMs: SLOW_MS + 100 }),
    twin: { start: (spot) => soundStage(spot, { tls: true }) },
    target: { slowMs: SLOW_MS },
    unchecked: ["detail"],
  },
];

export const TIME_FAULTS: readonly Fault[] = [...TIMEOUTS, ...TRANSIENT, ...SLOW];
