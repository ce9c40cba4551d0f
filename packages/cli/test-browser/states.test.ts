import type { FailureCode, RunRecord } from "@vigil/core";
import { overviewPage, type Place, type TargetModel, targetPage } from "@vigil/page";
import { describe, expect, it } from "vitest";
import * as models from "../../page/test/models.ts";
import { overhang, SCHEMES, shoot, useBrowser, violations, WIDTHS } from "./browser.ts";
import { SHOWCASE, SHOWN_TARGET } from "./showcase.ts";

const browser = useBrowser();
const PLACE: Place = {
  styleHref: null,
  scriptSrc: null,
  overviewHref: "index.html",
  targetHref: (name) => `${encodeURIComponent(name)}.html`,
};
const { NOW, UP_STATE, DOWN_STATE, OPEN, at, deployment, downRun, gap, run, target, targetOf } =
  models;

const DEPLOYED_AT = at(NOW - 1_500_000);
const GAP = gap(DEPLOYED_AT, at(NOW - 1_000_000));

const BROKEN = targetOf(
  Array.from({ length: 60 }, (_, n) => (n < 4 ? downRun(n) : run(n))),
  {
    states: [DOWN_STATE, { ...UP_STATE, vantage: "us-east-1" }],
    incidents: [OPEN],
    gaps: [GAP],
    deployments: [deployment(DEPLOYED_AT)],
  },
);

const EVERY_STATE: readonly TargetModel[] = [
  BROKEN,
  target({ name: "fine" }),
  target({ name: "slow", states: [{ ...UP_STATE, status: "degraded", modes: ["slow"] }] }),
  target({
    name: "locked",
    states: [{ ...UP_STATE, status: "unknown", modes: ["secret-unavailable"] }],
  }),
  target({ name: "old", states: [{ ...UP_STATE, lastRunAt: at(NOW - 7_200_000) }] }),
  target({ name: "new-one-with-a-name-that-goes-on-and-on-and-on-and-on", states: [] }),
];

const PAYLOAD =
  '</title></bdi></pre>"><img src=x onerror="window.hit=1"><script>window.hit=1</script><svg onload="window.hit=1">';

function hostile(): TargetModel {
  const mode = PAYLOAD as FailureCode;
  return targetOf([failing()], {
    name: PAYLOAD,
    owner: PAYLOAD,
    url: PAYLOAD,
    runbook: `javascript:${PAYLOAD}`,
    states: [{ ...DOWN_STATE, vantage: PAYLOAD, modes: [mode] }, DOWN_STATE],
    incidents: [{ ...OPEN, modes: [mode], summary: PAYLOAD, remedy: PAYLOAD }],
    deployments: [deployment(DEPLOYED_AT, PAYLOAD)],
  });
}

function failing(): RunRecord {
  const failed = downRun(0);
  const [failure] = failed.failures;
  const evidence = { ...failure?.evidence, body: PAYLOAD, detail: PAYLOAD };
  return { ...failed, failures: [{ ...failure, summary: PAYLOAD, evidence }] } as RunRecord;
}

function own(shown: TargetModel, latest: readonly RunRecord[] = []): string {
  const detail = { slo: null, tools: null, baseline: null, latest };
  return targetPage({ model: models.model([shown]), target: shown, detail, place: PLACE });
}

const PAGES: Readonly<Record<string, () => string>> = {
  overview: () => overviewPage(models.model(EVERY_STATE), PLACE),
  empty: () => overviewPage(models.model([]), PLACE),
  loading: () => overviewPage(models.model([], { loading: true }), PLACE),
  troubled: () => overviewPage(models.model([BROKEN], { troubles: ["The disk is full."] }), PLACE),
  target: () => own(BROKEN, [downRun(0), run(1)]),
  "target-new": () => own(target({ states: [] })),
  hostile: () => overviewPage(models.model([hostile()]), PLACE),
  "target-hostile": () => own(hostile(), [failing()]),
  showcase: () => overviewPage(SHOWCASE, PLACE),
  "showcase-target": () => targetPage({ model: SHOWCASE, ...SHOWN_TARGET, place: PLACE }),
};

const EVERY = Object.keys(PAGES).flatMap((name) =>
  SCHEMES.flatMap((scheme) => WIDTHS.map((width) => [name, scheme, width] as const)),
);

describe("every state", () => {
  it.each(EVERY)("of the page %s in %s at %i px has nothing against it", async (...row) => {
    const [name, colorScheme, width] = row;
    const { page, complaints } = await browser.open({
      colorScheme,
      viewport: { width, height: 900 },
    });
    await page.setContent(PAGES[name]?.() ?? "");
    await shoot(page, `${name}-${colorScheme}-${width}`);
    expect(await violations(page)).toEqual([]);
    expect(await overhang(page)).toBeLessThanOrEqual(0);
    expect(await page.evaluate("window.hit ?? null")).toBeNull();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("prints on white, whatever the screen's colours", async () => {
    const { page } = await browser.open({ colorScheme: "dark" });
    await page.setContent(PAGES["overview"]?.() ?? "");
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    const background = "getComputedStyle(document.body).backgroundColor";
    expect(await page.evaluate(background)).toBe("rgb(255, 255, 255)");
    await page.context().close();
  });
});
