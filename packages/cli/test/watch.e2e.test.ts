import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { type RunningServer, resultReply, soundLegacy, startServer } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { inFolder, type Running, startVigil, vigil } from "./vigil.ts";

/** A server whose tools can be taken away, and a folder whose config watches it. */
async function withServer(
  use: (place: {
    dir: string;
    server: RunningServer;
    breakIt(yes: boolean): void;
  }) => Promise<void>,
): Promise<void> {
  let broken = false;
  const sound = soundLegacy({
    edit: (request, reply) =>
      broken && request.rpc?.method === "tools/list" ? resultReply(request, { tools: [] }) : reply,
  });
  const server = await startServer(sound);
  try {
    await inFolder(async (dir) => {
      await writeFile(
        join(dir, "vigil.config.ts"),
        `export default { targets: [
          { name: "orders", url: "${server.url}", confirm: { delaysMs: [50] } },
        ] };`,
      );
      await use({
        dir,
        server,
        breakIt(yes) {
          broken = yes;
        },
      });
    });
  } finally {
    await server.close();
  }
}

const WATCH = ["watch", "--interval", "1s"];

async function stop(
  watch: Running,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  watch.child.kill("SIGINT");
  return watch.finished;
}

describe("vigil watch", () => {
  it("runs at once and by interval, tells changes, ends with a summary", async () => {
    await withServer(async ({ dir, breakIt }) => {
      const watch = startVigil(WATCH, { cwd: dir });
      await watch.sees(/✔ up {8}orders/u);
      breakIt(true);
      await watch.sees("✖ orders is DOWN (up for");
      breakIt(false);
      await watch.sees("✔ orders is UP again (down for");
      const { code, stdout, stderr } = await stop(watch);
      expect(stdout).toMatch(
        /^Vigil watches 1 target of vigil\.config\.ts\n {2}orders: http:\/\/127\.0\.0\.1:\d+\/mcp\n {2}every 1 s, from start to start; history in \.vigil; Ctrl-C stops\n\n/u,
      );
      expect(stdout).toContain("tools-empty at listTools, 2 times: ");
      expect(stdout).toContain("            tools-empty: Registration failed silently");
      expect(stdout).toMatch(/\nWatched 1 target for /u);
      expect(stdout).toMatch(/\n {2}orders {2}.* s\nJitter: half of the runs started within /u);
      expect([code, stderr]).toEqual([0, ""]);
    });
  });

  it("serves a status page, and says which port is taken", async () => {
    await withServer(async ({ dir }) => {
      const watch = startVigil([...WATCH, "--port", "0"], { cwd: dir });
      await watch.sees(/✔ up {8}orders/u);
      const [, url = ""] =
        /^Status page: (http:\/\/127\.0\.0\.1:\d+\/)$/mu.exec(watch.stdout()) ?? [];
      const { port } = new URL(url);
      const health = await fetch(new URL("/healthz", url));
      expect([health.status, await health.json()]).toMatchObject([200, { status: "ok" }]);
      const args = [...WATCH, "--data", "other", "--port", port];
      expect(await vigil(args, { cwd: dir })).toEqual({
        code: 2,
        stdout: "",
        stderr: `vigil: Port ${port} of 127.0.0.1 is taken, so the status page cannot be served there. Write another --port; 0 picks a free one.\n`,
      });
      await stop(watch);
      await expect(fetch(url)).rejects.toThrow();
    });
  });

  it("keeps history and state over a restart, and history can be read meanwhile", async () => {
    await withServer(async ({ dir, breakIt }) => {
      breakIt(true);
      const first = startVigil(WATCH, { cwd: dir });
      await first.sees("orders is DOWN");
      const during = await vigil(["history", "orders"], { cwd: dir });
      expect(during.stdout).toMatch(
        /^time +status +duration +modes\n.* ✖ down +\d+ ms +tools-empty\n/u,
      );
      await stop(first);
      const between = await vigil(["history", "orders", "--json"], { cwd: dir });
      const kept = between.stdout.trimEnd().split("\n");
      expect(kept.length).toBeGreaterThan(0);
      const second = startVigil(WATCH, { cwd: dir });
      await second.sees(/orders: last seen down \(tools-empty\) since \d{4}-\d\d-\d\d /u);
      await second.sees(/✖ down {6}orders/u);
      const { stdout } = await stop(second);
      expect(stdout).not.toContain("is DOWN");
      const after = await vigil(["history", "orders", "--json"], { cwd: dir });
      expect(after.stdout.trimEnd().split("\n").slice(-kept.length)).toEqual(kept);
      const incidents = await vigil(["incidents", "orders"], { cwd: dir });
      expect(incidents.stdout).toMatch(
        /^opened .*\n.* open {2}✖ down +\d+ {2}tools-empty {2}.*\n$/u,
      );
      const slo = await vigil(["slo", "orders", "--json"], { cwd: dir });
      const runs = after.stdout.trimEnd().split("\n").length;
      const raw = { good: 0, bad: runs, unknown: 0, sli: 0, burnRate: 1_000 };
      expect(JSON.parse(slo.stdout).windows[0].raw).toEqual(raw);
    });
  });

  it("--json puts runs alone on stdout", async () => {
    await withServer(async ({ dir }) => {
      const watch = startVigil([...WATCH, "--json"], { cwd: dir });
      await watch.sees(/"status":"up".*\n.*"status":"up"/u);
      const { stdout, stderr } = await stop(watch);
      const runs = stdout.trimEnd().split("\n");
      const records = runs.map((line) => JSON.parse(line) as RunRecord);
      expect(records.map(({ kind, target, vantage }) => `${kind} ${target} ${vantage}`)).toEqual(
        records.map(() => "scheduled orders local"),
      );
      const [first, next] = records.map(({ scheduledAt }) => Date.parse(scheduledAt));
      // A busy machine may make it miss a tick, never move one.
      const apartMs = (next ?? 0) - (first ?? 0);
      expect([apartMs > 0, apartMs % 1_000]).toEqual([true, 0]);
      expect(stderr).toContain("Vigil watches 1 target");
      expect(stderr).toContain("Watched 1 target for");
    });
  });

  it("ends when its reader has gone", async () => {
    await withServer(async ({ dir }) => {
      const watch = startVigil([...WATCH, "--json"], { cwd: dir });
      await watch.sees('"status":"up"');
      watch.child.stdout?.destroy();
      const { code, stderr } = await watch.finished;
      expect(code).toBe(0);
      expect(stderr).toContain("Watched 1 target for");
    });
  });
});

