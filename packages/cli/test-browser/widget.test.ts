import type { FailureCode, WidgetLook } from "@vigil/core";
import { type TargetModel, widgetHtml, widgetMessage } from "@vigil/page";
import { describe, expect, it } from "vitest";
import {
  at,
  DOWN_STATE,
  deployment,
  fullHour,
  gap,
  NOW,
  OPEN,
  target,
  UP_STATE,
} from "../../page/test/models.ts";
import { overhang, SCHEMES, shoot, useBrowser, violations } from "./browser.ts";

const browser = useBrowser();
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PAYLOAD =
  '</title></bdi></style>"><img src=x onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">';

const hours = (name: string, failEvery: number) =>
  [3, 2, 1, 0].map((ago) =>
    fullHour(Math.floor(NOW / HOUR_MS) * HOUR_MS - ago * HOUR_MS, name, failEvery),
  );

const TARGETS: readonly TargetModel[] = [
  target({
    states: [DOWN_STATE, { ...UP_STATE, vantage: "us-east-1" }],
    hours: hours("orders", 10),
    incidents: [OPEN],
    gaps: [gap(at(NOW - 80 * MINUTE_MS), at(NOW - 70 * MINUTE_MS))],
    deployments: [deployment(at(NOW - 80 * MINUTE_MS))],
  }),
  target({ name: "fine", hours: hours("fine", 100) }),
  target({ name: "fine-with-a-name-that-goes-on-and-on-and-on", hours: hours("fine", 30) }),
  target({ name: "old", states: [{ ...UP_STATE, lastRunAt: at(NOW - 20 * MINUTE_MS) }] }),
  target({ name: "new", states: [] }),
];

function hostile(): TargetModel {
  const mode = PAYLOAD as FailureCode;
  const [hour] = hours(PAYLOAD, 10);
  return target({
    name: PAYLOAD,
    owner: PAYLOAD,
    tags: [PAYLOAD],
    runbook: `javascript:${PAYLOAD}`,
    states: [{ ...DOWN_STATE, vantage: PAYLOAD, modes: [mode] }, DOWN_STATE],
    hours: hour === undefined ? [] : [{ ...hour, modes: { [PAYLOAD]: 6 } }],
    incidents: [{ ...OPEN, modes: [mode], summary: PAYLOAD, remedy: PAYLOAD }],
    deployments: [deployment(at(NOW - HOUR_MS), PAYLOAD)],
  });
}

function drawn(targets: readonly TargetModel[], look: WidgetLook): string {
  const range = { now: NOW, from: NOW - 4 * HOUR_MS, to: NOW };
  return widgetHtml({ ...range, timeZone: "+05:30", onlyUnwell: false, notes: [], targets }, look);
}

/** What the console puts around it, as far as it matters: a title, its own letters, a frame. */
function onDashboard(html: string, { theme }: WidgetLook): string {
  const background = theme === "dark" ? "#161d26" : "#fff";
  return `<!doctype html><html lang="en"><head><title>Dashboard</title><style>html{font-size:10px}body{margin:0;background:${background}}h1{position:absolute;clip-path:inset(50%)}</style></head><body><main><h1>Dashboard</h1>${html}</main></body></html>`;
}

describe("the CloudWatch widget", () => {
  const cases = SCHEMES.flatMap((theme) => [600, 1_200].map((width) => ({ theme, width })));

  it.each(cases)("is read by everybody, $theme at $width px", async (look) => {
    const viewport = { width: look.width, height: 800 };
    const { page, complaints } = await browser.open({ viewport });
    await page.setContent(onDashboard(drawn(TARGETS, look), look));
    expect(await violations(page)).toEqual([]);
    expect(await overhang(page)).toBe(0);
    await shoot(page, `widget-${look.theme}-${look.width}`);
    const sentences = ["targets: the config has no target"];
    await page.setContent(onDashboard(widgetMessage({ title: "Wrong", sentences }, look), look));
    expect(await violations(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("leaves what a target says text, without any policy of the page's", async () => {
    const look = { theme: "light", width: 600 } as const;
    const { page, complaints } = await browser.open({ viewport: { width: 600, height: 800 } });
    await page.setContent(onDashboard(drawn([hostile()], look), look), { waitUntil: "load" });
    expect(await page.evaluate("window.hit ?? null")).toBeNull();
    expect(await page.evaluate("document.querySelectorAll('img, script').length")).toBe(0);
    expect(await page.getByText("window.hit=1").count()).toBeGreaterThan(0);
    expect(await overhang(page)).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
