import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  readWidgetRequest,
  type WidgetScene,
  widgetMarkdown,
  widgetParamsTable,
} from "../src/index.ts";
import { CONTEXT, NOW, widgetEvent } from "./widget-event.ts";

const HOUR_MS = 3_600_000;
const SCENE: WidgetScene = {
  targets: [
    { name: "orders", tags: ["payments", "eu"] },
    { name: "billing", tags: ["payments"] },
    { name: "search", tags: [] },
  ],
  vantages: 1,
  now: NOW,
};
const NAMES = "write names of targets, as a list or with commas between them, or leave it out";

function shown(event: unknown, scene: WidgetScene = SCENE) {
  const read = readWidgetRequest(event, scene);
  if (read.kind !== "show") throw new Error(JSON.stringify(read));
  return read.request;
}

describe("what is asked for", () => {
  it("is all of an event as CloudWatch sends it", () => {
    expect(readWidgetRequest({ targets: ["orders"], widgetContext: CONTEXT }, SCENE)).toEqual({
      kind: "show",
      request: {
        from: NOW - 2 * HOUR_MS,
        to: NOW - HOUR_MS,
        targets: ["orders"],
        onlyUnwell: false,
        timeZone: "UTC",
        look: { width: 588, theme: "dark" },
        notes: [],
      },
    });
  });

  it.each<[string, object, readonly string[]]>([
    ["nothing: all", {}, ["orders", "billing", "search"]],
    ["a list, in the config's order", { targets: ["search", "orders"] }, ["orders", "search"]],
    ["text with commas", { targets: " search , orders," }, ["orders", "search"]],
    ["one name twice", { targets: ["orders", "orders"] }, ["orders"]],
    ["a tag", { tag: "payments" }, ["orders", "billing"]],
    ["a tag with spaces around it", { tag: " eu " }, ["orders"]],
  ])("by %s", (_, params, targets) => {
    expect(shown(widgetEvent(params)).targets).toEqual(targets);
  });

  it("takes parameters beside the context where that has none, as a test event may", () => {
    const { params: _, ...context } = CONTEXT;
    expect(shown({ tag: "eu", widgetContext: context }).targets).toEqual(["orders"]);
    expect(shown({ only: "unwell" }).onlyUnwell).toBe(true);
  });

  it("takes nothing beside the context where that has them: CloudWatch may come to send more", () => {
    expect(shown({ ...widgetEvent({ tag: "eu" }), newlySent: 1 }).targets).toEqual(["orders"]);
  });

  it.each([
    ["not an event", null],
    ["text", "describe"],
    ["a list", [1]],
    ["an empty event", {}],
    ["a context that is none", { widgetContext: 7 }],
    ["parameters that are none", { widgetContext: { params: [1] } }],
    ["a context in which all is odd", widgetEvent({}, { theme: 1, timeRange: 2, timezone: 3 })],
  ])("is everything in light over the last three hours, where there is %s", (_, event) => {
    expect(shown(event)).toMatchObject({
      from: NOW - 3 * HOUR_MS,
      to: NOW,
      targets: ["orders", "billing", "search"],
      timeZone: "UTC",
      look: { theme: "light" },
      notes: [],
    });
  });
});

describe("the time range", () => {
  const range = (timeRange: unknown) => {
    const { from, to } = shown(widgetEvent({}, { timeRange }));
    return [(NOW - from) / HOUR_MS, (NOW - to) / HOUR_MS];
  };
  const ago = (hours: number) => NOW - hours * HOUR_MS;

  it.each<[string, unknown, readonly number[]]>([
    ["the dashboard's", { start: ago(5), end: ago(2) }, [5, 2]],
    ["zoomed", { start: ago(5), end: NOW, zoom: { start: ago(4), end: ago(3) } }, [4, 3]],
    ["zoomed oddly", { start: ago(5), end: ago(2), zoom: { start: "x" } }, [5, 2]],
    ["up to a time to come: cut now", { start: ago(5), end: ago(-1) }, [5, 0]],
    ["all to come", { start: ago(-1), end: ago(-2) }, [3, 0]],
    ["backwards", { start: ago(1), end: ago(2) }, [3, 0]],
    ["before all times", { start: -1e300, end: ago(2) }, [3, 0]],
    ["text", { start: "yesterday", end: "today" }, [3, 0]],
    ["fifteen months: cut at ninety days", { start: ago(24 * 450), end: NOW }, [24 * 90, 0]],
  ])("is %s", (_, timeRange, hours) => {
    expect(range(timeRange)).toEqual(hours);
  });

  it("is shorter where there is too much to read in time, and says so", () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ name: `t${n}`, tags: [] }));
    const timeRange = { start: ago(24 * 30), end: NOW };
    const { from, notes } = shown(widgetEvent({}, { timeRange }), {
      targets: many,
      vantages: 2,
      now: NOW,
    });
    expect((NOW - from) / HOUR_MS).toBe(100);
    expect(notes).toEqual([
      "Shown are the last 100 of 720 hours: more cannot be read in time. Choose a shorter range, or name fewer targets in the widget's parameters.",
    ]);
  });
});

