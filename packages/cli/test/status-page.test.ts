import { get as httpGet, type IncomingHttpHeaders } from "node:http";
import type { History } from "@vigil/aws";
import type { HourRollup, Incident, RunRecord, Target } from "@vigil/core";
import { rollUp } from "@vigil/core";
import { createFakeClock, type FakeClock } from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { isAllowedHost } from "../src/status/allowed-host.ts";
import { openStatusPage, type StatusPage } from "../src/status/status-page.ts";
import { DOWN, UP } from "./records.ts";
import { DOWN_STATE, UP_STATE } from "./states.ts";

const NOW = Date.parse("2026-11-22T08:00:20.000Z");
const RUN: RunRecord = { ...UP, kind: "scheduled", target: "orders" };
const BROKEN: RunRecord = { ...DOWN, kind: "scheduled", target: "orders", runId: "broken" };

const TARGET = {
  name: "orders",
  url: "http://127.0.0.1:9/mcp?key=hush",
  owner: null,
  tags: [],
  runbook: null,
} as unknown as Target;

async function* listOf<T>(items: readonly T[], fails: boolean) {
  if (fails) {
    throw new Error("the table is away");
  }
  yield* items;
}

/** Of what it holds; fails while it is told to. */
function fakeHistory(held: {
  rollups?: readonly HourRollup[];
  runs?: readonly RunRecord[];
  incidents?: readonly Incident[];
  fails?: boolean;
}): History {
  const listing = <T>(items: readonly T[] | undefined) =>
    Object.assign(listOf(items ?? [], held.fails === true), { unreadable: [] });
  return {
    rollups: () => listing(held.rollups),
    runs: () => listing(held.runs),
    incidents: () => listing(held.incidents),
    getPagerRecord: async () => null,
    gaps: () => listing<never>([]),
    deployments: () => listing<never>([]),
    getTools: async () => null,
    getBaseline: async () => null,
  } as unknown as History;
}

interface Opened {
  readonly page: StatusPage;
  readonly clock: FakeClock;
  get(path: string, headers?: Record<string, string>): Promise<Got>;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const opened: StatusPage[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((page) => page.close()));
});

async function open(
  over: { history?: History; port?: number; host?: string; targets?: Target[] } = {},
): Promise<Opened> {
  const clock = createFakeClock(NOW);
  const result = await openStatusPage({
    targets: over.targets ?? [TARGET],
    intervalMs: 60_000,
    history: over.history ?? fakeHistory({}),
    clock,
    version: "1.2.3",
    objective: 99.9,
    host: over.host ?? "127.0.0.1",
    port: over.port ?? 0,
  });
  if (!result.ok) {
    throw new Error(result.complaint.message);
  }
  const page = result.value;
  opened.push(page);
  return { page, clock, get: (path, headers) => fetchFrom(new URL(path, page.url), headers) };
}

/** Not by fetch, which sets `Host` itself. */
function fetchFrom(url: URL, headers: Record<string, string> = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    }).on("error", reject);
  });
}

const observed = (record: RunRecord, state = UP_STATE) => ({
  record,
  lateMs: 2,
  previous: null,
  state,
  events: [],
});

