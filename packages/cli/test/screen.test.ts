import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { createScreen } from "../src/screen.ts";
import { createFakeIo } from "./fake-io.ts";

const ERASE = "\r\u001B[K";

function setUp(errIsTTY: boolean) {
  const clock = createFakeClock();
  const { io, written } = createFakeIo({ errIsTTY, columns: () => 10 });
  let text: string | null = "waiting";
  const screen = createScreen({ io, clock, passing: () => text });
  return {
    clock,
    screen,
    written,
    pass(next: string | null) {
      text = next;
    },
  };
}

describe("createScreen", () => {
  it("redraws the passing line when it says something new, and never over the edge", () => {
    const { clock, written, pass } = setUp(true);
    clock.advance(1_000);
    expect(written).toEqual(["err:waiting"]);
    pass("waiting for long");
    clock.advance(250);
    expect(written.slice(1)).toEqual([`err:${ERASE}`, "err:waiting f"]);
    pass(null);
    clock.advance(250);
    expect(written.slice(3)).toEqual([`err:${ERASE}`]);
  });

  it("puts lasting lines where the passing one was", () => {
    const { clock, screen, written } = setUp(true);
    screen.print("run\n");
    screen.warn("trouble\n");
    clock.advance(250);
    expect(written).toEqual([
      "err:waiting",
      `err:${ERASE}`,
      "out:run\n",
      "err:trouble\n",
      "err:waiting",
    ]);
  });

  it("leaves neither line nor timer behind", () => {
    const { clock, screen, written } = setUp(true);
    screen.close();
    expect(written).toEqual(["err:waiting", `err:${ERASE}`]);
    expect(clock.pending).toBe(0);
  });

  it("shows nothing that passes when there is no terminal", () => {
    const { clock, screen, written } = setUp(false);
    screen.print("run\n");
    screen.close();
    expect(written).toEqual(["out:run\n"]);
    expect(clock.pending).toBe(0);
  });
});
