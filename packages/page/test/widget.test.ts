import { describe, expect, it } from "vitest";
import { type TargetModel, type WidgetModel, widgetHtml, widgetMessage } from "../src/index.ts";
import { structureOf, textOf } from "./markup.ts";
import {
  at,
  DOWN_STATE,
  deployment,
  downRun,
  fullHour,
  gap,
  NOW,
  OPEN,
  run,
  target,
  targetOf,
  UP_STATE,
} from "./models.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const LOOK = { width: 600, theme: "light" } as const;
const PAYLOADS = [
  "<script>alert(1)</script>",
  "</style><img src=x onerror=alert(1)>",
  '"><svg onload=alert(1)>',
  "' autofocus onfocus=alert(1) x='",
  "\u202Egnp.exe\u2066\u0000",
];

function widget(
  targets: readonly TargetModel[],
  overrides: Partial<WidgetModel> = {},
  look: Parameters<typeof widgetHtml>[1] = LOOK,
): string {
  const range = { now: NOW, from: NOW - 3 * HOUR, to: NOW };
  return widgetHtml(
    { ...range, timeZone: "UTC", onlyUnwell: false, notes: [], targets, ...overrides },
    look,
  );
}

const SICK = targetOf([run(4), run(3), downRun(2), downRun(1), downRun(0)], {
  states: [DOWN_STATE],
  incidents: [OPEN],
});

describe("what is shown", () => {
  it.each<[string, TargetModel, string]>([
    ["up", targetOf([run(1), run(0)]), "orders ✓ up uptime 100 % p50 196 ms p95 196 ms"],
    [
      "down, with what broke and what to do",
      SICK,
      "orders ✕ down since 2026-11-22 07:58:00 UTC (2 min) team-orders · payments T tools-empty uptime 40 %",
    ],
    [
      "stale",
      target({ states: [{ ...UP_STATE, lastRunAt: "2026-11-22T07:50:00.000Z" }] }),
      "orders ‖ stale Last run 2026-11-22 07:50:00 UTC , 10 min ago; it was up.",
    ],
    ["not yet run", target({ states: [] }), "orders … first run to come No run has ended yet."],
  ])("of a target that is %s", (_, shown, text) => {
    expect(textOf(widget([shown]))).toContain(text);
  });

  it("is the open incident's cause, remedy and runbook", () => {
    const text = textOf(widget([SICK]));
    expect(text).toContain("tools/list returned no tools");
    expect(text).toContain("What to do: Look for an error while the tools were loaded.");
    expect(widget([SICK])).toContain('href="https://runbooks.example/orders"');
  });

  it("is the range, in the viewer's zone", () => {
    expect(textOf(widget([target()], { timeZone: "+05:30" }))).toContain(
      "1 target: 1 up. 2026-11-22 10:30:30 +05:30 to 2026-11-22 13:30:30 +05:30 .",
    );
  });

  it("is what is not well first, and one line each for what is", () => {
    const html = widget([target({ name: "a" }), { ...SICK, name: "b" }, target({ name: "c" })]);
    const names = [
      ...html.matchAll(/<li class="target (brief )?is-(\w+)"><article aria-label="(\w)"/gu),
    ];
    expect(names.map(([, brief = "", shown, name]) => `${name} ${shown} ${brief}`.trim())).toEqual([
      "b down",
      "a up brief",
      "c up brief",
    ]);
  });

  it.each<[string, Partial<WidgetModel>, string]>([
    ["all are well and were left out", { onlyUnwell: true }, "Every target is up."],
    ["the range was cut", { notes: ["Shown are less."] }, "Shown are less."],
  ])("is said in words when %s", (_, overrides, text) => {
    expect(textOf(widget([], overrides))).toContain(text);
  });
});

describe("the timeline", () => {
  it("is of the range alone, by the minute while there is room", () => {
    const runs = [run(70), downRun(69), downRun(61), run(3), downRun(2)];
    const html = widget([targetOf(runs)], { from: NOW - 60 * MINUTE });
    expect(html).toContain(
      'aria-label="The dashboard&#39;s time range, by 1 minute: 1 without failures, 1 bad, 59 without runs; tools-empty"',
    );
    expect(html).toContain('<path class="l-bad g-T"');
    expect(textOf(html)).toContain("uptime 50 %");
  });

  it.each([
    [180 * MINUTE, "2 minutes"],
    [24 * HOUR, "15 minutes"],
    [14 * 24 * HOUR, "240 minutes"],
    [90 * 24 * HOUR, "1440 minutes"],
  ])("over %d ms has bars of %s", (length, unit) => {
    expect(widget([targetOf([run(0)])], { from: NOW - length })).toContain(`by ${unit}:`);
  });

  it("is finer where there is more room", () => {
    const wide = { ...LOOK, width: 1_200 };
    expect(widget([targetOf([run(0)])], {}, wide)).toContain("by 1 minute:");
  });

  it("shades gap windows and marks deployments", () => {
    const html = widget([
      targetOf([run(0)], {
        gaps: [gap(at(NOW - 20 * MINUTE), at(NOW - 18 * MINUTE))],
        deployments: [deployment(at(NOW - 20 * MINUTE))],
      }),
    ]);
    expect(html).toMatch(/<rect class="gap" [^>]*><title>gap window from 2026-11-22 07:40:30 UTC/u);
    expect(html).toContain("<title>deployed 42 at 2026-11-22 07:40:30 UTC</title>");
  });

  it("shows failures that no repeat confirmed as lower than an outage", () => {
    const flaky = fullHour(NOW - HOUR, "orders", 10);
    const hour = { ...flaky, hour: at(Math.floor(NOW / HOUR) * HOUR - HOUR) };
    const effective = { up: 54, degraded: 6, down: 0, unknown: 0 };
    expect(widget([target({ hours: [hour] })])).toContain('<path class="l-bad g-L"');
    expect(widget([target({ hours: [{ ...hour, effective }] })])).toContain(
      '<path class="l-some g-L"',
    );
  });
});

