import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningServer, soundLegacy, startServer } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

let server: RunningServer;
beforeEach(async () => {
  server = await startServer(soundLegacy());
});
afterEach(() => server.close());

/** The tools that were called. */
function called(): readonly unknown[] {
  return server.requests.flatMap(({ rpc }) =>
    rpc?.method === "tools/call" ? [rpc.params["name"]] : [],
  );
}

async function check(...flags: readonly string[]) {
  const { code, stdout, stderr } = await vigil(["check", server.url, "--no-confirm", ...flags]);
  expect(stderr).toBe("");
  return { code, told: stdout.replaceAll(/\s+/gu, " ") };
}

describe("a sentinel on a tool that will not do", () => {
  it("is not called when it may change data: unknown, exit 4, and how to allow it", async () => {
    const { code, told } = await check("--tool", "wipe");
    expect(code).toBe(4);
    expect(told).toContain("callTool skipped wipe · the tool may change data");
    expect(told).toContain(
      'why tool "wipe" is annotated as destructive, so it was not called mend The tool asks back',
    );
    expect(told).toContain(
      "set allowWrites: true on the sentinel (vigil check --tool: --allow-writes).",
    );
    expect(called()).toEqual([]);
  });

  it("is called once that is allowed, by the flag", async () => {
    expect(await check("--tool", "wipe", "--allow-writes")).toMatchObject({ code: 0 });
    expect(called()).toEqual(["wipe"]);
  });

  it("is called once that is allowed, in the config; a flag's own call is not", async () => {
    await inFolder(async (cwd) => {
      const sentinels = [{ tool: "wipe", allowWrites: true }];
      const target = { name: "orders", url: server.url, sentinels };
      const config = `export default ${JSON.stringify({ targets: [target] })};`;
      await writeFile(join(cwd, "vigil.config.ts"), config);
      expect(await vigil(["check", "orders"], { cwd })).toMatchObject({ code: 0 });
      expect(called()).toEqual(["wipe"]);
      expect(await vigil(["check", "orders", "--tool", "wipe"], { cwd })).toMatchObject({
        code: 4,
      });
      expect(called()).toEqual(["wipe"]);
    });
  });

  it("is not called when it is not listed: down, exit 1, and what is listed", async () => {
    const { code, told } = await check("--tool", "lockup");
    expect(code).toBe(1);
    expect(told).toContain("callTool skipped lockup · the tool is not listed");
    expect(told).toContain("why tools/list lacks lockup; it has lookup, echo, wipe ");
    expect(called()).toEqual([]);
  });

  it("cannot be allowed without being named", async () => {
    const { code, stdout, stderr } = await vigil(["check", server.url, "--allow-writes"]);
    const complaint = "vigil: --allow-writes needs the tool that it is for: --tool NAME.\n";
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: complaint });
  });
});
