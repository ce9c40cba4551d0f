import { describe, expect, it } from "vitest";
import { parseReportLine, type ReportLine } from "../src/index.ts";

const ID = "79b4f56e-95b1-4643-9700-2807f4e68189";

const WARM: ReportLine = {
  requestId: ID,
  durationMs: 2.81,
  initDurationMs: null,
  restoreDurationMs: null,
  succeeded: true,
};

/** A platform event as the JSON log format has it. */
function platform(metrics: object, over: object = {}, type = "platform.report"): string {
  const record = { requestId: ID, metrics, status: "success", ...over };
  return JSON.stringify({ time: "2026-11-22T08:00:02.766Z", type, record });
}

/** Lines as AWS's documentation shows them, and as real functions have logged them. */
const LINES: readonly (readonly [name: string, message: string, report: ReportLine])[] = [
  [
    "a warm invocation",
    `REPORT RequestId: ${ID}\tDuration: 2.81 ms\tBilled Duration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 67 MB\t\n`,
    WARM,
  ],
  [
    "a cold one",
    `REPORT RequestId: ${ID}\tDuration: 39.46 ms\tBilled Duration: 40 ms\tMemory Size: 128 MB\tMax Memory Used: 68 MB\tInit Duration: 163.21 ms\t\n`,
    { ...WARM, durationMs: 39.46, initDurationMs: 163.21 },
  ],
  [
    "with X-Ray's line below",
    `REPORT RequestId: ${ID}\tDuration: 1000.00 ms\tBilled Duration: 1000 ms\tMemory Size: 128 MB\tMax Memory Used: 73 MB\tInit Duration: 160.67 ms\t\nXRAY TraceId: 1-5e34a614-10bdxmplf1fb44f07bc535a1\tSegmentId: 07f5xmpl2d1f6f85\tSampled: true\t\n`,
    { ...WARM, durationMs: 1000, initDurationMs: 160.67 },
  ],
  [
    "a snapshot restored (SnapStart)",
    `REPORT RequestId: ${ID}\tDuration: 7.12 ms\tBilled Duration: 120 ms\tMemory Size: 2048 MB\tMax Memory Used: 98 MB\tRestore Duration: 452.77 ms\tBilled Restore Duration: 113 ms\t\n`,
    { ...WARM, durationMs: 7.12, restoreDurationMs: 452.77 },
  ],
  [
    "a function that timed out",
    `REPORT RequestId: ${ID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tMemory Size: 128 MB\tMax Memory Used: 30 MB\tInit Duration: 120.02 ms\tStatus: timeout`,
    { ...WARM, durationMs: 3000, initDurationMs: 120.02, succeeded: false },
  ],
  [
    "a function that exited",
    `REPORT RequestId: ${ID}\tDuration: 27.51 ms\tBilled Duration: 28 ms\tMemory Size: 128 MB\tMax Memory Used: 65 MB\tStatus: error\tError Type: Runtime.ExitError\t\n`,
    { ...WARM, durationMs: 27.51, succeeded: false },
  ],
  [
    "with blanks for tabs, as consoles copy it",
    `REPORT RequestId: ${ID}  Duration: 2.81 ms  Billed Duration: 3 ms  Memory Size: 128 MB`,
    WARM,
  ],
  [
    "JSON, warm",
    platform({
      durationMs: 2.81,
      billedDurationMs: 3,
      memorySizeMB: 128,
      maxMemoryUsedMB: 67,
    }),
    WARM,
  ],
  [
    "JSON, cold",
    platform({ durationMs: 693.92, billedDurationMs: 694, initDurationMs: 397.68 }),
    { ...WARM, durationMs: 693.92, initDurationMs: 397.68 },
  ],
  [
    "JSON, a snapshot restored",
    platform({ durationMs: 7.12, restoreDurationMs: 452.77, billedRestoreDurationMs: 113 }),
    { ...WARM, durationMs: 7.12, restoreDurationMs: 452.77 },
  ],
  [
    "JSON, timed out",
    platform({ durationMs: 3000, initDurationMs: 0 }, { status: "timeout" }),
    { ...WARM, durationMs: 3000, initDurationMs: 0, succeeded: false },
  ],
  [
    "JSON of 2022, without a status",
    platform({ durationMs: 2.81 }, { status: undefined }),
    { ...WARM, succeeded: false },
  ],
];

const OTHERS: readonly (readonly [name: string, message: string])[] = [
  ["nothing", ""],
  ["a line of the function", `2026-11-22T08:00:00.000Z\t${ID}\tINFO\tInit Duration: 5 ms`],
  ["START", `START RequestId: ${ID} Version: 7\n`],
  ["END", `END RequestId: ${ID}\n`],
  ["INIT_REPORT", "INIT_REPORT Init Duration: 9999.81 ms\tPhase: init\tStatus: timeout\t\n"],
  ["a report further in", ` REPORT RequestId: ${ID}\tDuration: 1 ms`],
  ["no id", "REPORT RequestId: \tDuration: 1 ms"],
  ["an id that is none", "REPORT RequestId: ../../etc/passwd\tDuration: 1 ms"],
  ["no duration", `REPORT RequestId: ${ID}\tBilled Duration: 3 ms`],
  ["a duration of seconds", `REPORT RequestId: ${ID}\tDuration: 1 s`],
  ["a duration below nothing", `REPORT RequestId: ${ID}\tDuration: -1 ms`],
  [
    "two durations that contradict each other",
    `REPORT RequestId: ${ID}\tDuration: 1 ms\tInit Duration: 5 ms\tInit Duration: 6 ms`,
  ],
  ["a million characters", `REPORT RequestId: ${ID}\tDuration: 1 ms\t${"x".repeat(1_000_000)}`],
  ["JSON that is none", '{"type":"platform.report"'],
  ["JSON of another event", platform({ durationMs: 1 }, {}, "platform.runtimeDone")],
  ["JSON without metrics", platform({}, { metrics: null })],
  ["JSON with a text for a number", platform({ durationMs: "2.81" })],
  ["JSON with an id that is none", platform({ durationMs: 1 }, { requestId: 7 })],
  ["JSON with a record in its prototype", '{"type":"platform.report","__proto__":{"record":{}}}'],
  ["JSON too deep to read", `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`],
];

describe("parseReportLine", () => {
  it.each(LINES)("reads %s", (_name, message, report) => {
    expect(parseReportLine(message)).toEqual(report);
  });

  it.each(OTHERS)("takes for no report: %s", (_name, message) => {
    expect(parseReportLine(message)).toBeNull();
  });

  it("leaves out an init that is no number, and believes the rest", () => {
    const line = `REPORT RequestId: ${ID}\tDuration: 2.81 ms\tInit Duration: NaN ms`;
    expect(parseReportLine(line)).toEqual(WARM);
    expect(parseReportLine(platform({ durationMs: 2.81, initDurationMs: -1 }))).toEqual(WARM);
  });
});
