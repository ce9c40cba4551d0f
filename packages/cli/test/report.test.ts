import { stripVTControlCharacters } from "node:util";
import type { RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createPalette } from "../src/palette.ts";
import { type ReportOptions, renderReport, renderTally } from "../src/report.ts";
import { DEGRADED, DOWN, TOOLS_EMPTY, UNKNOWN, UP } from "./records.ts";

const PLAIN: ReportOptions = {
  label: "http://127.0.0.1:7331/mcp",
  palette: createPalette(false),
  verbose: false,
  width: 100,
};

describe("renderReport", () => {
  it("up", () => {
    expect(renderReport(UP, PLAIN)).toBe(`\
✔ UP  http://127.0.0.1:7331/mcp
  orders 1.4.0 · legacy era 2025-11-25 · 3 tools · depth sentinel (tool call passed) · 226 ms

    connect      ok               2 ms
    authorize    skipped                 no credentials are given
    negotiate    ok             180 ms   first byte 171 ms
    listTools    ok              31 ms   first byte 30 ms
    callTool     ok              12 ms   query_table · first byte 11 ms
    close        ok               2 ms   first byte 2 ms
`);
  });

  it("degraded, not confirmed, with a note", () => {
    expect(renderReport(DEGRADED, { ...PLAIN, label: "orders" })).toBe(`\
▲ DEGRADED  orders
  orders 1.4.0 · legacy era 2025-11-25 · 3 tools · depth sentinel (tool call passed) · 3.41 s

    connect      ok               2 ms
    authorize    skipped                 no credentials are given
    negotiate    ok             180 ms   first byte 171 ms
    listTools    ok              31 ms   first byte 30 ms
    callTool     ok              12 ms   query_table · first byte 11 ms
    close        ok               2 ms   first byte 2 ms

  ▲ slow at negotiate (legacy): Slower than the target's budget
    why    the run took 3,412 ms; the budget is 3,000 ms
    seen   3412 ms > 3000 ms
    mend   The step times show where the time goes.

  Not confirmed: 2 attempts, degraded (slow), then up.
  No sentinel is configured, so no tool was called.
`);
  });

  it("simultaneous clients, with the slowest of them", () => {
    const clients: RunRecord = {
      ...UP,
      coldSampleMs: 812.4,
      steps: [
        ...UP.steps.slice(0, -1),
        {
          step: "concurrency",
          era: "legacy",
          label: "3 simultaneous clients",
          outcome: "ok",
          startMs: 230,
          durationMs: 820,
          firstByteMs: 11,
        },
      ],
    };
    const told = renderReport(clients, PLAIN).split("\n").slice(7);
    expect(told).toEqual([
      "    callTool     ok              12 ms   query_table · first byte 11 ms",
      "    concurrency  ok             820 ms   3 simultaneous clients",
      "",
      "  Slowest of 3 simultaneous clients: 812 ms to first byte.",
      "",
    ]);
  });

  it.each([
    [{ count: 3, atMs: [242.2, 443, 644.8] }, "3 events at 12, 213, 415 ms"],
    [{ count: 60, atMs: [230, 240, 830] }, "60 events at 0, 10, …, 600 ms"],
    [{ count: 1, atMs: [642] }, "1 event at 412 ms"],
  ])("a stream's events %j, counted from the call on", (events, told) => {
    const streamed: RunRecord = {
      ...UP,
      steps: [
        {
          step: "stream",
          era: "legacy",
          label: "progress",
          outcome: "ok",
          startMs: 230,
          durationMs: 620,
          firstByteMs: 11,
          events,
        },
      ],
    };
    const line = `    stream       ok             620 ms   progress · first byte 11 ms · ${told}`;
    expect(renderReport(streamed, PLAIN).split("\n")).toContain(line);
  });

  it("down and confirmed", () => {
    expect(renderReport(DOWN, PLAIN)).toBe(`\
✖ DOWN  http://127.0.0.1:7331/mcp
  orders 1.4.0 · legacy era 2025-11-25 · 0 tools · depth tools (no tool called) · 214 ms

    connect      ok               2 ms
    authorize    skipped                 no credentials are given
    negotiate    ok             180 ms   first byte 171 ms
    listTools    failed          31 ms   first byte 30 ms
    callTool     not reached             query_table
    close        ok               2 ms   first byte 2 ms

  ✖ tools-empty at listTools (legacy): tools/list returns no tools, or fewer than it should
    why    tools/list returned no tools; at least 1 is expected
    seen   HTTP 200 · application/json · 46 bytes · expected at least 1 tool, found 0
    mend   Registration failed silently: look for an error while the tools were loaded.

  Confirmed: 3 attempts, each down (tools-empty).
`);
  });

  it("down, with everything that was seen", () => {
    expect(
      renderReport({ ...DOWN, gap: "2026-11-22T07:59:00.000Z" }, { ...PLAIN, verbose: true }),
    ).toBe(`\
✖ DOWN  http://127.0.0.1:7331/mcp
  orders 1.4.0 · legacy era 2025-11-25 · 0 tools · depth tools (no tool called) · 214 ms

    connect      ok               2 ms
    authorize    skipped                 no credentials are given
    negotiate    ok             180 ms   first byte 171 ms
    listTools    failed          31 ms   first byte 30 ms
    callTool     not reached             query_table
    stream       skipped                 not asked for
    close        ok               2 ms   first byte 2 ms

  ✖ tools-empty at listTools (legacy): tools/list returns no tools, or fewer than it should
    why    tools/list returned no tools; at least 1 is expected
    seen   HTTP 200 · application/json · 46 bytes
           answer to tools/list
           expected at least 1 tool, found 0
           x-amzn-requestid: c6af9ac6-7b61-11e6-9a41-93e8deadbeef
           │ {"jsonrpc":"2.0","id":2,
           │   "result":{"tools":[]}}
    mend   Registration failed silently: look for an error while the tools were loaded.
    read   https://modelcontextprotocol.io/specification/2025-11-25/server/tools

  Confirmed: 3 attempts, each down (tools-empty).
  Inside the deployment gap that opened at 2026-11-22T07:59:00.000Z.

  run run-1 · started 2026-11-22T08:00:00.012Z
`);
  });

  it("unknown", () => {
    expect(renderReport(UNKNOWN, PLAIN)).toBe(`\
? UNKNOWN  http://127.0.0.1:7331/mcp
  depth none (no handshake) · 35 ms

    connect      ok               2 ms
    negotiate    failed          33 ms   first byte 33 ms
    listTools    not reached

  ? auth-required at negotiate: 401: the server wants credentials and none are configured
    why    the server answered 401 and no credentials are configured
    seen   HTTP 401 · 0 bytes
    mend   Give the target credentials.

  One attempt; it was not repeated.
`);
  });

  it("names the era of each step when both were spoken", () => {
    const steps = UP.steps.filter(({ step }) => step === "negotiate");
    const both = [...steps, ...steps.map((step) => ({ ...step, era: "modern" as const }))];
    expect(renderReport({ ...UP, era: "both", steps: both }, PLAIN)).toBe(`\
✔ UP  http://127.0.0.1:7331/mcp
  orders 1.4.0 · both eras 2025-11-25 · 3 tools · depth sentinel (tool call passed) · 226 ms

    negotiate    ok             180 ms   legacy · first byte 171 ms
    negotiate    ok             180 ms   modern · first byte 171 ms
`);
  });

  it("colour marks the verdict and nothing else changes", () => {
    const coloured = renderReport(DOWN, { ...PLAIN, palette: createPalette(true) });
    expect(coloured.split("\n")[0]).toBe(
      "\u001B[31m✖ DOWN\u001B[39m  \u001B[1mhttp://127.0.0.1:7331/mcp\u001B[22m",
    );
    expect(stripVTControlCharacters(coloured)).toBe(renderReport(DOWN, PLAIN));
  });

  it("nothing that a server sent reaches the terminal as a control", () => {
    const evil = "\u001B]0;x\u0007\u001B[2J\u202E\r\n";
    const report = renderReport(
      {
        ...DOWN,
        server: { name: `${evil}name`, version: `${evil}1` },
        protocolVersion: `${evil}2025`,
        steps: DOWN.steps.map((step) => ({ ...step, label: `${evil}tool` })),
        failures: [
          {
            ...TOOLS_EMPTY,
            summary: `${evil}summary`,
            remedy: `${evil}remedy`,
            evidence: {
              ...TOOLS_EMPTY.evidence,
              contentType: `${evil}type`,
              headers: { server: `${evil}server` },
              body: `${evil}body`,
              rpcMethod: `${evil}method`,
              rpcError: { code: -1, message: `${evil}message`, data: { x: evil } },
              networkCode: `${evil}code`,
              detail: `${evil}detail`,
            },
          },
        ],
        notes: [`${evil}note`],
      },
      { ...PLAIN, label: `${evil}label`, verbose: true },
    );
    expect(report.replaceAll("\n", "")).toMatch(/^[\P{C}]*$/u);
    expect(report).toContain("│ body");
  });
});

