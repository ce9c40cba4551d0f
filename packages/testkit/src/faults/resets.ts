import { json, type Respond, stream } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { ASKING, SENDING, spotsOf } from "../moments.ts";
import { soundStage, strike } from "../stage.ts";

/** A JSON answer of which only the first half is sent. */
function halfJson(end: "close" | "reset"): Respond {
  const whole = '{"jsonrpc":"2.0","id":1,"result":{}}';
  const half = whole.slice(0, whole.length / 2);
  const answer = json(half);
  const headers = [...answer.headers, ["content-length", String(whole.length)] as const];
  return { ...answer, headers, framing: "as-is", end };
}

/** Connections that break once they are open. */
export const RESET_FAULTS: readonly Fault[] = [
  {
    code: "connection-reset",
    title: "a reset instead of an answer",
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => ({ kind: "reset" })),
  },
  {
    code: "connection-reset",
    title: "a close instead of an answer",
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => ({ kind: "close" })),
    evidence: () => ({ networkCode: "ECONNRESET" }),
  },
  {
    code: "connection-reset",
    title: "a reset instead of an answer, over TLS",
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => ({ kind: "reset" }), { tls: true }),
    twin: { start: (spot) => soundStage(spot, { tls: true }) },
  },
  {
    code: "connection-reset",
    title: "a close in the middle of the headers",
    spots: spotsOf(SENDING),
    start: (spot) =>
      strike(spot, () => ({
        kind: "raw",
        chunks: [{ bytes: "HTTP/1.1 200 OK\r\ncontent-type: applic" }],
        end: "close",
      })),
    evidence: () => ({ networkCode: "ECONNRESET" }),
  },
  {
    code: "connection-reset",
    title: "a reset in the middle of a JSON body",
    spots: spotsOf(ASKING),
    start: (spot) => strike(spot, () => halfJson("reset")),
  },
  {
    code: "connection-reset",
    title: "a JSON body shorter than its content-length",
    spots: spotsOf(ASKING),
    start: (spot) => strike(spot, () => halfJson("close")),
    evidence: () => ({ networkCode: "ECONNRESET" }),
  },
  {
    code: "connection-reset",
    title: "an event stream that is reset before its first event",
    spots: spotsOf(ASKING),
    start: (spot) => strike(spot, () => stream([{ bytes: ": open\n\n" }], "reset")),
  },
  {
    code: "connection-reset",
    title: "a chunked event stream without its last chunk",
    spots: spotsOf(ASKING),
    start: (spot) => strike(spot, () => stream([{ bytes: ": open\n\n" }], "close")),
    evidence: () => ({ networkCode: "ECONNRESET" }),
  },
];