describe("what others say", () => {
  it.each(PAYLOADS)("stays text: %s", (payload) => {
    const plain = widget([hostile("x")]);
    expect(structureOf(bodyOf(widget([hostile(payload)])))).toEqual(structureOf(bodyOf(plain)));
  });

  it.each(PAYLOADS)("stays text in a message: %s", (payload) => {
    const html = widgetMessage({ title: "Wrong", sentences: [payload] }, LOOK);
    expect(structureOf(bodyOf(html))).toEqual([
      "div class",
      "h2",
      "/h2",
      "ul",
      "li",
      "/li",
      "/ul",
      "/div",
    ]);
  });

  it("is cut", () => {
    expect(widget([hostile("x".repeat(1_000_000))]).length).toBeLessThan(40_000);
  });
});

/** Whatever a target, or who keeps the table, may have written. */
function hostile(text: string): TargetModel {
  const open = { ...OPEN, summary: text, remedy: text, vantage: text, modes: [text as never] };
  return target({
    name: text,
    owner: text,
    tags: [text],
    runbook: text,
    states: [{ ...DOWN_STATE, vantage: text, modes: [text as never] }, DOWN_STATE],
    incidents: [open],
    hours: [{ ...fullHour(Math.floor(NOW / HOUR) * HOUR - HOUR, text, 10), modes: { [text]: 6 } }],
    gaps: [gap(at(NOW - HOUR), null, { reason: text })],
    deployments: [deployment(at(NOW - HOUR), text)],
    alert: {
      openedAt: at(NOW - HOUR),
      status: "down",
      modes: [],
      seenFrom: [text],
      heldBy: { kind: "mute", until: at(NOW), reason: text },
      pagedAt: null,
      lastPagedAt: null,
      acknowledged: null,
    },
  });
}

/** Without the style, which has braces and no tags. */
function bodyOf(html: string): string {
  return html.replace(/^<style>[^<]*<\/style>/u, "");
}

describe("what CloudWatch takes", () => {
  it.each(["light", "dark"] as const)("is %s by its theme, whatever the machine's", (theme) => {
    const html = widget([SICK], {}, { ...LOOK, theme });
    expect(html).toContain(`color-scheme:${theme};`);
    expect(html).not.toContain("prefers-color-scheme");
    expect(html).toContain(theme === "dark" ? "--bg:#0f1216" : "--bg:#fff");
  });

  it("has no style that reaches beyond the widget, and nothing that CloudWatch takes out", () => {
    const html = widget([SICK]);
    const [, style = ""] = /^<style>([^<]*)<\/style>/u.exec(html) ?? [];
    const selectors = [...style.matchAll(/([^{}]+)\{/gu)].flatMap(([, list = ""]) =>
      list.split(","),
    );
    expect(selectors.length).toBeGreaterThan(20);
    expect(style).not.toMatch(/\drem/u);
    expect(selectors.filter((selector) => !selector.trim().startsWith(".vigil-widget"))).toEqual(
      [],
    );
    expect(html).not.toMatch(/<(script|iframe|use|link|form)\b|\son\w+=|javascript:| id="/iu);
  });

  it("is 500 kB at most, and tells of what there was no room for", () => {
    const many = Array.from({ length: 400 }, (_, n) => ({ ...SICK, name: `t${n}` }));
    const html = widget(many);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(500_000);
    const shown = html.match(/<li class="target/gu)?.length ?? 0;
    expect(textOf(html)).toContain(
      `${400 - shown} more targets would make this too large. Name fewer in the widget's parameters.`,
    );
  });

  it("of many mistakes tells twenty", () => {
    const sentences = Array.from({ length: 25 }, (_, n) => `mistake ${n}.`);
    const text = textOf(widgetMessage({ title: "Wrong", sentences }, LOOK));
    expect(text).toMatch(/^Wrong mistake 0\..* mistake 19\. and 5 more$/u);
  });
});
