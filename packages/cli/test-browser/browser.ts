import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const SCHEMES = ["light", "dark"] as const;
export const WIDTHS = [360, 1_440] as const;

export interface Seen {
  readonly page: Page;
  /** What the browser complained of: errors, and what the page's policy has forbidden. */
  readonly complaints: readonly string[];
}

export interface Browsing {
  /** A new page in a window of its own. */
  open(options?: BrowserContextOptions): Promise<Seen>;
}

/** One browser for all tests of a file. */
export function useBrowser(): Browsing {
  let browser: Browser | null = null;
  beforeAll(async () => {
    const executablePath = process.env["VIGIL_TEST_CHROMIUM"];
    if (executablePath === undefined) throw new Error("Start this suite by npm run test:browser");
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    async open(options = {}) {
      if (browser === null) throw new Error("There is no browser yet");
      const context = await browser.newContext(options);
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("dialog", (dialog) => {
        complaints.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      return { page, complaints };
    },
  };
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe finds wrong, best practices included. Run by evaluation, which no policy forbids. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate<readonly Violation[]>(
    "axe.run(document).then(({ violations }) => violations)",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}

/** How far the page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
}

/** Left for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env["VIGIL_TEST_SHOTS"] ?? "";
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
