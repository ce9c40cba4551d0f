import { type FailureCode, type RunRecord, sloReport, type ToolSnapshot } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { type TargetDetail, type TargetModel, targetPage } from "../src/index.ts";
import { structureOf, textOf } from "./markup.ts";
import {
  at,
  DOWN_STATE,
  deployment,
  downRun,
  gap,
  LIVE,
  model,
  NOW,
  OPEN,
  run,
  target,
  targetOf,
} from "./models.ts";

const PAYLOADS = [
  "<script>alert(1)</script>",
  "</bdi></pre><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "</details><details open ontoggle=alert(1)>",
  "\u202Egnp.exe\u2066\u0000\u001B[2J",
];

const NOTHING: TargetDetail = { slo: null, tools: null, baseline: null, latest: [] };

function page(shown: TargetModel, detail: Partial<TargetDetail> = {}): string {
  return targetPage({
    model: model([shown]),
    target: shown,
    detail: { ...NOTHING, ...detail },
    place: LIVE,
  });
}

function snapshot(...names: readonly string[]): ToolSnapshot {
  const tools = names.map((name) => ({ name, inputSchema: { type: "object" } }));
  const toolsHash = `sha256:${names.join()}`;
  return {
    at: "2026-11-21T08:00:00.000Z",
    lists: { legacy: { toolsHash, toolCount: names.length, tools } },
  };
}

const accepted = (...names: readonly string[]) => ({
  ...snapshot(...names),
  acceptedAt: "2026-11-20T08:00:00.000Z",
  acceptedBy: "operator" as const,
  previousAcceptedAt: null,
});

describe("a target's own page", () => {
  it("says of everything that is not known yet that it is not", () => {
    const text = textOf(page(target({ states: [] })));
    for (const told of [
      "orders … first run to come",
      "Latency No run has been good in the last 48 hours.",
      "Objective Not known yet.",
      "Failures by mode No run has failed in the last 90 days.",
      "Incidents There has been none.",
      "Deployments and gap windows None were seen.",
      "Tools No run has listed the tools yet.",
      "Latest runs No run has ended yet.",
    ]) {
      expect(text).toContain(told);
    }
  });

  it("shows latency by hour once that makes a line, with a dot for an hour alone", () => {
    const hours = [150, 149, 600].map((minutes) => run(minutes));
    const markup = page(targetOf([...hours, run(1), run(0, { durationMs: 400 })]));
    expect(markup).toContain(
      'aria-label="Latency by hour, over 48 hours: p50 from 196 ms to 392 ms, p95 from 196 ms to 392 ms"',
    );
    expect(markup.match(/class="p50 lone"/gu)).toHaveLength(2);
  });

  it("shows latency by minute until then, of good runs, and by step", () => {
    const records = [downRun(3), run(2), run(1), run(0, { durationMs: 400 })];
    const markup = page(targetOf(records));
    expect(markup).toContain(
      'aria-label="Latency by minute, over 60 minutes: p50 from 200 ms to 400 ms, p95 from 200 ms to 400 ms"',
    );
    expect(markup).not.toContain("lone");
    expect(textOf(markup)).toContain(
      "negotiate 4 150 ms 150 ms 150 ms listTools 4 46 ms 46 ms 46 ms",
    );
  });

  it("shows the objective, burn and the budget that is left", () => {
    const records = [downRun(3), run(2), run(1), run(0)];
    const shown = targetOf(records);
    const slo = sloReport({
      rollups: shown.hours,
      objective: 90,
      now: NOW,
      firstRunAt: NOW - 210_000,
    });
    const text = textOf(page(shown, { slo }));
    expect(text).toContain("Objective: 90 %");
    expect(text).toContain(
      "The error budget of 30 days is overspent by 0.6 min; 0.4 min were allowed",
    );
    expect(text).toMatch(/1h 75 % 2\.50× 75 % 1 0 100 %/u);
  });

  it("counts failures by mode, says what to do, and whether CloudWatch shows them", () => {
    const text = textOf(page(targetOf([downRun(1), downRun(0)])));
    expect(text).toMatch(
      /T tools-empty 2 2 tools\/list returns no tools, or fewer than it should .* Read on no /u,
    );
  });

  it("lists incidents, gap windows with their exposure, and deployments", () => {
    const text = textOf(
      page(
        target({
          incidents: [
            OPEN,
            {
              ...OPEN,
              openedAt: at(NOW - 7_200_000),
              closedAt: at(NOW - 6_600_000),
              likelyCause: "empty-stream, and the URL's InvokeMode is BUFFERED",
            },
          ],
          deployments: [deployment("2026-11-22T07:00:00.000Z")],
          gaps: [gap("2026-11-22T07:00:00.000Z", "2026-11-22T07:03:00.000Z")],
        }),
      ),
    );
    expect(text).toContain("2026-11-22 07:58:00 UTC 2 min, goes on ✕ down T tools-empty");
    expect(text).toContain("2026-11-22 06:00:30 UTC 10 min ✕ down");
    expect(text).toContain("Likely cause: empty-stream, and the URL's InvokeMode is BUFFERED 3");
    expect(text).toContain(
      "2026-11-22 07:00:00 UTC 41 42 exposed: clients reached cold environments",
    );
    expect(text).toContain(
      "2026-11-22 07:00:00 UTC 3 min exposed: clients reached cold environments 30 2 5.10 s 12",
    );
  });

  it("tells the likely cause of what goes on, where one is known", () => {
    const shown = target({ states: [DOWN_STATE], incidents: [OPEN] });
    const likelyCause = "empty-stream, and the URL's InvokeMode is BUFFERED";
    expect(textOf(page(shown, { likelyCause }))).toContain(
      "Likely cause: empty-stream, and the URL's InvokeMode is BUFFERED . vigil doctor orders tells how to mend it. What to do: Look for an error",
    );
    expect(textOf(page(shown, { likelyCause: null }))).not.toContain("Likely cause");
    // As the page told it, where nobody looks now.
    const told = target({
      states: [DOWN_STATE],
      incidents: [{ ...OPEN, likelyCause: "a, and b" }],
    });
    expect(textOf(page(told, {}))).toContain("Likely cause: a, and b .");
    expect(textOf(page(told, { likelyCause }))).not.toContain("Likely cause: a, and b . vigil");
  });

  it("shows the evidence of failed runs", () => {
    const failed = downRun(0);
    const [failure] = failed.failures;
    const latest = [
      {
        ...failed,
        failures: [
          {
            ...failure,
            evidence: {
              ...failure?.evidence,
              httpStatus: 502,
              contentType: "text/html",
              body: "<h1>Bad\nGateway</h1>",
            },
          },
        ],
      },
    ] as unknown as readonly RunRecord[];
    const markup = page(target(), { latest });
    expect(textOf(markup)).toContain("HTTP 502 · text/html");
    expect(markup).toContain("<bdi>&lt;h1&gt;Bad\nGateway&lt;/h1&gt;</bdi></pre>");
  });
});

