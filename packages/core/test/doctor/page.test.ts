import { expect, it } from "vitest";
import { DOCTOR_RULES, doctorMarkdown, FAILURE_MODES, type RuleId } from "../../src/index.ts";

const page = doctorMarkdown(DOCTOR_RULES);
const parts = page.split(/^## /m);
const HEADS = { error: "Errors", warning: "Warnings", hint: "Hints" };

it.each(Object.keys(DOCTOR_RULES) as RuleId[])(
  "docs/doctor.md tells of %s by its severity",
  (id) => {
    const { severity, title, why, causes } = DOCTOR_RULES[id];
    const rows = parts
      .find((part) => part.startsWith(HEADS[severity]))
      ?.split("\n")
      .filter((line) => line.startsWith(`| \`${id}\` |`));
    expect(rows).toEqual([expect.stringContaining(`${title}. ${why}`)]);
    for (const code of causes) {
      expect(rows?.[0]).toContain(`](failure-modes.md#${code})`);
      expect(FAILURE_MODES).toHaveProperty(code);
    }
  },
);
