import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bundle, bundlesOf, loadHandler, modeOf, unzip } from "./bundles.ts";
import { DEMO_REGION, WATCHED } from "./configs.ts";
import { openProject } from "./project.ts";

const project = openProject();
const scratch = mkdtempSync(join(tmpdir(), "vigil-deployed-"));
const processes: ChildProcess[] = [];
afterAll(() => {
  for (const child of processes) child.kill();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  project.close();
});

let bundles: readonly Bundle[];
beforeAll(async () => {
  project.configure(WATCHED);
  const { code, output } = await project.sst(["deploy", "--stage", "watched"]);
  expect({ code, output }).toMatchObject({ code: 0 });
  bundles = bundlesOf(await project.state("watched"));
});

const RUNTIME = "nodejs24.x";

describe("the bundles, as they would be uploaded", () => {
  it("are loaded by the Node of their runtime, each handler a function", async () => {
    const handlers = bundles.filter(({ fn }) => fn.inputs.handler !== "run.sh");
    const loaded = await Promise.all(
      handlers.map(async ({ name, fn, zip }) => {
        const folder = join(scratch, name);
        unzip(zip, folder);
        return [name, fn.inputs.runtime, await loadHandler(folder, fn)];
      }),
    );
    expect(loaded).toEqual(handlers.map(({ name }) => [name, RUNTIME, "24 function"]));
    expect(loaded.map(([name]) => name)).toEqual(
      expect.arrayContaining(["ProbeEuWest1", "ReplayEuWest1"]),
    );
  });

  it("start the demo server, which serves an MCP client", async () => {
    const demo = bundles.find(({ name }) => name === "DemoUsEast1");
    if (demo === undefined) throw new Error("there is no demo server");
    expect(demo.fn).toMatchObject({ region: DEMO_REGION, inputs: { runtime: RUNTIME } });
    expect(modeOf(demo.zip, "run.sh").toString(8)).toBe("755");
    const url = await startDemo(demo);
    const answer = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      body: JSON.stringify(INITIALIZE),
    });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('"protocolVersion":"2025-11-25"');
  });
});

const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};

/** As the Web Adapter starts it, but on a free port, and with sessions in memory. */
async function startDemo({ name, fn, zip }: Bundle): Promise<string> {
  const folder = join(scratch, name);
  unzip(zip, folder);
  const node = dirname(process.env["VIGIL_TEST_NODE"] ?? "");
  const child = spawn("sh", ["run.sh"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...fn.inputs.environment.variables,
      PATH: node + delimiter + process.env["PATH"],
      PORT: "0",
      MCP_SESSIONS: "memory",
    },
  });
  processes.push(child);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`the demo server ended with ${code}`);
  });
  const said = once(child.stdout.setEncoding("utf8"), "data");
  const [line] = await Promise.race([said, ended]);
  return JSON.parse(line).url;
}
