import { describe, expect, it } from "vitest";
import { inFolder, type Running, startVigil } from "../test/vigil.ts";
import { overhang, shoot, useBrowser, violations } from "./browser.ts";

const browser = useBrowser();
const PATIENCE = { timeout: 60_000 };

interface Watching {
  /** Of the status page. */
  readonly url: string;
  /** As `npm run demo:break` does. */
  breakIt(fault: string): Promise<void>;
  /** As `npm run demo:deploy` does. */
  deployIt(): Promise<void>;
}

const DEPLOYMENT = { DEMO_GAP_MS: "8000", DEMO_COLD_MS: "600" };

/** A watch of the demo server, as `npm start` begins one. */
async function watching(use: (watch: Watching) => Promise<void>): Promise<void> {
  await inFolder(async (dir) => {
    const args = ["watch", "--interval", "1s", "--port", "0", "--demo-port", "0"];
    const watch = startVigil(args, { cwd: dir, env: DEPLOYMENT });
    try {
      await watch.sees(/✔ up/u);
      const demo = found(watch, /demo: (\S+\/mcp)/u);
      await use({
        url: found(watch, /Status page: (\S+)/u),
        breakIt: (fault) => admin(new URL("/admin/fault", demo), { fault }),
        deployIt: () => admin(new URL("/admin/deployment", demo), { action: "start" }),
      });
    } finally {
      watch.child.kill("SIGINT");
      await watch.finished;
    }
  });
}

async function admin(url: URL, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
}

function found(watch: Running, pattern: RegExp): string {
  const [, value] = pattern.exec(watch.stdout()) ?? [];
  if (value === undefined) throw new Error(`no ${pattern} in ${watch.stdout()}`);
  return value;
}

async function runsOf(url: string): Promise<number> {
  const health = await (await fetch(new URL("/healthz", url))).json();
  return (health as { runs: number }).runs;
}

describe("the status page of a watch", () => {
  it("goes along with what happens, without a reload, and says what to do", async () => {
    await watching(async ({ url, breakIt }) => {
      const { page, complaints } = await browser.open();
      await page.goto(url);
      await page.evaluate("window.samePage = true");
      await page.getByText("1 target: 1 up").first().waitFor(PATIENCE);
      await breakIt("tools-empty");
      await page.getByText("1 target: 1 down").first().waitFor(PATIENCE);
      const incident = page.getByRole("region", { name: "Open incident of demo" });
      await incident.waitFor(PATIENCE);
      expect(await incident.textContent()).toContain("What to do:");
      expect(await incident.textContent()).toContain("tools-empty");
      expect(await violations(page)).toEqual([]);
      await shoot(page, "live-down");
      await breakIt("none");
      await page.getByText("1 target: 1 up").first().waitFor(PATIENCE);
      expect(await page.evaluate("window.samePage")).toBe(true);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it("shades the gap of a deployment while it is open, and says when it has closed", async () => {
    await watching(async ({ url, deployIt }) => {
      const { page, complaints } = await browser.open();
      await page.goto(new URL("/targets/demo", url).href);
      await page.evaluate("window.samePage = true");
      const part = page.getByRole("region", { name: "Deployments and gap windows" });
      expect(await part.textContent()).toContain("None were seen.");
      await deployIt();
      const open = part.getByText("open", { exact: true });
      await open.waitFor(PATIENCE);
      // A picture's parts are there or not; what is thin is not seen to be visible.
      expect(await page.locator(".strip .gap").count()).toBeGreaterThan(0);
      expect(await page.locator(".strip .deploy").count()).toBeGreaterThan(0);
      await shoot(page, "live-deploy");
      await open.waitFor({ ...PATIENCE, state: "detached" });
      expect(await page.locator(".strip .gap title").first().textContent()).toMatch(
        / to .*exposed/u,
      );
      expect(await page.evaluate("window.samePage")).toBe(true);
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it("is walked by keyboard, and keeps the reader's place while it changes", async () => {
    await watching(async ({ url }) => {
      const { page, complaints } = await browser.open();
      await page.goto(url);
      const focused = "document.activeElement.textContent";
      await page.keyboard.press("Tab");
      expect(await page.evaluate(focused)).toBe("Skip to the targets");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(focused)).toBe("demo");
      const made = await page.locator(".made").textContent();
      await expect.poll(() => page.locator(".made").textContent(), PATIENCE).not.toBe(made);
      expect(await page.evaluate(focused)).toBe("demo");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: /demo/u }).waitFor(PATIENCE);
      expect(await violations(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });

  it("waits while text is selected, and keeps open what was opened", async () => {
    await watching(async ({ url, breakIt }) => {
      await breakIt("tools-empty");
      const { page } = await browser.open();
      await page.goto(new URL("/targets/demo", url).href);
      await page.locator("#about-tools-empty summary").waitFor({ ...PATIENCE, state: "attached" });
      await page.locator("#about-tools-empty summary").click();
      await page.locator("h1").click({ clickCount: 3 });
      const selected = "document.getSelection().toString()";
      const made = await page.locator(".made").textContent();
      const changed = () => page.locator(".made").textContent();
      const before = await runsOf(url);
      await expect.poll(() => runsOf(url), PATIENCE).toBeGreaterThan(before + 3);
      expect(await page.evaluate(selected)).toContain("demo");
      expect(await changed()).toBe(made);
      await page.evaluate("document.getSelection().removeAllRanges()");
      await expect.poll(changed, PATIENCE).not.toBe(made);
      expect(await page.locator("#about-tools-empty").getAttribute("open")).toBe("");
      await page.context().close();
    });
  });

  it("says the same without scripts, and fits a phone", async () => {
    await watching(async ({ url }) => {
      const { page } = await browser.open({
        javaScriptEnabled: false,
        viewport: { width: 360, height: 700 },
      });
      await page.goto(url);
      expect(await page.locator("#tally").textContent()).toBe("1 target: 1 up");
      const refresh = page.locator('meta[http-equiv="refresh"]');
      expect(await refresh.getAttribute("content")).toBe("30");
      const link = page.getByRole("link", { name: "demo" });
      await link.click();
      expect(await page.locator("h1").textContent()).toContain("demo");
      await page.context().close();
      const phone = await browser.open({ viewport: { width: 360, height: 700 } });
      for (const path of ["/", "/targets/demo"]) {
        await phone.page.goto(new URL(path, url).href);
        expect(await overhang(phone.page)).toBeLessThanOrEqual(0);
      }
      await phone.page.context().close();
    });
  });

  it("says so when the watch has gone, and leaves what was seen", async () => {
    const { page } = await browser.open();
    await watching(async ({ url }) => {
      await page.goto(url);
      await page.getByText("1 target: 1 up").first().waitFor(PATIENCE);
    });
    await page.getByText("Vigil does not answer").waitFor(PATIENCE);
    expect(await page.locator("#tally").textContent()).toBe("1 target: 1 up");
    await page.context().close();
  });
});
