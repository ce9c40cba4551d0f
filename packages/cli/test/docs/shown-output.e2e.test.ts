import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inFolder, type Running, startVigil, vigil } from "../vigil.ts";
import { blocksOf, DOCUMENTS, ROOT } from "./documents.ts";

/** What each run has anew: times, durations, ports, the process; and where lines break. */
const ANEW: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\d\d:\d\d:\d\d/g, "TIME"],
  [/127\.0\.0\.1:\d+/g, "HOST"],
  [/ -- --port \d+$/gm, ""],
  [/ --port \d+/g, ""],
  [/\(process \d+\)/g, "(process N)"],
  [/\d+ (ms|s|m)\b/g, "N UNIT"],
  // Last: the others look at lines.
  [/\s+/g, " "],
];

function settled(text: string): string {
  return ANEW.reduce((at, [pattern, instead]) => at.replaceAll(pattern, instead), text).trim();
}

/** The one block of a document that holds these words. */
function shownIn(path: string, words: string): string {
  const document = DOCUMENTS.find((one) => one.path === path);
  const found = document === undefined ? [] : blocksOf(document);
  const [only, ...more] = found.filter(({ text }) => text.includes(words));
  if (only === undefined || more.length > 0) throw new Error(`${path}: not one block: ${words}`);
  return only.text;
}

/** What is shown of a watch, cut before each run's line: other runs may come between. */
function piecesOf(shown: string): readonly string[] {
  return settled(shown)
    .split(/(?=TIME )/)
    .map((piece) => piece.trim());
}

let end = () => {};

/** The monitor of `npm start`, once its demo server has been found well. */
async function watchDemo(cwd: string): Promise<Running> {
  const watch = startVigil(["watch", "--demo-port", "0", "--interval", "1s"], { cwd });
  end = () => watch.child.kill("SIGINT");
  await watch.sees("has had its first good run");
  return watch;
}

async function breakAndSee(watch: Running, port: string): Promise<void> {
  const file = join(ROOT, "packages/demo-server/dist/break.js");
  execFileSync(process.execPath, [file, "--port", port, "tools-empty"]);
  await watch.sees("is meant.");
}

describe("what the documents show", () => {
  let watched = "";
  let checked = "";
  let named = "";
  let found = "";

  beforeAll(async () => {
    await inFolder(async (cwd) => {
      const watch = await watchDemo(cwd);
      const [address = "", port = ""] = /http:\/\/[\d.]+:(\d+)\/mcp/.exec(watch.stdout()) ?? [];
      const init = ["init", "--url", address, "--yes"];
      const { stdout, stderr } = await inFolder((empty) => vigil(init, { cwd: empty }));
      found = stdout + stderr;
      await breakAndSee(watch, port);
      checked = (await vigil(["check", address], { cwd })).stdout;
      named = (await vigil(["check", address, "--tool", "sentinel"], { cwd })).stdout;
      end();
      await watch.finished;
      watched = settled(watch.stdout());
    });
  }, 120_000);
  afterAll(() => end());

  it.each([
    ["README.md", "Break it from another terminal"],
    ["docs/quickstart.md", "has had its first good run"],
    ["docs/quickstart.md", "demo is DOWN"],
  ])("of a watch, in %s, is what it prints: %s", (path, words) => {
    for (const piece of piecesOf(shownIn(path, words))) expect(watched).toContain(piece);
  });

  it("of a check, in README.md, is what it prints", () => {
    expect(settled(checked)).toBe(settled(shownIn("README.md", "✖ DOWN  http")));
  });

  it("of a check of the demo, in docs/quickstart.md, is what it prints", () => {
    const shown = settled(shownIn("docs/quickstart.md", "✖ DOWN  demo"));
    expect(settled(named).replace("DOWN http://HOST/mcp", "DOWN demo")).toBe(shown);
  });

  it("of init, in docs/quickstart.md, is what it prints", () => {
    expect(settled(found)).toContain(settled(shownIn("docs/quickstart.md", "Of 1 address")));
  });
});

describe("what is settled", () => {
  it.each([
    ["up  345 ms at 02:39:11", "up 12 ms at 12:00:00", true],
    ["1 target", "2 targets", false],
    ["HTTP 200", "HTTP 404", false],
  ])("%j and %j", (a, b, isSame) => {
    expect(settled(a) === settled(b)).toBe(isSame);
  });
});