describe("the status page", () => {
  it("shows targets that have yet to run, then what their runs find", async () => {
    const { page, get, clock } = await open();
    expect((await get("/")).text).toContain("first run to come");
    page.ran(observed(BROKEN, DOWN_STATE));
    clock.advance(1_000);
    const { text, headers } = await get("/");
    expect(text).toContain('<span class="badge is-down">');
    expect(text).toContain("1 bad");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  });

  it("shows the past from history, and no key of a URL", async () => {
    const history = fakeHistory({ rollups: rollUp([RUN], 60_000), runs: [RUN] });
    const { page, get } = await open({ history });
    page.resumed([UP_STATE]);
    await expect.poll(async () => (await get("/api/status")).text).toContain('"uptime90d":1');
    const { text } = await get("/api/status");
    expect(text).toContain('"url":"http://127.0.0.1:9/mcp"');
    expect(text).not.toContain("hush");
  });

  it("shows a target's own page with its runs, and says when its history is away", async () => {
    const held = { rollups: rollUp([RUN], 60_000), runs: [BROKEN], fails: false };
    const { get, clock } = await open({ history: fakeHistory(held) });
    const { text } = await get("/targets/orders");
    expect(text).toContain("Objective: 99.9 %");
    expect(text).toContain("tools/list returned no tools; at least 1 is expected");
    held.fails = true;
    clock.advance(1_000);
    const failed = await get("/targets/orders");
    expect([failed.status, failed.text]).toEqual([500, "The page could not be made. Try again.\n"]);
  });

  it("says when history cannot be read or written, and when it can again", async () => {
    const held = { fails: true };
    const { page, get } = await open({ history: fakeHistory(held) });
    page.kept("orders");
    await expect.poll(async () => (await get("/healthz")).status).toBe(503);
    expect(JSON.parse((await get("/healthz")).text)).toMatchObject({
      status: "failing",
      troubles: ["History cannot be read: the table is away."],
    });
    held.fails = false;
    page.kept("orders");
    await expect.poll(async () => (await get("/healthz")).status).toBe(200);
    page.lost(RUN, new Error("the disk is full"));
    expect(JSON.parse((await get("/healthz")).text)).toMatchObject({
      lostRuns: 1,
      troubles: [
        "The run of orders at 2026-11-22T08:00:00.000Z could not be kept: the disk is full.",
      ],
    });
  });

  it("counts a monitor that runs nothing as failing", async () => {
    const { page, get, clock } = await open();
    page.ran(observed(RUN));
    clock.advance(5 * 60_000);
    expect((await get("/healthz")).status).toBe(200);
    clock.advance(2 * 60_000);
    expect(JSON.parse((await get("/healthz")).text).troubles).toEqual([
      "No run has ended for a long time.",
    ]);
  });

  it.each([
    ["/api/status", 200, "application/json; charset=utf-8"],
    ["/targets/orders", 200, "text/html; charset=utf-8"],
    ["/targets/nobody", 404, "text/plain; charset=utf-8"],
    ["/api/targets/orders", 200, "application/json; charset=utf-8"],
    ["/badge/orders.svg", 200, "image/svg+xml"],
    ["/favicon.ico", 200, "image/svg+xml"],
    ["/style.css", 200, "text/css; charset=utf-8"],
    ["/live.js", 200, "text/javascript; charset=utf-8"],
    ["/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"],
    ["/?utm=1", 200, "text/html; charset=utf-8"],
    ["/api/targets/nobody", 404, "text/plain; charset=utf-8"],
    ["/badge/nobody.svg", 404, "text/plain; charset=utf-8"],
    ["/badge/orders", 404, "text/plain; charset=utf-8"],
    ["/constructor", 404, "text/plain; charset=utf-8"],
    ["/../../etc/passwd", 404, "text/plain; charset=utf-8"],
    [`/${"x".repeat(2_000)}`, 404, "text/plain; charset=utf-8"],
  ])("answers %s", async (path, status, type) => {
    const { get } = await open();
    const got = await get(path);
    expect([got.status, got.headers["content-type"]]).toEqual([status, type]);
    expect(got.headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(got.headers["x-content-type-options"]).toBe("nosniff");
  });

  it("has nothing in the page that its policy would forbid", async () => {
    const { page, get } = await open();
    page.ran(observed(BROKEN, DOWN_STATE));
    const { text } = await get("/");
    expect(text).not.toMatch(/<script(?! src="\/live\.js")|<style|\sstyle=|\son[a-z]+=/u);
  });

  it("refuses what is not reading", async () => {
    const { page } = await open();
    const answer = await fetch(page.url, { method: "POST", body: "x" });
    expect(answer.status).toBe(405);
  });

  it("tells Prometheus what runs found", async () => {
    const { page, get } = await open();
    page.ran(observed(RUN));
    page.ran(observed(BROKEN, DOWN_STATE));
    const lines = (await get("/metrics")).text.split("\n");
    const labels = 'target="orders",vantage="local"';
    expect(lines).toEqual(
      expect.arrayContaining([
        `vigil_target_status{${labels},status="down"} 1`,
        `vigil_target_status{${labels},status="up"} 0`,
        `vigil_runs_total{${labels},status="up"} 1`,
        `vigil_runs_total{${labels},status="down"} 1`,
        `vigil_failures_total{${labels},mode="tools-empty"} 1`,
        `vigil_run_duration_seconds{${labels}} 0.214`,
        `vigil_last_run_timestamp_seconds{${labels}} 1795334400`,
        'vigil_build_info{version="1.2.3"} 1',
      ]),
    );
    // A step that was not reached has no duration any more.
    expect(lines.join("\n")).not.toContain('step="callTool"');
  });

  it("does not let a target that is no longer run be up for ever", async () => {
    const { page, get, clock } = await open();
    page.ran(observed(RUN));
    clock.advance(600_000);
    const text = (await get("/metrics")).text;
    expect(text).toContain('status="unknown"} 1');
    expect((await get("/api/status")).text).toContain('"status":"unknown","shown":"stale"');
  });
});

describe("where it listens", () => {
  it("takes a free port when the usual one is taken, and refuses a chosen one that is", async () => {
    const first = await open();
    const port = Number(new URL(first.page.url).port);
    const clock = createFakeClock(NOW);
    const base = {
      targets: [],
      intervalMs: 1,
      history: fakeHistory({}),
      clock,
      version: "1",
      objective: 99,
    };
    const taken = await openStatusPage({ ...base, host: "127.0.0.1", port });
    expect(taken).toMatchObject({
      ok: false,
      complaint: {
        message: `Port ${port} of 127.0.0.1 is taken, so the status page cannot be served there. Write another --port; 0 picks a free one.`,
      },
    });
    for (const _ of [1, 2]) {
      const usual = await openStatusPage({ ...base, host: "127.0.0.1", port: undefined });
      expect(usual.ok).toBe(true);
      if (usual.ok) {
        opened.push(usual.value);
      }
    }
  });

  it.each([
    ["its own address", undefined, 200],
    ["localhost", "localhost", 200],
    ["a name that was resolved to this machine", "evil.example", 421],
    ["such a name with the port", "evil.example:80", 421],
    ["another address", "192.0.2.1", 421],
  ])("answers by name: %s", async (_, host, status) => {
    const { get } = await open();
    expect((await get("/api/status", host === undefined ? {} : { host })).status).toBe(status);
  });

  it.each<[string | undefined, string, boolean]>([
    ["127.0.0.1:7330", "127.0.0.1", true],
    ["[::1]:7330", "127.0.0.1", true],
    ["LOCALHOST", "127.0.0.1", true],
    ["localhost.evil.example", "127.0.0.1", false],
    ["127.0.0.1.evil.example", "127.0.0.1", false],
    ["192.0.2.1:7330", "0.0.0.0", true],
    ["[2001:db8::1]:7330", "::", true],
    ["evil.example", "0.0.0.0", false],
    ["monitor.internal:7330", "monitor.internal", true],
    [undefined, "127.0.0.1", false],
    ["", "0.0.0.0", false],
    ["a@localhost", "127.0.0.1", false],
  ])("takes the Host %s when listening on %s: %s", (header, listening, allowed) => {
    expect(isAllowedHost(header, listening)).toBe(allowed);
  });
});

describe("the stream of changes", () => {
  it("tells of a change at once, and of several that come together once", async () => {
    const { page, clock } = await open();
    const answer = await fetch(new URL("/events", page.url));
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    const read = readerOf(answer);
    expect(await read()).toBe("retry: 3000\nevent: changed\ndata: \n\n");
    page.ran(observed(RUN));
    page.ran(observed(BROKEN, DOWN_STATE));
    clock.advance(1_000);
    expect(await read()).toBe("event: changed\ndata: \n\n");
    clock.advance(14_000);
    expect(await read()).toBe(":\n\n");
  });

  it("has room for so many, and tells the next one to come later", async () => {
    const { page } = await open();
    const url = new URL("/events", page.url);
    const streams = await Promise.all(Array.from({ length: 32 }, () => fetch(url)));
    expect(streams.every(({ status }) => status === 200)).toBe(true);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "10"]);
    await streams[0]?.body?.cancel();
    await expect.poll(async () => (await fetch(url)).status).toBe(200);
  });
});

function readerOf(answer: Response): () => Promise<string> {
  const reader = answer.body?.getReader();
  return async () => new TextDecoder().decode((await reader?.read())?.value);
}