describe("tools", () => {
  it.each([
    ["none are accepted", null, "No tools are accepted yet"],
    ["they are the accepted ones", accepted("a", "b"), "They are the tools that were accepted at"],
    ["one is new", accepted("a"), "Drift that callers need not notice Against"],
    ["one has gone", accepted("a", "b", "c"), "c was removed (breaking)"],
  ])("are held against those that callers rely on: %s", (_, baseline, told) => {
    expect(textOf(page(target(), { tools: snapshot("a", "b"), baseline }))).toContain(told);
  });

  it("are cut to a number that can be read", () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `tool-${index}`);
    const markup = page(target(), { tools: snapshot(...names), baseline: accepted("a") });
    expect(textOf(markup)).toContain("tool-59 and 4940 more");
    expect(Buffer.byteLength(markup)).toBeLessThan(40_000);
  });
});

/** A target that says everything it can say with one text. */
function saying(text: string): string {
  const mode = text as FailureCode;
  const failed = downRun(0, { vantage: text, runId: text });
  const [failure] = failed.failures;
  const evidence = { ...failure?.evidence, contentType: text, networkCode: text, detail: text };
  const failures = [{ ...failure, mode, summary: text, evidence: { ...evidence, body: text } }];
  const record = { ...failed, failures } as unknown as RunRecord;
  const shown = targetOf([record], {
    name: text,
    owner: text,
    url: text,
    states: [{ ...DOWN_STATE, modes: [mode], vantage: text }, DOWN_STATE],
    incidents: [
      { ...OPEN, modes: [mode], summary: text, remedy: text, vantage: text, likelyCause: text },
    ],
    gaps: [gap("2026-11-22T07:00:00.000Z", null, { version: text, reason: text })],
    deployments: [deployment("2026-11-22T07:00:00.000Z", text)],
  });
  return page(shown, {
    tools: snapshot(text, "kept"),
    baseline: accepted(`${text}2`, "kept"),
    latest: [record],
    likelyCause: text,
  });
}

describe("hostile text", () => {
  it.each(PAYLOADS)("changes no tag and no attribute: %j", (payload) => {
    const markup = saying(payload);
    expect(structureOf(markup)).toEqual(structureOf(saying("harmless")));
    expect(markup.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
