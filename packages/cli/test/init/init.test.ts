import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { soundModern, startServer } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { runCheck } from "../../src/commands/check.ts";
import { runInit } from "../../src/commands/init.ts";
import type { InitFlags } from "../../src/flags.ts";
import { createFakeIo } from "../fake-io.ts";
import { inFolder } from "../vigil.ts";
import { withPing } from "./with-ping.ts";

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function init(cwd: string, flags: InitFlags): Promise<Outcome> {
  const { io, written } = createFakeIo({ cwd });
  const code = await runInit(flags, { io, version: "1.2.3", openAsker: () => null });
  const of = (stream: string) =>
    written
      .flatMap((text) => (text.startsWith(stream) ? [text.slice(stream.length)] : []))
      .join("");
  return { code, out: of("out:"), err: of("err:") };
}

async function check(cwd: string, config?: string): Promise<number> {
  const { io } = createFakeIo({ cwd });
  const flags = {
    confirm: false,
    failOn: "degraded",
    ...(config !== undefined && { config }),
  } as const;
  return runCheck([], flags, { io, version: "1.2.3" });
}

describe("vigil init --url --yes", () => {
  it("writes a config with which check is up, and calls the read-only tool alone", async () => {
    const { called, script } = withPing();
    const [legacy, modern] = [await startServer(script), await startServer(soundModern())];
    await inFolder(async (cwd) => {
      const { code, out, err } = await init(cwd, { yes: true, url: [legacy.url, modern.url] });
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toContain("Of 2 addresses, 2 speak MCP.\n");
      expect(out).toContain(
        "Wrote vigil.config.ts: 2 targets, probed from local.\nNext: vigil check\n",
      );
      expect(called).toEqual(["ping"]);
      const text = await readFile(join(cwd, "vigil.config.ts"), "utf8");
      expect(text.match(/tool: "\w+"/gu)).toEqual(['tool: "ping"']);
      expect(await check(cwd)).toBe(0);
    });
    await Promise.all([legacy.close(), modern.close()]);
  });

  it("leaves out a sentinel that is not answered well", async () => {
    const { called, script } = withPing({ content: [], isError: true });
    const server = await startServer(script);
    await inFolder(async (cwd) => {
      const { code, out } = await init(cwd, { yes: true, url: [server.url] });
      expect(code).toBe(0);
      expect(out).toContain("ping is annotated as read-only, but was not answered well");
      expect(called).toEqual(["ping"]);
      expect(await readFile(join(cwd, "vigil.config.ts"), "utf8")).not.toContain("sentinels");
    });
    await server.close();
  });

  it("--dry-run prints the config alone, and writes nothing", async () => {
    const server = await startServer(withPing().script);
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, "vigil.config.ts"), "mine");
      const { code, out } = await init(cwd, { yes: true, dryRun: true, url: [server.url] });
      expect(code).toBe(0);
      expect(await readdir(cwd)).toEqual(["vigil.config.ts"]);
      expect(await readFile(join(cwd, "vigil.config.ts"), "utf8")).toBe("mine");
      await writeFile(join(cwd, "printed.config.ts"), out);
      expect(await check(cwd, "printed.config.ts")).toBe(0);
    });
    await server.close();
  });

  it("replaces with --force, whole, and a link instead of what it points to", async () => {
    const server = await startServer(withPing().script);
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, "elsewhere.ts"), "mine");
      await symlink("elsewhere.ts", join(cwd, "vigil.config.ts"));
      const { code } = await init(cwd, { yes: true, force: true, url: [server.url] });
      expect(code).toBe(0);
      expect((await readdir(cwd)).sort()).toEqual(["elsewhere.ts", "vigil.config.ts"]);
      expect(await readFile(join(cwd, "elsewhere.ts"), "utf8")).toBe("mine");
      expect(await check(cwd)).toBe(0);
    });
    await server.close();
  });
});

const NOTHING =
  "vigil: No server to watch, so nothing is written. Name an MCP endpoint with --url https://…/mcp, or look in other regions with --region.\n";

describe("vigil init that writes nothing", () => {
  it.each<[string, InitFlags, string]>([
    [
      "without anybody to ask",
      { url: ["http://127.0.0.1:1/mcp"] },
      "vigil: vigil init asks before it probes, calls and writes, and there is no terminal to ask at. Add --yes to take what it proposes; that replaces no config and calls no tool but those annotated as read-only.\n",
    ],
    [
      "over a config that is there",
      { yes: true, out: "there.config.ts" },
      "vigil: There is there.config.ts already. --force replaces it, --out PATH writes elsewhere, --dry-run prints instead.\n",
    ],
    [
      "beside a config that it would hide",
      { yes: true },
      "vigil: There is vigil.config.js already. --force replaces it, --out PATH writes elsewhere, --dry-run prints instead.\n",
    ],
    [
      "over a folder",
      { yes: true, out: "folder.ts" },
      "vigil: folder.ts is a folder. --out wants the config file itself.\n",
    ],
    [
      "under a name that no config has",
      { yes: true, out: "vigil.json" },
      "vigil: --out vigil.json is no module. Write a name such as vigil.config.ts.\n",
    ],
    [
      "of what is no URL, all told at once and without a key",
      { yes: true, out: "new.ts", url: ["orders", "https://u:p@a.example/mcp?key=1"] },
      [
        'vigil: --url orders does not begin with https://. Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
        '--url https://a.example/mcp holds a user name or a password. Take them out of the URL; a target\'s credentials go into auth: bearer(secret("env:NAME")) or headers({ … }).\n',
      ].join("\n"),
    ],
    [
      "when nothing answers",
      { yes: true, out: "new.ts", url: ["http://127.0.0.1:1/mcp"] },
      NOTHING,
    ],
  ])("%s", async (_, flags, said) => {
    await inFolder(async (cwd) => {
      await mkdir(join(cwd, "folder.ts"));
      await writeFile(join(cwd, "there.config.ts"), "mine");
      await writeFile(join(cwd, "vigil.config.js"), "mine");
      const { code, err } = await init(cwd, flags);
      expect({ code, err }).toEqual({ code: 2, err: said });
      expect((await readdir(cwd)).sort()).toEqual([
        "folder.ts",
        "there.config.ts",
        "vigil.config.js",
      ]);
      expect(await readFile(join(cwd, "there.config.ts"), "utf8")).toBe("mine");
    });
  });

  it("into a folder that is not there", async () => {
    await inFolder(async (cwd) => {
      const { code, err } = await init(cwd, { yes: true, out: "none/vigil.config.ts" });
      expect({ code, err: err.replace(cwd, "CWD") }).toEqual({
        code: 2,
        err: "vigil: There is no folder CWD/none to write vigil.config.ts into. Make it first.\n",
      });
    });
  });
});
