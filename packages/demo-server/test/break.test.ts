import { createServer, type Server } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { FAULT_GROUPS, FAULT_NAMES, FAULTS } from "../src/faults/index.ts";
import { start } from "./harness.ts";
import { bundleScript, run } from "./processes.ts";

bundleScript("break");

async function told(...args: string[]) {
  const { code, stdout, stderr } = await run("break", args).ended;
  return { code, stdout, stderr };
}

const said = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const complained = (problem: string) => ({
  code: 2,
  stdout: "",
  stderr: `demo:break: ${problem}\n`,
});

async function portOf(server: Pick<Server, "listen" | "address" | "close">): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return String((server.address() as { port: number }).port);
}

describe("demo:break", () => {
  it("tells the fault, switches one on and mends it", async () => {
    const { origin, faults } = await start();
    const port = new URL(origin).port;
    expect(await told("--port", port)).toEqual(said("The demo server is whole.\n"));
    expect(await told("tools-empty", "--port", port)).toEqual(said("Broken: tools-empty.\n"));
    expect(faults.fault).toBe("tools-empty");
    expect(await told("--port", port)).toEqual(said("Broken: tools-empty.\n"));
    expect(await told("none", "--port", port)).toEqual(said("The demo server is whole.\n"));
    expect(faults.fault).toBeNull();
  });

  it("lists each fault under a heading, in two lines, the code that Vigil has for it in front", async () => {
    const { code, stdout, stderr } = await told("--list");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    for (const [heading, names] of Object.entries(FAULT_GROUPS)) {
      expect(lines).toContain(heading);
      for (const name of names) {
        const { code: mode, title, clientSees, cloudWatchShows } = FAULTS[name];
        const first = `  ${mode === name ? mode : `${mode} (${name})`}: ${title}`;
        const second = `      client: ${clientSees} · CloudWatch: ${cloudWatchShows}`;
        expect(lines[lines.indexOf(first) + 1]).toBe(second);
      }
    }
    expect(Object.values(FAULT_GROUPS).flat()).toEqual(FAULT_NAMES);
    expect(lines).toContain("  none: Mends whatever is broken");
  });

  it("takes the code for the switch", async () => {
    const { origin, faults } = await start();
    const { port } = new URL(origin);
    expect(await told("not-mcp-response", "--port", port)).toEqual(
      said("Broken: adapter-missing.\n"),
    );
    expect(faults.fault).toBe("adapter-missing");
  });

  it("explains itself", async () => {
    const { code, stdout } = await told("--help");
    expect(code).toBe(0);
    expect(stdout).toContain("npm run demo:break -- FAULT ");
    expect(stdout).toContain("(default 7331)");
  });

  it.each([
    [
      "an unknown fault",
      ["tools-emtpy"],
      'there is no fault "tools-emtpy"; did you mean tools-empty? (npm run demo:break -- --list tells all)',
    ],
    ["two faults", ["tools-empty", "none"], "one fault at a time, please"],
    ["port 0", ["--port", "0"], "--port 0: use a number from 1 to 65535"],
    ["a port that is none", ["--port", "demo"], "--port demo: use a number from 1 to 65535"],
  ])("refuses %s", async (_name, args, problem) => {
    expect(await told(...args)).toEqual(complained(problem));
  });

  it("shows how it is used after an unknown option", async () => {
    const { code, stdout, stderr } = await told("--prot", "7331");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^demo:break: Unknown option '--prot'/);
    expect(stderr).toContain("--port N");
  });

  it("says that nothing listens, and what to do", async () => {
    const server = createServer();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await told("none", "--port", port)).toEqual(
      complained(
        `no demo server answers on port ${port}. Start one with \`npm start\`, or give its port: --port N`,
      ),
    );
  });

  it.each([
    ["speaks no HTTP", () => createTcpServer((socket) => socket.end("220 hello\r\n"))],
    ["answers with a page", () => createServer((_, response) => response.end("<html>"))],
  ])("takes nothing that %s for the demo server", async (_name, make) => {
    const port = await portOf(make() as Server);
    expect(await told("--port", port)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`no demo server answers on port ${port}.`),
    });
  });

  it("does not take another JSON server for the demo server", async () => {
    const other = createServer((_, response) => response.writeHead(404).end('{"detail":"no"}'));
    const port = await portOf(other);
    expect(await told("--port", port)).toEqual(complained("HTTP 404: is this the demo server?"));
  });
});
