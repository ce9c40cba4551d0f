import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import {
  type LegacyOptions,
  type RunningServer,
  resultReply,
  soundLegacy,
  startBalancer,
  startServer,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { inFolder, startVigil, vigil } from "./vigil.ts";

const servers: Pick<RunningServer, "close">[] = [];

async function serve(options: LegacyOptions = {}): Promise<RunningServer> {
  const server = await startServer(soundLegacy(options));
  servers.push(server);
  return server;
}

const withoutTools: LegacyOptions = {
  edit: (request, reply) =>
    request.rpc?.method === "tools/list" ? resultReply(request, { tools: [] }) : reply,
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function records(stdout: string): readonly RunRecord[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RunRecord);
}

describe("vigil check", () => {
  it("up: says so, exit 0, in a process that ends by itself", async () => {
    const { url } = await serve();
    const { code, stdout, stderr } = await vigil(["check", url]);
    expect(stderr).toBe("");
    expect(stdout.split("\n")[0]).toBe(`✔ UP  ${url}`);
    expect(stdout).toContain("  orders 1.4.0 · legacy era 2025-11-25 · 3 tools · depth tools");
    expect(code).toBe(0);
  });

  it("down: names it and how to mend it, exit 1", async () => {
    const { url } = await serve(withoutTools);
    const { code, stdout } = await vigil(["check", url, "--no-confirm"]);
    expect(stdout).toContain(`✖ DOWN  ${url}`);
    expect(stdout).toContain("✖ tools-empty at listTools");
    expect(stdout).toContain("mend   Registration failed silently");
    expect(code).toBe(1);
  });

  it("--deep: finds sessions that one client alone does not lose, exit 1", async () => {
    const [a, b] = [await serve(), await serve()];
    const balancer = await startBalancer([a.url, b.url]);
    servers.push(balancer);
    const alone = await vigil(["check", balancer.url]);
    expect({ code: alone.code, up: alone.stdout.startsWith("✔ UP") }).toEqual({
      code: 0,
      up: true,
    });
    const { code, stdout, stderr } = await vigil(["check", balancer.url, "--deep", "--no-confirm"]);
    expect(stderr).toBe("");
    expect(stdout).toContain("✖ session-lost at concurrency (legacy)");
    expect(stdout).toContain("2 of 3 simultaneous clients lost the session: HTTP 404");
    expect(stdout).toMatch(/Slowest of 3 simultaneous clients: [\d.]+ m?s to first byte\./);
    expect(code).toBe(1);
  });

  it("--deep: says what was not looked at, and what that needs", async () => {
    const { url } = await serve();
    const { code, stdout } = await vigil(["check", url, "--deep", "--json"]);
    const [record] = records(stdout);
    expect(record?.coldSampleMs).toBeGreaterThan(0);
    expect(record?.notes.slice(1)).toEqual([
      'stream was not looked at: the target\'s config needs stream: { tool: "progress" }, with a tool that streams its answer',
      'cors was not looked at: the target\'s config needs expect: { cors: { origin: "https://app.example.com" } }, with the origin of your page',
    ]);
    expect(code).toBe(0);
  });

  it("says what --deep would look at", async () => {
    const { url } = await serve();
    await inFolder(async (cwd) => {
      const config = { targets: [{ name: "orders", url, concurrency: { clients: 2 } }] };
      await writeFile(join(cwd, "vigil.config.ts"), `export default ${JSON.stringify(config)};`);
      const { stdout } = await vigil(["check", "orders"], { cwd });
      expect(stdout).toContain("not looked at without --deep: concurrency");
      const deep = await vigil(["check", "orders", "--deep"], { cwd });
      expect(deep.stdout).toContain("Slowest of 2 simultaneous clients");
      expect(deep.stdout).toContain("stream was not looked at");
    });
  });

  it("calls the sentinel with its arguments, and holds its answer to --contains", async () => {
    const { url } = await serve();
    const sentinel = ["--tool", "echo", "--args", '{"message":"all well"}', "--contains"];
    const well = await vigil(["check", url, "--json", ...sentinel, "well"]);
    expect(records(well.stdout)).toMatchObject([{ status: "up", depth: "sentinel" }]);
    const other = await vigil(["check", url, "--json", "--no-confirm", ...sentinel, "broken"]);
    expect(records(other.stdout)[0]?.failures[0]?.mode).toBe("tool-result-mismatch");
    expect(other.code).toBe(1);
  });

  it("--min-tools and --era reach the probe", async () => {
    const { url } = await serve();
    const few = await vigil(["check", url, "--json", "--no-confirm", "--min-tools", "4"]);
    expect(records(few.stdout)[0]?.failures[0]?.mode).toBe("tools-empty");
    const modern = await vigil(["check", url, "--json", "--no-confirm", "--era", "modern"]);
    expect(records(modern.stdout)[0]).toMatchObject({ status: "down" });
  });

  it("several at once: JSON lines in the order asked for, the worst exit code", async () => {
    const up = await serve();
    const down = await serve(withoutTools);
    const args = ["check", down.url, up.url, "--json", "--no-confirm"];
    const { code, stdout, stderr } = await vigil(args);
    expect(records(stdout).map(({ status, kind, vantage }) => [status, kind, vantage])).toEqual([
      ["down", "manual", "local"],
      ["up", "manual", "local"],
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(1);
  });

  it("several at once: reports, then a tally", async () => {
    const up = await serve();
    const down = await serve(withoutTools);
    const { stdout } = await vigil(["check", down.url, up.url, "--no-confirm"]);
    expect(stdout.indexOf("✖ DOWN")).toBeLessThan(stdout.indexOf("✔ UP"));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("2 targets: 1 down, 1 up");
  });

  it("a server that hangs costs --client-timeout, not more, and is asked again", async () => {
    const hanging = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(hanging, "listening");
    const address = hanging.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const url = `http://127.0.0.1:${port}/mcp`;
    const args = ["check", url, "--json", "--client-timeout", "400"];
    const { code, stdout } = await vigil(args);
    const [record] = records(stdout);
    expect(record?.failures[0]?.mode).toBe("timeout");
    expect(record?.durationMs).toBeLessThan(2_000);
    expect([record?.confirmed, record?.attempts.length]).toEqual([true, 3]);
    expect(code).toBe(1);
    hanging.close();
  });

  it("a failure that the repeat does not show is not believed: warned of, exit 0", async () => {
    const sound = soundLegacy();
    let opened = 0;
    const server = await startServer((request) => {
      const first = request.rpc?.method === "server/discover" && opened++ === 0;
      return first ? { kind: "reset" } : sound(request);
    });
    servers.push(server);
    const { code, stdout, stderr } = await vigil(["check", server.url, "--json"]);
    const [record] = records(stdout);
    expect([record?.status, record?.confirmed, record?.attempts.length]).toEqual([
      "down",
      false,
      2,
    ]);
    expect(stderr).toContain("vigil: warning: degraded: ");
    expect(code).toBe(0);
  });

  it("degraded: warned of, and exit 3 only with --fail-on degraded", async () => {
    const sound = soundLegacy();
    const server = await startServer((request) => {
      const answer = sound(request);
      return answer.kind === "respond" ? { ...answer, delayMs: 40 } : answer;
    });
    servers.push(server);
    await inFolder(async (dir) => {
      const target = `{ name: "orders", url: "${server.url}", slowMs: 20 }`;
      await writeFile(join(dir, "vigil.config.ts"), `export default { targets: [${target}] };`);
      const mild = await vigil(["check", "orders"], { cwd: dir });
      expect(mild.stdout).toContain("▲ slow at");
      expect(mild.stderr).toBe(
        "vigil: warning: degraded: orders. --fail-on degraded makes this exit 3.\n",
      );
      expect(mild.code).toBe(0);
      const strict = await vigil(["check", "orders", "--fail-on", "degraded"], { cwd: dir });
      expect([strict.code, strict.stderr]).toEqual([3, ""]);
    });
  });

  it("unknown: a 401 without credentials judges nothing, exit 4", async () => {
    const { url } = await serve({ edit: (_request, reply) => ({ ...reply, status: 401 }) });
    const { code, stdout } = await vigil(["check", url]);
    expect(stdout).toContain("? auth-required at negotiate");
    expect(code).toBe(4);
  });
});

describe("header values", () => {
  const SECRET = "tok_1234567890abcdef";

  it("are sent, and appear in no output even if the server echoes them", async () => {
    const seen: (string | undefined)[] = [];
    const server = await serve({
      edit(request, reply) {
        seen.push(request.headers["authorization"]);
        const message = { jsonrpc: "2.0", id: null, error: { code: -1, message: `bad ${SECRET}` } };
        return { ...reply, status: 500, message };
      },
    });
    const args = ["check", server.url, "--verbose", "--no-confirm"];
    for (const header of [`Authorization: Bearer ${SECRET}`, "Authorization: Bearer env:TOKEN"]) {
      for (const json of [[], ["--json"]]) {
        const run = await vigil([...args, ...json, "--header", header], { env: { TOKEN: SECRET } });
        expect(run.code).toBe(1);
        expect(run.stdout).toContain("[redacted]");
        expect(run.stdout + run.stderr).not.toContain(SECRET);
      }
    }
    expect(new Set(seen)).toEqual(new Set([`Bearer ${SECRET}`]));
  });

  it("override those of the config's target", async () => {
    const server = await serve();
    await inFolder(async (dir) => {
      await writeFile(
        join(dir, "vigil.config.ts"),
        `import { bearer, defineConfig, secret } from "@vigil/core";
        export default defineConfig({ targets: [
          { name: "orders", url: "${server.url}", auth: bearer(secret("env:UNSET")) },
        ] });`,
      );
      const bare = await vigil(["check", "orders", "--json"], { cwd: dir });
      expect(records(bare.stdout)[0]?.failures[0]?.mode).toBe("secret-unavailable");
      expect(bare.code).toBe(4);
      const given = ["check", "orders", "--header", "Authorization: Bearer abc"];
      expect((await vigil(given, { cwd: dir })).code).toBe(0);
      expect(server.requests[0]?.headers["authorization"]).toBe("Bearer abc");
    });
  });
});

describe("the config's targets", () => {
  async function withConfig(use: (dir: string) => Promise<void>): Promise<void> {
    const up = await serve();
    const down = await serve(withoutTools);
    await inFolder(async (dir) => {
      await writeFile(
        join(dir, "vigil.config.ts"),
        `import { defineConfig } from "@vigil/core";
        const confirm: { delaysMs: number[] } = { delaysMs: [] };
        export default defineConfig({ targets: [
          { name: "good", url: "${up.url}" },
          { name: "bad", url: "${down.url}", confirm },
        ] });`,
      );
      await use(dir);
    });
  }

  it("are checked by name, or all when none is named", async () => {
    await withConfig(async (dir) => {
      const named = await vigil(["check", "good"], { cwd: dir });
      expect([named.code, named.stdout.split("\n")[0]]).toEqual([0, "✔ UP  good"]);
      const all = await vigil(["check", "--json"], { cwd: dir });
      expect(records(all.stdout).map(({ target, status }) => [target, status])).toEqual([
        ["good", "up"],
        ["bad", "down"],
      ]);
      expect(all.code).toBe(1);
    });
  });

  it("give way to flags", async () => {
    await withConfig(async (dir) => {
      const { code } = await vigil(["check", "bad", "--min-tools", "0"], { cwd: dir });
      expect(code).toBe(0);
    });
  });
});

describe("output", () => {
  it("is plain in a pipe, coloured by FORCE_COLOR, plain by NO_COLOR", async () => {
    const { url } = await serve();
    const first = async (env: Record<string, string>) =>
      (await vigil(["check", url], { env })).stdout.split("\n")[0];
    expect(await first({})).toBe(`✔ UP  ${url}`);
    expect(await first({ FORCE_COLOR: "1" })).toBe(
      `\u001B[32m✔ UP\u001B[39m  \u001B[1m${url}\u001B[22m`,
    );
    expect(await first({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(`✔ UP  ${url}`);
  });

  it("into a reader that has gone is no crash", async () => {
    const { url } = await serve();
    const { child, finished } = startVigil(["check", url, "--json"]);
    child.stdout?.destroy();
    expect(await finished).toMatchObject({ code: 0, stderr: "" });
  });
});
