import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { testMessage } from "@vigil/core";
import { createFakeClock } from "@vigil/testkit";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { parseWebhook } from "../src/flags.ts";
import { createWebhooks } from "../src/pages/webhooks.ts";

const page = (by: string) =>
  testMessage({ by, at: "2026-11-22T08:00:00.000Z", stage: null, targets: 1 });

type Answer = number | "hang up" | "elsewhere";

/** A server that answers so, and then 200; and a watch's webhook that leads there. */
async function hooked(...answers: readonly Answer[]) {
  const left = [...answers];
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    bodies.push(`${request.method} ${request.headers["content-type"]} ${body}`);
    const answer = left.shift() ?? 200;
    if (answer === "hang up") request.socket.destroy();
    else if (answer === "elsewhere") response.writeHead(307, { location: "/other" }).end();
    else response.writeHead(answer).end("thanks");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = createFakeClock();
  const told: string[] = [];
  const hooks = createWebhooks({
    urls: [`${origin}/hook?key=secret`],
    clock,
    fetch,
    onTrouble: (text) => told.push(text.replace(origin, "ORIGIN")),
  });
  return { hooks, clock, bodies, told, origin };
}

const soon = { timeout: 5_000 };

describe("a webhook", () => {
  it("gets the body that CloudWatch's alarms have, once for each page, in order", async () => {
    const { hooks, bodies, told } = await hooked();
    hooks.send(page("kim"));
    hooks.send(page("lee"));
    await vi.waitFor(() => expect(bodies).toHaveLength(2), soon);
    expect(bodies).toEqual(
      ["kim", "lee"].map((by) => `POST application/json ${page(by).message.https}`),
    );
    expect(JSON.parse(page("kim").message.https)).toMatchObject({ NewStateValue: "OK" });
    expect(told).toEqual([]);
  });

  it("is tried again when it fails, says so once, and keeps the order", async () => {
    const { hooks, clock, bodies, told } = await hooked(503, "hang up");
    hooks.send(page("kim"));
    hooks.send(page("lee"));
    await vi.waitFor(() => expect(clock.pending).toBe(1), soon);
    expect(told).toEqual(["ORIGIN did not take a page (HTTP 503); it is tried again."]);
    clock.advance(2_000);
    await vi.waitFor(() => expect(clock.pending).toBe(1), soon);
    clock.advance(10_000);
    await vi.waitFor(() => expect(bodies).toHaveLength(4), soon);
    expect(bodies.map((body) => (body.includes("kim") ? "kim" : "lee"))).toEqual([
      "kim",
      "kim",
      "kim",
      "lee",
    ]);
    expect(told).toHaveLength(1);
  });

  it.each([
    [404, "HTTP 404"],
    ["elsewhere", "HTTP 307"],
  ] as const)("that answers %s is told of, and gets the next page", async (answer, reason) => {
    const { hooks, bodies, told } = await hooked(answer);
    hooks.send(page("kim"));
    hooks.send(page("lee"));
    await vi.waitFor(() => expect(bodies).toHaveLength(2), soon);
    expect(bodies[1]).toContain("lee");
    expect(told).toEqual([
      `ORIGIN does not take a page (${reason}); it is not sent there any more.`,
    ]);
  });

  it("that never takes a page is given up, and said to be", async () => {
    const { hooks, clock, told } = await hooked(...Array.from({ length: 6 }, () => 500));
    hooks.send(page("kim"));
    for (const waitMs of [2_000, 10_000, 30_000, 60_000, 120_000]) {
      await vi.waitFor(() => expect(clock.pending).toBe(1), soon);
      clock.advance(waitMs);
    }
    await vi.waitFor(() => expect(told).toHaveLength(2), soon);
    expect(told[1]).toBe("ORIGIN does not take a page (HTTP 500); it is not sent there any more.");
  });

  it("that still waits when the watch ends is told of; its address's key never is", async () => {
    const { hooks, clock, told, origin } = await hooked(500);
    hooks.send(page("kim"));
    await vi.waitFor(() => expect(clock.pending).toBe(1), soon);
    hooks.stop();
    expect(clock.pending).toBe(0);
    expect(told[1]).toBe("ORIGIN has not taken 1 page yet, and no more tries are made.");
    expect(hooks.shown).toEqual([origin]);
    expect(told.join()).not.toContain("secret");
  });
});

describe("--webhook", () => {
  it.each([
    ["hooks.example.com", "Write an address such as https://hooks.example.com/vigil."],
    ["https://a b", "Write an address such as https://hooks.example.com/vigil."],
    [
      "http://hooks.example.com",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
    [
      "ftp://127.0.0.1/x",
      "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
    ],
    ["https://kim:pw@hooks.example.com", "Take user name and password out of it."],
    ["https://hooks.example.com/#a", "Take the # and all after it out of it: it is never sent."],
  ])("refuses %s", (value, message) => {
    expect(() => parseWebhook(value)).toThrow(message);
  });

  it("takes several", () => {
    const first = parseWebhook("https://hooks.example.com/a?key=1");
    expect(parseWebhook("http://127.0.0.1:9/b", first)).toEqual([
      "https://hooks.example.com/a?key=1",
      "http://127.0.0.1:9/b",
    ]);
  });
});
