import type { LikelyCause, Target } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it, vi } from "vitest";
import { demoTarget } from "../src/demo-target.ts";
import { createKnownCauses } from "../src/status/known-causes.ts";
import { DOWN, UP } from "./records.ts";

const TARGET = {
  name: "orders",
  url: "https://orders.example/mcp",
  lambda: { functionName: "orders" },
} as Target;
const causeOf = (text: string) => ({ cause: { text } as LikelyCause, unread: null });
const DOWN_RUN = { ...DOWN, status: "down", confirmed: true } as const;
const failing = (mode: "timeout" | "empty-stream") => ({
  ...DOWN_RUN,
  failures: DOWN_RUN.failures.map((failure) => ({ ...failure, mode })),
});

function open(target: Target = TARGET) {
  const clock = createFakeClock();
  const look = vi.fn(async () => causeOf("empty-stream, and so on"));
  const onFound = vi.fn();
  return {
    clock,
    look,
    onFound,
    causes: createKnownCauses({ targets: [target], clock, look, onFound }),
  };
}

describe("likely causes on the status page", () => {
  it("never keep the page waiting: they are there the next time, and open pages are told", async () => {
    const { causes, look, onFound } = open();
    expect(causes.of("orders", DOWN_RUN)).toBeNull();
    await vi.waitFor(() => expect(onFound).toHaveBeenCalledTimes(1));
    expect(causes.of("orders", DOWN_RUN)).toBe("empty-stream, and so on");
    expect(look).toHaveBeenCalledTimes(1);
  });

  it("are looked for anew after five minutes, and when something else fails", async () => {
    const { causes, look, onFound, clock } = open();
    causes.of("orders", failing("timeout"));
    await vi.waitFor(() => expect(onFound).toHaveBeenCalledTimes(1));
    clock.advance(4 * 60_000);
    expect(causes.of("orders", failing("timeout"))).toBe("empty-stream, and so on");
    expect(look).toHaveBeenCalledTimes(1);
    clock.advance(60_000);
    expect(causes.of("orders", failing("timeout"))).toBe("empty-stream, and so on");
    expect(look).toHaveBeenCalledTimes(2);
    expect(causes.of("orders", failing("empty-stream"))).toBeNull();
    expect(look).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["a target that is well", TARGET, UP],
    ["one without a run", TARGET, undefined],
    ["one whose function is not named", { ...TARGET, lambda: null }, DOWN_RUN],
    ["one on this machine, as the demo is", demoTarget("http://127.0.0.1:7331/mcp"), DOWN_RUN],
    ["one that is not known", { ...TARGET, name: "stock" }, DOWN_RUN],
  ] as const)("are not looked for of %s", (_name, target, newest) => {
    const { causes, look } = open(target);
    expect(causes.of(target.name === "demo" ? "demo" : "orders", newest)).toBeNull();
    expect(look).not.toHaveBeenCalled();
  });
});
