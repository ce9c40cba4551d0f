import { type Hold, testMessage } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { droppedLine, heldLine, pageBlock } from "../src/pages/page-lines.ts";
import { createPalette } from "../src/palette.ts";

const palette = createPalette(false);
const PAGE = testMessage({ by: "kim", at: "2026-11-22T08:00:00.000Z", stage: null, targets: 2 });

describe("what a watch says of pages", () => {
  it("stands out of the runs, with all that a page says and where it went", () => {
    const hooks = ["https://hooks.example.com"];
    expect(pageBlock(PAGE, { palette, width: 130, hooks })).toBe(`
━━━ PAGE ${"━".repeat(91)}
OK: test page from Vigil, nothing is wrong

${PAGE.message.default.trimEnd()}
Also goes to https://hooks.example.com
${"━".repeat(100)}

`);
  });

  it("fits into a narrow terminal", () => {
    const block = pageBlock(PAGE, { palette, width: 50, hooks: [] });
    expect(block.split("\n").filter(({ length }) => length > 50)).toEqual([]);
    expect(block).toContain("This is a test. Nothing is wrong.\n");
  });

  it("lets no control character of a server's through", () => {
    const page = { ...PAGE, message: { ...PAGE.message, default: "a\u001B[2Jb\u0007\nc" } };
    expect(pageBlock(page, { palette, width: 60, hooks: [] })).toContain("\nab\nc\n");
  });

  it.each([
    [
      { kind: "gap", since: "2026-11-22T08:00:00.000Z", exposure: "exposed" },
      /a deployment gap is open, or has just closed\n$/u,
    ],
    [
      { kind: "maintenance", until: "2026-11-22T08:00:00.000Z" },
      /it is in maintenance until \d\d:\d\d:\d\d\n$/u,
    ],
    [
      { kind: "mute", until: "2026-11-22T08:00:00.000Z", reason: "we know" },
      /it is muted until \d\d:\d\d:\d\d: we know\n$/u,
    ],
  ] satisfies readonly (readonly [Hold, RegExp])[])("says what holds a page: %j", (hold, text) => {
    const line = heldLine("orders", hold, palette);
    expect(line).toMatch(/^ {10}‖ orders: its page is HELD\n/u);
    expect(line).toMatch(text);
  });

  it("says that nobody was told in the end", () => {
    expect(droppedLine("orders", palette)).toBe(
      "          ✔ orders: nobody was paged\n            it is well again, and its page was held till then\n",
    );
  });
});
