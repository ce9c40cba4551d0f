import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import type { FailureCode, RunRecord } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { inFolder, type Running, startVigil, vigil } from "./vigil.ts";

/** What `npm run demo:break` can play, and the name that the watch must give it. */
const FAULTS: readonly (readonly [fault: string, mode: FailureCode])[] = [
  // First, while the target is up: only then is a time-out repeated. And the demo server says by a
  // header that its environment is no fresh one, so nothing more is proved.
  ["cold-start", "transient-timeout"],
  ["adapter-missing", "not-mcp-response"],
  ["version-mismatch", "protocol-version-mismatch"],
  ["tools-empty", "tools-empty"],
  ["tool-permission", "tool-permission-denied"],
  ["streaming-off", "empty-stream"],
];

const WATCH = ["watch", "--demo-port", "0", "--interval", "1s"];

async function withDemo(
  args: readonly string[],
  use: (watch: Running, dir: string) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await inFolder(async (dir) => {
    const watch = startVigil([...WATCH, ...args], { cwd: dir, env });
    try {
      await watch.sees("Ctrl-C stops");
      await use(watch, dir);
    } finally {
      watch.child.kill("SIGINT");
      await watch.finished;
    }
  });
}

function demoUrl(watch: Running): string {
  const [url = ""] = /http:\/\/127\.0\.0\.1:\d+/u.exec(watch.stdout() + watch.stderr()) ?? [];
  return url;
}

async function breakDemo(watch: Running, fault: string): Promise<void> {
  const response = await fetch(`${demoUrl(watch)}/admin/fault`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ fault }),
  });
  expect(response.status).toBe(200);
}

function records(watch: Running): readonly RunRecord[] {
  const whole = watch.stdout().split("\n").slice(0, -1);
  return whole.map((line) => JSON.parse(line) as RunRecord);
}

/** The records that begin after now, once there are `n` of them. */
async function nextRecords(watch: Running, n: number): Promise<readonly RunRecord[]> {
  const now = new Date().toISOString();
  for (;;) {
    const later = records(watch).filter(({ startedAt }) => startedAt >= now);
    if (later.length >= n) {
      return later;
    }
    await Promise.race([once(watch.child.stdout ?? watch.child, "data"), watch.finished]);
    expect(watch.child.exitCode).toBe(null);
  }
}

describe("vigil watch without a config", () => {
  it("starts the demo server, watches it down to its sentinel, and names every fault it plays", async () => {
    await withDemo(["--json"], async (watch) => {
      const [first] = await nextRecords(watch, 1);
      expect(first).toMatchObject({ target: "demo", status: "up", depth: "sentinel" });
      for (const [fault, mode] of FAULTS) {
        await breakDemo(watch, fault);
        const seen = await nextRecords(watch, 1);
        expect([fault, seen.flatMap(({ failures }) => failures.map((f) => f.mode))]).toEqual([
          fault,
          [mode],
        ]);
        await breakDemo(watch, "none");
      }
    });
  }, 90_000);

  it("says how to break it, and takes its server along when it ends", async () => {
    await withDemo([], async (watch) => {
      const url = demoUrl(watch);
      const { port } = new URL(url);
      expect(watch.stdout()).toContain(`    npm run demo:break -- --port ${port} tools-empty\n`);
      watch.child.kill("SIGINT");
      const { code } = await watch.finished;
      expect(code).toBe(0);
      await expect(fetch(url)).rejects.toThrow("fetch failed");
    });
  });

  it("follows a deployment that leaves a gap, marks its runs, and keeps what it measured", async () => {
    await withDemo(
      ["--json"],
      async (watch, dir) => {
        await nextRecords(watch, 1);
        const response = await fetch(`${demoUrl(watch)}/admin/deployment`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ action: "start" }),
        });
        expect(response.status).toBe(200);
        await watch.sees("demo: version 2 is deployed (1 before)");
        await watch.sees("demo: a deployment GAP is open (version 2)");
        await watch.sees("demo: the gap is closed, after ");
        await watch.sees(/"gap":"2/u);
        const { stdout } = await vigil(["gaps", "demo", "--json"], { cwd: dir });
        expect(JSON.parse(stdout)).toMatchObject({
          target: "demo",
          ended: "ready",
          exposure: "exposed",
          version: "2",
        });
      },
      { DEMO_GAP_MS: "4000", DEMO_COLD_MS: "600" },
    );
  });

  it("pages when it breaks and when it is well again: in the terminal, and to a webhook", async () => {
    const posted: string[] = [];
    const hook = createHttpServer(async (request, response) => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      posted.push(JSON.parse(body).NewStateValue);
      response.end();
    }).listen(0, "127.0.0.1");
    await once(hook, "listening");
    const { port } = hook.address() as AddressInfo;
    await withDemo(["--webhook", `http://127.0.0.1:${port}/`], async (watch) => {
      await watch.sees("has had its first good run");
      await breakDemo(watch, "tools-empty");
      await watch.sees(/━━━ PAGE ━+\nALARM: demo is down: /u);
      await breakDemo(watch, "none");
      await watch.sees(/━━━ PAGE ━+\nOK: demo is well again/u);
      await expect.poll(() => posted, { timeout: 5_000 }).toEqual(["ALARM", "OK"]);
    });
    hook.close();
  });

  it("leaves no demo server behind even when it is killed", async () => {
    await withDemo([], async (watch) => {
      const url = demoUrl(watch);
      watch.child.kill("SIGKILL");
      await watch.finished;
      await expect
        .poll(
          () =>
            fetch(url).then(
              () => "there",
              () => "gone",
            ),
          { timeout: 5_000 },
        )
        .toBe("gone");
    });
  });

  it("says so when the demo server has died, and goes on watching", async () => {
    await withDemo([], async (watch) => {
      const [, pid] = /this is the demo \(process (\d+)\)/u.exec(watch.stdout()) ?? [];
      process.kill(Number(pid), "SIGKILL");
      await watch.sees(
        "vigil: the demo server has ended (signal SIGKILL); its runs fail until vigil watch is started again.",
      );
      await watch.sees("connect-refused at connect");
    });
  });

  it("a port in use: says so and which flag to use, exit 2", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await inFolder(async (dir) => {
      const finished = await vigil(["watch", "--demo-port", String(port)], { cwd: dir });
      expect(finished).toEqual({
        code: 2,
        stdout: "",
        stderr: `vigil: Port ${port} is in use, so the demo server cannot start. Stop what listens there, or choose another port: --demo-port ${port + 1}\n`,
      });
    });
    taken.close();
  });
});
