import type { Exchange, Reply } from "@vigil/core";
import { describe, expect, test } from "vitest";
import { stepTimes } from "../src/step-times.ts";

const RESULT: Reply = { kind: "result", result: {} };
const NONE: Reply = { kind: "none" };

function exchange(startMs: number, endMs: number, reply: Reply, firstByteMs = endMs): Exchange {
  return {
    request: { httpMethod: "POST", inSession: false, url: "", rpcMethod: null, rpcId: null },
    startMs,
    response: { status: 200, contentType: null, headers: {}, firstByteMs },
    endMs,
    end: "complete",
    networkError: null,
    bodyHead: "",
    bodyBytes: 0,
    sse: null,
    reply,
    serverRequests: [],
  };
}

const unanswered: Exchange = { ...exchange(10, 40, NONE), response: null };

interface Row {
  readonly name: string;
  readonly exchanges: readonly Exchange[];
  readonly done?: boolean;
  readonly startMs: number;
  readonly firstByteMs: number | null;
  readonly durationMs: number;
}

/** The step began at 5 and was over at 100. */
const ROWS: readonly Row[] = [
  {
    name: "nothing on the wire: the step's own span",
    exchanges: [],
    startMs: 5,
    firstByteMs: null,
    durationMs: 95,
  },
  {
    name: "the SDK's work before and after is not the server's",
    exchanges: [exchange(10, 60, RESULT, 50)],
    startMs: 10,
    firstByteMs: 40,
    durationMs: 50,
  },
  {
    name: "nor is its work between an answer and the next request",
    exchanges: [exchange(10, 60, RESULT), exchange(72, 80, NONE)],
    startMs: 10,
    firstByteMs: 50,
    durationMs: 58,
  },
  {
    name: "the next request may go out while the first answer's stream is still open",
    exchanges: [exchange(10, 60, RESULT), exchange(30, 40, NONE)],
    startMs: 10,
    firstByteMs: 50,
    durationMs: 50,
  },
  {
    name: "a pause counts from the end of whatever was under way",
    exchanges: [exchange(10, 60, RESULT), exchange(30, 40, RESULT), exchange(65, 70, NONE)],
    startMs: 10,
    firstByteMs: 50,
    durationMs: 55,
  },
  {
    name: "the wait before a stream is resumed is the server's wish",
    exchanges: [exchange(10, 20, NONE), exchange(45, 50, RESULT)],
    startMs: 10,
    firstByteMs: 10,
    durationMs: 40,
  },
  {
    name: "a step that was given up lasted until then",
    exchanges: [unanswered],
    done: false,
    startMs: 10,
    firstByteMs: null,
    durationMs: 90,
  },
];

describe("stepTimes", () => {
  test.each(ROWS)("$name", ({ exchanges, done = true, startMs, firstByteMs, durationMs }) => {
    expect(stepTimes(exchanges, { startMs: 5, endMs: 100, done })).toEqual({
      startMs,
      firstByteMs,
      durationMs,
    });
  });
});
