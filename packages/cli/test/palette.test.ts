import { describe, expect, it } from "vitest";
import { createPalette, wantsColour } from "../src/palette.ts";

describe("wantsColour", () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { TERM: "dumb" }, false],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [false, { FORCE_COLOR: "1" }, true],
    [false, { FORCE_COLOR: "" }, false],
    [true, { FORCE_COLOR: "0" }, false],
    [true, { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
  ])("terminal %s, %j", (isTTY, env, wanted) => {
    expect(wantsColour({ isTTY, env })).toBe(wanted);
  });
});

it("without colour nothing is added to the text", () => {
  const { status, strong, faint } = createPalette(false);
  expect([status.up("a"), status.down("b"), strong("c"), faint("d")]).toEqual(["a", "b", "c", "d"]);
  expect(createPalette(true).status.down("b")).toBe("\u001B[31mb\u001B[39m");
});
