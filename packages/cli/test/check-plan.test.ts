import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { planCheck } from "../src/check-plan.ts";
import type { CheckFlags } from "../src/flags.ts";
import { createFakeIo } from "./fake-io.ts";
import { inFolder } from "./vigil.ts";

const CONFIG = `export default { targets: [
  { name: "orders", url: "https://a.example/mcp" },
  { name: "patient", url: "https://b.example/mcp", runTimeoutMs: 50_000 },
] };`;

const FLAGS: CheckFlags = { confirm: true, failOn: "down" };

interface Planned {
  readonly targets: readonly Target[];
  readonly complaint: string | null;
}

async function plan(names: readonly string[], flags: Partial<CheckFlags>): Promise<Planned> {
  return inFolder(async (dir) => {
    await writeFile(join(dir, "vigil.config.ts"), CONFIG);
    const { io } = createFakeIo({ cwd: dir });
    const read = await planCheck(names, { ...FLAGS, ...flags }, io);
    return read.ok
      ? { targets: read.value.checks.map(({ target }) => target), complaint: null }
      : { targets: [], complaint: read.complaint.message };
  });
}

/** Client, run, confirmation. */
function times({ clientTimeoutMs, runTimeoutMs, confirm }: Target): readonly number[] {
  return [clientTimeoutMs, runTimeoutMs, confirm.withinMs];
}

describe("--client-timeout of a configured target", () => {
  it.each([
    ["leaves it time for the run and for a repeat", 30_000, [30_000, 35_000, 40_000]],
    ["takes none away", 5_000, [5_000, 15_000, 20_000]],
  ])("%s", async (_name, clientTimeout, wanted) => {
    const { targets } = await plan(["orders"], { clientTimeout });
    expect(targets.map(times)).toEqual([wanted]);
  });

  it("is as a URL's: the same times come of it", async () => {
    const { targets } = await plan(["orders", "https://c.example/mcp"], { clientTimeout: 33_000 });
    const [configured, made] = targets.map(times);
    expect(configured).toEqual(made);
  });

  it("grows no run beyond its minute", async () => {
    const { targets } = await plan(["patient"], { clientTimeout: 56_000 });
    expect(targets.map(times)).toEqual([[56_000, 59_999, 59_999]]);
  });

  it("that leaves no time for a repeat is refused, for each target that it is so for", async () => {
    const { complaint } = await plan([], { clientTimeout: 58_500 });
    const refusal =
      "--client-timeout leaves no time for a repeat within confirm.withinMs (59999, by default). Write a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.";
    expect(complaint).toBe(`orders: ${refusal}\npatient: ${refusal}`);
  });

  it("may be as long as a run with --no-confirm", async () => {
    const flags = { clientTimeout: 58_500, confirm: false };
    const { targets, complaint } = await plan(["orders", "https://c.example/mcp"], flags);
    expect(complaint).toBeNull();
    expect(targets.map(({ clientTimeoutMs }) => clientTimeoutMs)).toEqual([58_500, 58_500]);
  });
});