describe("the end", () => {
  it("lets a run finish; npm's second signal of one Ctrl-C forces nothing", async () => {
    await withServer(async ({ dir, breakIt, server }) => {
      breakIt(true);
      await writeFile(
        join(dir, "vigil.config.ts"),
        `export default { targets: [
          { name: "orders", url: "${server.url}", confirm: { delaysMs: [1500] } },
        ] };`,
      );
      const watch = startVigil(WATCH, { cwd: dir });
      await watch.sees("Ctrl-C stops");
      await listed(server);
      watch.child.kill("SIGINT");
      watch.child.kill("SIGINT");
      await watch.sees("Stopping; letting orders finish");
      const { code, stdout } = await watch.finished;
      expect(stdout).toContain("tools-empty at listTools, 2 times");
      expect(stdout).not.toContain("Left unfinished");
      expect(code).toBe(0);
    });
  });

  it("a second Ctrl-C leaves at once, and says what was left", async () => {
    await withServer(async ({ dir, breakIt, server }) => {
      breakIt(true);
      await writeFile(
        join(dir, "vigil.config.ts"),
        `export default { targets: [
          { name: "orders", url: "${server.url}", confirm: { delaysMs: [15000], withinMs: 40000 } },
        ] };`,
      );
      const watch = startVigil(WATCH, { cwd: dir });
      await watch.sees("Ctrl-C stops");
      await listed(server);
      watch.child.kill("SIGINT");
      await watch.sees("Stopping; letting orders finish");
      const startedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 600));
      watch.child.kill("SIGINT");
      const { code, stdout } = await watch.finished;
      expect(stdout).toContain("Left unfinished, and not in the history: orders.");
      expect(performance.now() - startedAt).toBeLessThan(4_000);
      expect(code).toBe(0);
    });
  });
});

describe("the data folder", () => {
  it("in use by another watch: says which, exit 2, and the first goes on", async () => {
    await withServer(async ({ dir }) => {
      const first = startVigil(WATCH, { cwd: dir });
      await first.sees(/✔ up/u);
      const { code, stdout, stderr } = await vigil(WATCH, { cwd: dir });
      expect(stderr).toMatch(
        new RegExp(
          `^vigil: The data folder ${dir}/\\.vigil is in use by another vigil \\(process ${first.child.pid}, since [^)]+\\)\\. Stop that one, or give this one a folder of its own with --data\\.\n$`,
          "u",
        ),
      );
      expect([code, stdout]).toEqual([2, ""]);
      const ended = await stop(first);
      expect([ended.code, ended.stderr]).toEqual([0, ""]);
    });
  });

  it("that cannot be written, or whose parent is missing: says so, exit 2", async () => {
    await withServer(async ({ dir }) => {
      await writeFile(join(dir, "taken"), "");
      const taken = await vigil([...WATCH, "--data", "taken"], { cwd: dir });
      expect(taken).toEqual({
        code: 2,
        stdout: "",
        stderr: `vigil: The data folder ${dir}/taken cannot be written: a file is in the way. Put that right, or choose another folder with --data.\n`,
      });
      const lost = await vigil([...WATCH, "--data", "a/b"], { cwd: dir });
      expect(lost).toEqual({
        code: 2,
        stdout: "",
        stderr: `vigil: The data folder ${dir}/a/b cannot be made: ${dir}/a does not exist. Run mkdir -p ${dir}/a, or choose another folder with --data.\n`,
      });
    });
  });

  it("history of a target that it does not know names those that it does", async () => {
    await withServer(async ({ dir }) => {
      const watch = startVigil(WATCH, { cwd: dir });
      await watch.sees(/✔ up/u);
      await stop(watch);
      const { code, stdout, stderr } = await vigil(["history", "nope"], { cwd: dir });
      expect(stderr).toBe('vigil: There is no history of "nope". Known targets: orders.\n');
      expect([code, stdout]).toEqual([2, ""]);
    });
  });
});

/** The first attempt has got as far as the tools. */
async function listed(server: RunningServer): Promise<void> {
  while (!server.requests.some(({ rpc }) => rpc?.method === "tools/list")) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
