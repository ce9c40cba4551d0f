import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Balance, createBalancer } from "../src/balancer.ts";
import { serviceThat } from "./database.ts";
import { connect, start } from "./harness.ts";

const portOf = (url: string) => Number(new URL(url).port);

async function balance(by: Balance, ports: readonly number[]): Promise<string> {
  const balancer = createBalancer({ ports, balance: by });
  await new Promise<void>((resolve) => balancer.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    balancer.close();
    balancer.closeAllConnections();
  });
  return `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`;
}

/** Which server answers; over the agent's connection. */
function askOver(agent: Agent, url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request(url, { agent }, (response) => {
      response.resume().on("end", () => resolve(response.headers["x-demo-environment"]));
    });
    call.on("error", reject).end();
  });
}

function oneConnection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe("the balancer", () => {
  it.each([
    ["request", ["1", "2", "1", "2"]],
    ["connection", ["1", "1", "2", "1"]],
  ] as const)("by %s: two clients, the first asks again before and after", async (by, expected) => {
    const ports = [portOf((await start()).url), portOf((await start()).url)];
    const url = `${await balance(by, ports)}/health`;
    const [one, two] = [oneConnection(), oneConnection()];
    const said = [];
    for (const agent of [one, one, two, one]) said.push(await askOver(agent, url));
    expect(said).toEqual(expected);
  });

  it("passes a stream on as it comes", async () => {
    const { url } = await start();
    const client = await connect.legacy(`${await balance("request", [portOf(url)])}/mcp`);
    const arrivals: number[] = [];
    const onprogress = () => void arrivals.push(performance.now());
    await client.call("progress", { steps: 3, delayMs: 300 }, onprogress);
    // The last 300 ms are the server's own, after the last step was told.
    const [first = 0, , third = 0] = arrivals;
    expect(third - first).toBeGreaterThan(300);
    expect(performance.now() - third).toBeGreaterThan(100);
  });

  it("breaks off what its server breaks off", async () => {
    const origin = await serviceThat((_request, response) => {
      response.writeHead(200, { "content-length": "10" }).write("half");
      setImmediate(() => response.destroy());
    });
    const response = await fetch(await balance("request", [portOf(origin)]));
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("leaves its server when its client leaves", async () => {
    const leaving = new AbortController();
    let gone = Promise.resolve();
    const origin = await serviceThat((_request, response) => {
      gone = new Promise((resolve) => void response.once("close", resolve));
      leaving.abort();
    });
    const url = await balance("request", [portOf(origin)]);
    await expect(fetch(url, { signal: leaving.signal })).rejects.toThrow("aborted");
    await gone;
  });

  it("says that its server is gone", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const response = await fetch(await balance("request", [port]));
    expect([response.status, await response.text()]).toEqual([
      502,
      "The demo server behind this balancer does not answer.\n",
    ]);
  });

  it("switches no faults: it says which servers to break", async () => {
    const response = await fetch(`${await balance("request", [4001, 4002])}/admin/fault`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: "this is a balancer; break one of its servers: --port 4001 or --port 4002" },
    ]);
  });
});
