import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BURNS, FOLD_MS } from "../../src/index.ts";

const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
const DOC = read("../../../../docs/paging.md");

describe("docs/paging.md", () => {
  it("shows a page as it is sent", () => {
    const [sent = ""] = read("golden/down.txt").split("\n-- sms");
    expect(DOC).toContain(`\`\`\`\n${sent.trimEnd()}\n\`\`\``);
  });

  it.each(BURNS)("has the pace $pace as it is counted", (burn) => {
    const words = (ms: number) =>
      ms >= 3_600_000 ? `${ms / 3_600_000} hour` : `${ms / 60_000} minutes`;
    const row = new RegExp(
      `\\| ${burn.pace} \\| ${words(burn.longMs)}s? \\| ${words(burn.shortMs)} \\| ${burn.rate} \\| ${burn.leastBad} \\|`,
      "u",
    );
    expect(DOC).toMatch(row);
  });

  it("says for how long pages are folded", () => {
    expect(DOC).toContain(`within ${FOLD_MS / 1_000} seconds`);
  });
});
