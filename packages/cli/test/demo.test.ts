import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startDemo } from "../src/demo.ts";
import { inFolder } from "./vigil.ts";

async function start(source: string) {
  return inFolder(async (dir) => {
    const script = join(dir, "server.mjs");
    await writeFile(script, source);
    return startDemo({ port: 4711, script });
  });
}

describe("startDemo", () => {
  it("waits for the line that tells the URL, and stops what it started", async () => {
    const demo = await start(`
      console.log("starting");
      console.log(JSON.stringify({ event: "listening", url: "http://127.0.0.1:4711/mcp" }));
      setInterval(() => {}, 1000);
    `);
    if (!demo.ok) {
      throw new Error(demo.complaint.message);
    }
    expect(demo.value.url).toBe("http://127.0.0.1:4711/mcp");
    await demo.value.stop();
    expect(await demo.value.ended).toBe("signal SIGTERM");
  });

  it("kills one that will not stop", async () => {
    const demo = await start(`
      process.on("SIGTERM", () => {});
      console.log(JSON.stringify({ event: "listening", url: "http://127.0.0.1:4711/mcp" }));
      setInterval(() => {}, 1000);
    `);
    if (!demo.ok) {
      throw new Error(demo.complaint.message);
    }
    await demo.value.stop();
    expect(await demo.value.ended).toBe("signal SIGKILL");
  });

  it.each([
    [
      "dies",
      'console.error("demo server: no luck today"); process.exitCode = 3;',
      "The demo server did not start (exit code 3).\ndemo server: no luck today",
    ],
    [
      "finds its port taken",
      'console.error("demo server: EADDRINUSE"); process.exitCode = 2;',
      "Port 4711 is in use, so the demo server cannot start. Stop what listens there, or choose another port: --demo-port 4712",
    ],
  ])("says why when the server %s", async (_name, source, message) => {
    expect(await start(source)).toEqual({ ok: false, complaint: { message } });
  });

  it("says what to run when it is not built", async () => {
    expect(await startDemo({ port: 4711, script: "/nowhere/server.js" })).toEqual({
      ok: false,
      complaint: {
        message: "The demo server is not built (/nowhere/server.js is missing). Run: npm run build",
      },
    });
  });
});
