import { describe, expect, it } from "vitest";
import { failureModesMarkdown } from "../src/docs.ts";
import { FAILURE_CODES, FAILURE_MODES } from "../src/failure-modes.ts";
import { PRECEDENCE } from "../src/judge/precedence.ts";

const page = failureModesMarkdown({ modes: FAILURE_MODES, precedence: PRECEDENCE });
const lines = page.split("\n");

describe("docs/failure-modes.md", () => {
  it.each(FAILURE_CODES)("tells what %s is and what to do", (code) => {
    const { title, status, remedy, reference } = FAILURE_MODES[code];
    expect(
      lines.filter((line) => line.startsWith(`| [\`${code}\`](#${code}) | ${status} |`)),
    ).toEqual([expect.stringContaining(title)]);
    const readOn = reference.startsWith("https://") ? `\nRead on: <${reference}>\n` : "";
    expect(page).toContain(`### ${code}\n\n**${title}.**\n\n${remedy}\n${readOn}`);
  });

  it("lists the rules in the order in which they are asked", () => {
    const rules = lines.filter((line) => /^\d+\. /.test(line));
    expect(rules.map((line) => line.split(":")[0])).toEqual(
      PRECEDENCE.map(({ name }, i) => `${i + 1}. ${name}`),
    );
    expect(rules[1]).toBe("2. size: [`response-too-large`](#response-too-large)");
  });

  it("keeps a title with a bar in its cell, and leaves empty groups out", () => {
    const { timeout } = FAILURE_MODES;
    const modes = { timeout: { ...timeout, title: "a | b" } } as unknown as typeof FAILURE_MODES;
    const text = failureModesMarkdown({ modes, precedence: [] });
    expect(text).toContain("| [`timeout`](#timeout) | down | a \\| b | partly |");
    expect(text.match(/^## .*$/gm)).toEqual(["## Time", "## Which name wins", "## What to do"]);
  });
});
