import type { Alert, FailureCode } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { badge, overviewPage, type PageModel, type TargetModel } from "../src/index.ts";
import { structureOf, textOf } from "./markup.ts";
import {
  at,
  DAY,
  DOWN_STATE,
  deployment,
  downRun,
  fullHour,
  gap,
  LIVE,
  model,
  NOW,
  OPEN,
  run,
  target,
  targetOf,
  UP_STATE,
} from "./models.ts";

const PAYLOADS = [
  "<script>alert(1)</script>",
  "</title><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  "</style><iframe src=javascript:alert(1)>",
  "]]>--><!--",
  "&lt;script&gt;",
  "\u202Egnp.exe\u2066\u0000\u001B[2J",
];

const MINUTES_AGO = [40, 30, 20, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

function page(targets: readonly TargetModel[], overrides: Partial<PageModel> = {}): string {
  return overviewPage(model(targets, overrides), LIVE);
}

const ALERT: Alert = {
  openedAt: at(NOW - 300_000),
  status: "down",
  modes: ["tools-empty"],
  seenFrom: ["eu-west-1"],
  heldBy: null,
  pagedAt: null,
  lastPagedAt: null,
  acknowledged: null,
};
const SENT = { ...ALERT, pagedAt: at(NOW - 240_000), lastPagedAt: at(NOW - 240_000) };

describe("whether people know", () => {
  it.each<[string, Alert | null, string | null]>([
    ["there is nothing to tell", null, null],
    ["it only waits", ALERT, null],
    [
      "a gap holds the page",
      { ...ALERT, heldBy: { kind: "gap", since: at(NOW - 300_000), exposure: "exposed" } },
      "Page held: a deployment gap that began 2026-11-22 07:55:30 UTC .",
    ],
    [
      "a mute holds it",
      { ...ALERT, heldBy: { kind: "mute", until: at(NOW), reason: "<b>moving</b>" } },
      "Page held: muted until 2026-11-22 08:00:30 UTC , &lt;b&gt;moving&lt;/b&gt; .",
    ],
    [
      "it was sent",
      SENT,
      "Page sent 2026-11-22 07:56:30 UTC (4 min ago); nobody has acknowledged it.",
    ],
    [
      "somebody sees to it",
      { ...SENT, acknowledged: { at: at(NOW - 60_000), by: "kim" } },
      "Page sent 2026-11-22 07:56:30 UTC (4 min ago); acknowledged by kim 2026-11-22 07:59:30 UTC .",
    ],
  ])("is told when %s", (_, alert, text) => {
    const shown = textOf(page([target({ states: [DOWN_STATE], alert })]));
    if (text === null) expect(shown).not.toMatch(/Page (held|sent)/u);
    else expect(shown).toContain(text);
  });
});

describe("the state of a target", () => {
  it.each<[string, TargetModel, string]>([
    ["up", target(), "✓ up since 2026-11-21 08:00:00 UTC (1 d)"],
    ["down", target({ states: [DOWN_STATE] }), "✕ down since 2026-11-22 07:58:00 UTC (2 min)"],
    [
      "unknown",
      target({ states: [{ ...UP_STATE, status: "unknown" }] }),
      "? unknown since 2026-11-21 08:00:00 UTC (1 d)",
    ],
    ["not yet run", target({ states: [] }), "… first run to come No run has ended yet."],
    [
      "stale",
      target({ states: [{ ...UP_STATE, lastRunAt: "2026-11-22T07:50:00.000Z" }] }),
      "‖ stale Last run 2026-11-22 07:50:00 UTC , 10 min ago; it was up.",
    ],
    [
      "the worst of its vantages",
      target({ states: [UP_STATE, { ...DOWN_STATE, vantage: "us-east-1" }] }),
      "✕ down since 2026-11-22 07:58:00 UTC (2 min)",
    ],
  ])("is told in words and by a sign: %s", (_, shown, text) => {
    expect(textOf(page([shown]))).toContain(`orders ${text}`);
  });

  it("is not stale while its next runs may be on their way", () => {
    const late = target({ states: [{ ...UP_STATE, lastRunAt: "2026-11-22T07:57:30.000Z" }] });
    expect(textOf(page([late]))).toContain("orders ✓ up");
  });

  it("puts first what somebody must look at, and counts", () => {
    const text = textOf(
      page([
        target({ name: "a" }),
        target({ name: "b", states: [DOWN_STATE] }),
        target({ name: "c", states: [{ ...UP_STATE, status: "unknown" }] }),
      ]),
    );
    expect(text).toContain("3 targets: 1 down, 1 unknown, 1 up");
    expect(text.indexOf("b ✕ down")).toBeLessThan(text.indexOf("c ? unknown"));
    expect(text.indexOf("c ? unknown")).toBeLessThan(text.indexOf("a ✓ up"));
  });

  it("names the time zone", () => {
    const text = textOf(page([target()], { timeZone: "Asia/Kolkata" }));
    expect(text).toContain("since 2026-11-21 13:30:00 +05:30");
    expect(text).toContain("times are Asia/Kolkata");
  });
});

describe("a page without anything to show", () => {
  it.each([
    ["there is nothing", {}, "There are no targets yet. Name one in vigil.config.ts"],
    ["history is being read", { loading: true }, "History is being read"],
    [
      "the monitor itself is ill",
      { troubles: ["History cannot be written: the disk is full."] },
      "History cannot be written: the disk is full.",
    ],
  ])("says so: %s", (_, overrides, text) => {
    expect(textOf(page([], overrides))).toContain(text);
  });

  it("shows what is not known as not known", () => {
    expect(textOf(page([target({ states: [] })]))).toContain("uptime, 90 d – not known yet");
  });
});

describe("numbers", () => {
  it("never round an outage away", () => {
    const hours = [fullHour(NOW - DAY, "orders", 60)];
    const days = [
      {
        from: NOW - DAY,
        runs: 129_600,
        counts: { good: 129_599, bad: 1, unknown: 0 },
        gapExcluded: { good: 129_599, bad: 1, unknown: 0 },
        degraded: 0,
        modes: {},
        latency: { p50Ms: null, p95Ms: null, p99Ms: null, slowestMs: null },
      },
    ];
    expect(textOf(page([target({ hours, days })]))).toContain("uptime, 90 d 99.999 %");
  });

  it("are of first tries, and of the last day's latency", () => {
    const text = textOf(page([targetOf([downRun(3), run(2), run(1), run(0)])]));
    expect(text).toContain("uptime, 90 d 75 % p50, 24 h 196 ms p95, 24 h 196 ms");
  });
});

describe("timelines", () => {
  const shown = targetOf([
    ...MINUTES_AGO.slice(0, 11).map((n) => run(n)),
    ...[2, 1, 0].map((n) => downRun(n)),
  ]);

  it("say in words what they show", () => {
    const markup = page([shown]);
    expect(markup).toContain(
      'aria-label="The last 60 minutes, by minute: 11 without failures, 3 bad, 46 without runs; tools-empty"',
    );
    expect(markup).toContain(
      'aria-label="The last 48 hours, by hour: 2 bad, 46 without runs; tools-empty"',
    );
    expect(markup).toContain(
      'aria-label="The last 90 days, by day: 1 bad, 89 without runs; tools-empty"',
    );
  });

  it("draw failures taller, and in the colour of their mode's group", () => {
    const markup = page([targetOf([run(1), downRun(0)])]);
    expect(markup).toContain('<path class="l-ok" d="M232 17h4"/>');
    expect(markup).toContain(
      '<path class="l-bad g-T" d="M236 12h4"><title>tools-empty ×1</title></path>',
    );
  });

  it("take a failure that a repeat did not show for a flaw", () => {
    expect(page([targetOf([downRun(0, { confirmed: false })])])).toContain(
      '<path class="l-some g-T" d="M236 14.5h4">',
    );
  });

  it("know modes of another version", () => {
    const mode = "invented-later" as FailureCode;
    const failures = [{ ...OPEN, mode } as never];
    expect(page([targetOf([downRun(0, { failures })])])).toContain('class="l-bad g-x"');
  });

  it("shade gap windows and mark deployments", () => {
    const markup = page([
      target({
        gaps: [gap(at(NOW - 600_000), null)],
        deployments: [deployment(at(NOW - 600_000))],
      }),
    ]);
    expect(markup).toContain("60 without runs, 1 gap window, 1 deployment");
    expect(markup).toContain('<rect class="gap" x="198" y="0" width="40" height="20">');
    expect(markup).toContain(
      "<title>gap window from 2026-11-22 07:50:30 UTC, still open: exposed</title>",
    );
    expect(markup).toContain("<title>deployed 42 at 2026-11-22 07:50:30 UTC</title>");
  });
});

describe("an open incident", () => {
  it("says what broke, since when, and what to do", () => {
    const text = textOf(page([target({ states: [DOWN_STATE], incidents: [OPEN] })]));
    expect(text).toContain("tools/list returned no tools");
    expect(text).toContain("What to do: Look for an error while the tools were loaded.");
    expect(text).toContain(
      "Open since 2026-11-22 07:58:00 UTC (2 min), seen from eu-west-1, 3 runs not well. Runbook",
    );
  });

  it("says what explains it, where pages told that", () => {
    const likelyCause = "empty-stream, and the URL's InvokeMode is BUFFERED";
    const explained = { ...OPEN, likelyCause };
    expect(textOf(page([target({ states: [DOWN_STATE], incidents: [explained] })]))).toContain(
      `Likely cause: ${likelyCause} . vigil doctor orders tells how to mend it. What to do:`,
    );
    const old = page([target({ states: [DOWN_STATE], incidents: [OPEN] })]);
    expect(textOf(old)).not.toContain("Likely cause");
  });

  it("is not shown once it is closed", () => {
    const closed = { ...OPEN, closedAt: "2026-11-22T07:59:00.000Z" };
    expect(textOf(page([target({ incidents: [closed] })]))).not.toContain("What to do");
  });
});

/** A target that says everything it can say with one text. */
function saying(text: string): TargetModel {
  const mode = text as FailureCode;
  const state = { ...DOWN_STATE, modes: [mode], vantage: text };
  return targetOf(
    [downRun(0, { failures: [{ mode, step: "listTools", summary: text } as never] })],
    {
      name: text,
      url: text,
      owner: text,
      tags: [text],
      runbook: text,
      states: [state, { ...state, vantage: `${text}2` }],
      incidents: [
        { ...OPEN, vantage: text, modes: [mode], summary: text, remedy: text, likelyCause: text },
      ],
      gaps: [gap(at(NOW - 60_000), null, { version: text, reason: text })],
      deployments: [deployment(at(NOW - 60_000), text)],
    },
  );
}

describe("hostile text", () => {
  it.each(PAYLOADS)("changes no tag and no attribute: %j", (payload) => {
    const markup = page([saying(payload)], { troubles: [payload] });
    expect(structureOf(markup)).toEqual(
      structureOf(page([saying("harmless")], { troubles: ["harmless"] })),
    );
    expect(markup.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("costs a bounded page", () => {
    const long = page([saying("x".repeat(1_000_000))]);
    expect(Buffer.byteLength(long)).toBeLessThan(60_000);
  });
});

describe("a badge", () => {
  it("is a picture that says what it shows", () => {
    expect(badge("orders", "down")).toContain('aria-label="orders: down"');
    expect(badge("orders", "stale")).toContain(">‖ stale</text>");
  });

  it.each(PAYLOADS)("takes no harm from a name: %j", (payload) => {
    expect(structureOf(badge(payload, "up"))).toEqual(structureOf(badge("harmless", "up")));
  });
});

describe("a hundred targets over ninety days", () => {
  const modes = ["tools-empty", "timeout", "session-lost", "http-forbidden"] as const;
  const big = Array.from({ length: 100 }, (_, index) => {
    const name = `target-${index}`;
    const hours = Array.from({ length: 48 }, (__, hour) =>
      fullHour(
        Math.floor(NOW / 3_600_000) * 3_600_000 - hour * 3_600_000,
        name,
        3 + ((hour + index) % 30),
      ),
    );
    const days = Array.from({ length: 90 }, (__, day) => ({
      from: Math.floor(NOW / DAY) * DAY - day * DAY,
      runs: 1_440,
      counts: { good: 1_400, bad: (day * index) % 90, unknown: 0 },
      gapExcluded: { good: 1_400, bad: 0, unknown: 0 },
      degraded: day % 2,
      modes: { [modes[day % 4] ?? "slow"]: 3 },
      latency: { p50Ms: 1, p95Ms: 2, p99Ms: 3, slowestMs: 4 },
    }));
    const runs = Array.from({ length: 60 }, (__, minute) =>
      minute % 2 === 0
        ? run(minute)
        : downRun(minute, {
            failures: [{ mode: modes[(minute >> 1) % 4] ?? "slow" } as never],
          }),
    );
    return target({ name, states: [DOWN_STATE], incidents: [OPEN], hours, days, runs });
  });

  it("fit into half a megabyte, however they flap", () => {
    expect(Buffer.byteLength(page(big))).toBeLessThan(500_000);
  });
});
