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

const EXPECTING = `export default { targets: [{
  name: "orders",
  url: "https://a.example/mcp",
  era: "modern",
  expect: { tools: ["ping"], minProtocolVersion: "2026-07-28" },
}, {
  name: "closed",
  url: "https://a.example/mcp",
  expect: { unauthenticated: "challenge" },
}, {
  name: "listening",
  url: "https://a.example/mcp",
  expect: { getStream: true },
}] };`;

const FLAGS: CheckFlags = { confirm: true, failOn: "down" };

interface Planned {
  readonly targets: readonly Target[];
  readonly complaint: string | null;
}

async function plan(
  names: readonly string[],
  flags: Partial<CheckFlags>,
  config = CONFIG,
): Promise<Planned> {
  return inFolder(async (dir) => {
    await writeFile(join(dir, "vigil.config.ts"), config);
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

describe("demo, where there is no config", () => {
  it("is the server that npm start runs, which has no function to be asked of AWS", async () => {
    const read = await inFolder((dir) => {
      const { io } = createFakeIo({ cwd: dir });
      return planCheck(["demo"], FLAGS, io);
    });
    const seen = read.ok ? read.value.checks.map(({ target }) => target) : read.complaint.message;
    expect(seen).toMatchObject([
      {
        url: "http://127.0.0.1:7331/mcp",
        lambda: null,
        sentinels: [{ tool: "sentinel", expect: { contains: "ok" } }],
      },
    ]);
  });
});

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

describe("--timeout", () => {
  it("is refused without --wait-ready, beside all else that is wrong", async () => {
    const { complaint } = await plan(["orders"], { timeout: 60_000, contains: "ok" });
    expect(complaint).toBe(
      "--contains needs the tool that it is for: --tool NAME.\n--timeout says how long --wait-ready waits, which is not asked for. Add it, or write --client-timeout MS for one answer's time.",
    );
  });
});

describe("flags that contradict the config", () => {
  const CHALLENGE =
    "Remove expect.unauthenticated here; the refusal can be watched beside it, by a second target of the same url that has neither credentials nor other expectations.";
  it.each<[string, string, Partial<CheckFlags>, string]>([
    [
      "an era that cannot reach the version",
      "orders",
      { era: "legacy" },
      'orders: expect.minProtocolVersion is 2026-07-28, which era: "legacy" cannot reach. Write an older version, or era: "modern".',
    ],
    [
      "an era without the stream that is wanted",
      "listening",
      { era: "modern" },
      'listening: expect.getStream wants the stream that GET offers, which era: "modern" no longer has. Remove getStream.',
    ],
    [
      "no tools where one is expected",
      "orders",
      { minTools: 0 },
      "orders: --min-tools is 0, as of a server without tools; expect.tools cannot do without one. Remove minTools, or expect.tools.",
    ],
    [
      "a text that every answer contains",
      "orders",
      { tool: "ping", contains: "" },
      'orders: --contains must be text, not empty text. Write a part of the answer, for example contains: "ok".',
    ],
    [
      "a header that the probe sets itself",
      "orders",
      { header: ["Content-Type: text/plain"] },
      "orders: --header Content-Type is a header that the probe sets itself. Remove it.",
    ],
    [
      "a call behind a door that is to stay shut",
      "closed",
      { tool: "ping" },
      `closed: expect.unauthenticated expects to be refused, and so never comes to sentinels. ${CHALLENGE}`,
    ],
    [
      "several at once: all are told",
      "orders",
      { era: "both", minTools: 0, clientTimeout: 58_500 },
      'orders: --client-timeout leaves no time for a repeat within confirm.withinMs (59999, by default). Write a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.\n--min-tools is 0, as of a server without tools; expect.tools cannot do without one. Remove minTools, or expect.tools.\nexpect.minProtocolVersion is 2026-07-28, which the legacy half of era: "both" cannot reach. Write an older version, or era: "modern".',
    ],
  ])("%s", async (_name, target, flags, complaint) => {
    expect((await plan([target], flags, EXPECTING)).complaint).toBe(complaint);
  });

  it("and flags that do not are taken", async () => {
    const flags = { tool: "ping", contains: "ok", minTools: 3, era: "modern" } as const;
    const { targets, complaint } = await plan(["orders"], flags, EXPECTING);
    expect(complaint).toBeNull();
    expect(targets).toMatchObject([{ expect: { minTools: 3 }, sentinels: [{ tool: "ping" }] }]);
    expect((await plan(["closed"], { clientTimeout: 5_000 }, EXPECTING)).complaint).toBeNull();
  });
});
