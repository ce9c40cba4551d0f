import { expect, it } from "vitest";
import { historyTable } from "../src/history-table.ts";
import { createPalette } from "../src/palette.ts";
import { DEGRADED, DOWN, UNKNOWN, UP } from "./records.ts";

it("historyTable lists time with zone, status, duration and modes", () => {
  expect(historyTable([DOWN, DEGRADED, UNKNOWN, UP], createPalette(false), () => 60)).toBe(`\
time                        status      duration  modes
2026-11-22 09:00:00 +01:00  ✖ down        214 ms  tools-empty
2026-11-22 09:00:00 +01:00  ▲ degraded    3.41 s  slow (not confirmed)
2026-11-22 09:00:00 +01:00  ? unknown      35 ms  auth-required
2026-11-22 09:00:00 +01:00  ✔ up          226 ms
`);
});

it("historyTable brings no colour of its own", () => {
  expect(historyTable([UP], createPalette(false))).not.toContain("\u001B");
});
