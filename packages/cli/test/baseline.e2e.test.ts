import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { resultReply, soundLegacy, startServer } from "@vigil/testkit";
import { expect, it } from "vitest";
import { inFolder, startVigil, vigil } from "./vigil.ts";

const LOOKUP = { type: "object", properties: { key: { type: "string" } }, required: ["key"] };
const BEFORE = [
  { name: "lookup", inputSchema: LOOKUP },
  { name: "echo", inputSchema: { type: "object" } },
];
const AFTER = [
  {
    name: "lookup",
    inputSchema: {
      ...LOOKUP,
      properties: { key: { type: "string" }, region: { type: "string" } },
      required: ["key", "region"],
    },
  },
];

it("a list that breaks callers degrades its target until it is accepted, in another process", async () => {
  let tools: readonly object[] = BEFORE;
  const server = await startServer(
    soundLegacy({
      edit: (request, reply) =>
        request.rpc?.method === "tools/list" ? resultReply(request, { tools }) : reply,
    }),
  );
  try {
    await inFolder(async (dir) => {
      const config = `export default { targets: [{ name: "orders", url: "${server.url}" }] };`;
      await writeFile(join(dir, "vigil.config.ts"), config);
      const watch = startVigil(["watch", "--interval", "1s"], { cwd: dir });
      await watch.sees("orders has had its first good run");
      await baselineKept(dir);
      tools = AFTER;
      await watch.sees(
        "the tools of orders have changed: 1 removed, 1 changed; this breaks callers",
      );
      await watch.sees("▲ orders is DEGRADED (up for");
      await watch.sees("tools-drift: `vigil baseline show TARGET` lists every change");
      const shown = await vigil(["baseline", "show", "orders"], { cwd: dir });
      expect(shown.stdout).toContain("▲ break  echo    was removed\n");
      expect(shown.stdout).toContain('▲ break  lookup  the new property "region" is required\n');
      const accepted = await vigil(["baseline", "accept", "orders"], { cwd: dir });
      expect(accepted).toMatchObject({ code: 0, stderr: "" });
      expect(accepted.stdout).toMatch(/\nAccepted: orders with 1 tool\. /u);
      await watch.sees("✔ orders is UP again (degraded for");
      watch.child.kill("SIGINT");
      const { code, stdout, stderr } = await watch.finished;
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toContain(
        'tools-drift at listTools: echo was removed; lookup: the new property "region" is required (breaking for callers)',
      );
      // Accepting changes nothing of the past, and no watch is needed to look at it.
      const history = await vigil(["history", "orders", "--json"], { cwd: dir });
      const runs = history.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as RunRecord);
      const told = runs.map(({ status, drift }) => `${status} ${drift?.removed ?? "-"}`);
      expect([...new Set(told)]).toEqual(["up -", "degraded 1"]);
      const again = await vigil(["baseline", "accept", "orders"], { cwd: dir });
      expect(again.stdout).toBe(
        "Nothing to accept: the tools that orders listed last are the accepted ones.\n",
      );
    });
  } finally {
    await server.close();
  }
});

/** A run is told before it is kept, so the list must not change sooner than that. */
async function baselineKept(dir: string): Promise<void> {
  for (;;) {
    const { stdout } = await vigil(["baseline", "show", "orders", "--json"], { cwd: dir });
    if (stdout.includes('"acceptedBy":"first-good-run"')) return;
  }
}

it.each([
  [["baseline", "show", "orders"], /^vigil: There is no history in .*\.vigil\. Run vigil watch /u],
  [
    ["baseline", "accept", "orders"],
    /^vigil: There is no history in .*\.vigil\. Run vigil watch /u,
  ],
  [["baseline", "accept"], /^vigil: missing required argument 'target'\n/u],
  [["baseline", "take", "orders"], /^vigil: unknown command 'take'\n/u],
  [["baseline", "show", "orders", "--since", "1h"], /^vigil: unknown option '--since'\n/u],
])("says what is wrong: vigil %j, exit 2", async (args, stderr) => {
  await inFolder(async (dir) => {
    const told = await vigil(args, { cwd: dir });
    expect(told.stderr).toMatch(stderr);
    expect([told.code, told.stdout]).toEqual([2, ""]);
  });
});

it("--help tells what accepting means", async () => {
  const { code, stdout } = await vigil(["baseline", "--help"]);
  expect(code).toBe(0);
  expect(stdout).toContain("counts as breaking");
  expect((await vigil(["baseline", "accept", "--help"])).stdout).toContain("nothing is probed");
});