it.each<[string, unknown, string]>([
  ["UTC", { offsetISO: "+00:00" }, "UTC"],
  ["UTC from the other side", { offsetISO: "-00:00" }, "UTC"],
  ["east", { offsetISO: "+05:30" }, "+05:30"],
  ["west", { offsetISO: "-08:00" }, "-08:00"],
  ["too far", { offsetISO: "+15:00" }, "UTC"],
  ["text", { offsetISO: "Europe/Berlin" }, "UTC"],
  ["nothing", undefined, "UTC"],
])("the viewer's zone: %s", (_, timezone, zone) => {
  expect(shown(widgetEvent({}, { timezone })).timeZone).toBe(zone);
});

describe("parameters that are wrong", () => {
  it.each<[string, object, readonly string[]]>([
    [
      "an unknown one",
      { target: "orders" },
      ["target: there is no such parameter; write one of targets, tag, only"],
    ],
    ["a number for targets", { targets: 5 }, [`targets: ${NAMES}`]],
    ["a number among targets", { targets: ["orders", 5] }, [`targets: ${NAMES}`]],
    ["no targets", { targets: [] }, [`targets: ${NAMES}`]],
    ["nothing but commas", { targets: " , " }, [`targets: ${NAMES}`]],
    ["null", { targets: null }, [`targets: ${NAMES}`]],
    [
      "a target that is not there",
      { targets: ["orders", "<b>x</b>"] },
      ['targets: the config has no target "<b>x</b>"; write one of orders, billing, search'],
    ],
    [
      "a tag that nothing has",
      { tag: "prod" },
      ['tag: the config gives no target the tag "prod"; write one of payments, eu'],
    ],
    ["no tag", { tag: "" }, ["tag: write one tag, as the config has it, or leave it out"]],
    ["tags", { tag: ["eu"] }, ["tag: write one tag, as the config has it, or leave it out"]],
    ["both", { targets: "orders", tag: "eu" }, ["targets, tag: write one of the two, not both"]],
    ["another word for only", { only: "down" }, ["only: write all or unwell, or leave it out"]],
    [
      "several at once",
      { only: 1, tag: 2, hours: 3 },
      [
        "tag: write one tag, as the config has it, or leave it out",
        "only: write all or unwell, or leave it out",
        "hours: there is no such parameter; write one of targets, tag, only",
      ],
    ],
  ])("are named with what to write instead: %s", (_, params, problems) => {
    expect(readWidgetRequest(widgetEvent(params), SCENE)).toEqual({
      kind: "refused",
      problems,
      look: { width: 588, theme: "dark" },
    });
  });

  it("of many targets ten are named", () => {
    const targets = Array.from({ length: 12 }, (_, n) => ({ name: `t${n}`, tags: [] }));
    expect(readWidgetRequest(widgetEvent({ targets: "x" }), { ...SCENE, targets })).toMatchObject({
      problems: [
        'targets: the config has no target "x"; write one of t0, t1, t2, t3, t4, t5, t6, t7, t8, t9 or 2 more',
      ],
    });
  });

  it("tells to give a tag where there is none at all", () => {
    const targets = [{ name: "orders", tags: [] }];
    expect(readWidgetRequest(widgetEvent({ tag: "eu" }), { ...SCENE, targets })).toMatchObject({
      problems: ['tag: the config gives no target the tag "eu"; give it to targets there'],
    });
  });
});

describe("the documentation", () => {
  it("is asked for", () => {
    expect(readWidgetRequest({ describe: true }, SCENE)).toEqual({ kind: "describe" });
    expect(widgetMarkdown()).toContain(widgetParamsTable());
  });

  it("names every parameter that is read", () => {
    const rows = widgetParamsTable().match(/^\| `\w+`/gmu);
    expect(rows).toEqual(["| `targets`", "| `tag`", "| `only`"]);
  });

  it("is the same in docs/widget.md", () => {
    const path = join(import.meta.dirname, "../../../docs/widget.md");
    expect(readFileSync(path, "utf8")).toContain(widgetParamsTable());
  });
});