it("renderTally puts the worst first", () => {
  expect(renderTally([UP, DOWN, UP, UNKNOWN, DEGRADED], createPalette(false))).toBe(
    "5 targets: 1 down, 1 unknown, 1 degraded, 2 up\n",
  );
});

describe("renderReport on a narrow terminal", () => {
  const RECORDS = { UP, DEGRADED, DOWN, UNKNOWN };

  it.each(
    Object.entries(RECORDS).flatMap(([name, record]) =>
      [40, 52, 60, 80].map((width) => [name, width, record] as const),
    ),
  )("%s fits into %i columns", (_name, width, record) => {
    const told = renderReport(record, { ...PLAIN, width });
    expect(told.split("\n").filter(({ length }) => length > width)).toEqual([]);
  });

  it("breaks between facts, sets remarks below their step, and leaves nothing out", () => {
    expect(renderReport(DEGRADED, { ...PLAIN, label: "orders", width: 40 })).toBe(`\
▲ DEGRADED  orders
  orders 1.4.0 · legacy era 2025-11-25
  3 tools
  depth sentinel (tool call passed)
  3.41 s

    connect      ok               2 ms
    authorize    skipped
      no credentials are given
    negotiate    ok             180 ms
      first byte 171 ms
    listTools    ok              31 ms
      first byte 30 ms
    callTool     ok              12 ms
      query_table · first byte 11 ms
    close        ok               2 ms
      first byte 2 ms

  ▲ slow at negotiate (legacy): Slower
    than the target's budget
    why    the run took 3,412 ms; the
           budget is 3,000 ms
    seen   3412 ms > 3000 ms
    mend   The step times show where the
           time goes.

  Not confirmed: 2 attempts, degraded
  (slow), then up.
  No sentinel is configured, so no tool
  was called.
`);
  });

  it("counts no colours", () => {
    const paint = (colour: boolean) => ({ ...PLAIN, palette: createPalette(colour), width: 40 });
    const painted = stripVTControlCharacters(renderReport(DOWN, paint(true)));
    expect(painted).toBe(renderReport(DOWN, paint(false)));
  });
});
