import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ALERTING_PATH, alertingMarkdown } from "../../src/alerting/index.ts";
import { playProber, playSequence } from "../../src/alerting/play.ts";
import type { Target } from "../../src/config/index.ts";
import { configOf, targetsOf } from "../configs.ts";

const [TARGET] = configOf({ vantages: ["eu-west-1"], targets: targetsOf(1) }).targets as [Target];

describe("docs/alerting.md", () => {
  it("is as it is generated", () => {
    const path = join(import.meta.dirname, "../../../..", ALERTING_PATH);
    expect(readFileSync(path, "utf8")).toBe(alertingMarkdown());
  });
});

/** Each page by its first letter and its second. */
function told(minutes: string, holds = ""): string {
  const { told: pages } = playSequence(TARGET, { title: "", minutes, holds });
  return pages.map(({ kind, ms }) => `${kind[0]}${Math.round(ms / 1_000)}`).join(" ");
}

describe("a sequence", () => {
  it.each([
    ["of good runs tells nothing", "S S S", "", ""],
    ["with one failed attempt tells nothing", "S FS S", "", ""],
    ["is told once its repeats failed too", "S FFF F S S", "", "o68 c240"],
    ["of time-outs is told after the time for repeats", "S TTT T S S", "", "o80 c240"],
    ["with a good run in between is one alert", "S FFF S F S S", "", "o68 c300"],
    ["that cannot be judged tells nothing", "S ? ? ? ? S", "", ""],
    ["is held while a gap holds it", "S FFF F F S S", " GG", "o180 c300"],
    ["that is well by the end of a hold tells nothing", "S FFF F S S", " GGGG", ""],
    ["is told again after half an hour", `S FFF${" F".repeat(31)}`, "", "o68 r1920"],
  ])("%s", (_title, minutes, holds, expected) => {
    expect(told(minutes, holds)).toBe(expected);
  });

  it.each([
    ["S F S", '"F" is not what is tried: it takes 2 attempt(s)', 'there is no attempt ""'],
    ["S FFF FF", '"FF" is not what is tried: it takes 1 attempt(s)', ""],
    ["S X", 'there is no attempt "X"', ""],
  ])("%s is refused", (minutes, message, other) => {
    expect(() => told(minutes)).toThrow(other || message);
  });
});

describe("a prober that waits for failures in a row", () => {
  it.each([
    [2, "S F F F S", "o120 c240"],
    [3, "S F F F S", "o180 c240"],
    [2, "S F S F S", ""],
    [3, "S F F S F F S", ""],
  ])("%i: %s", (needed, minutes, expected) => {
    const pages = playProber({ title: "", minutes }, { needed, timeoutMs: 10_000 });
    expect(pages.map(({ kind, ms }) => `${kind[0]}${Math.round(ms / 1_000)}`).join(" ")).toBe(
      expected,
    );
  });
});
