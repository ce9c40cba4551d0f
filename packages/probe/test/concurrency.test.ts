import {
  type Answer,
  event,
  json,
  type RecordedRequest,
  type Script,
  soundLegacy,
  soundModern,
  startBalancer,
  startServer,
  stream,
  text,
} from "@vigil/testkit";
import { v1Stateful, v1Stateless, v2 } from "@vigil/testkit/real-servers";
import { afterEach, describe, expect, it } from "vitest";
import { openConnection } from "../src/connection.ts";
import { type Overrides, probe } from "./harness.ts";

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

function kept<T extends { readonly close: () => Promise<void> }>(running: T): T {
  closers.push(running.close);
  return running;
}

const PATIENT: Overrides = { clientTimeoutMs: 8_000, slowMs: 7_000 };
const CLIENTS = { ...PATIENT, concurrency: { clients: 3 } };
const DEEP = { extras: ["concurrency"], runTimeoutMs: 30_000 } as const;

/** Behind one address, two places that a connection may lead to. */
async function balanced(urls: readonly [string, string]) {
  return kept(await startBalancer(urls));
}

describe("simultaneous clients of one session", () => {
  it("see it lost 30 of 30 times between two environments, where one client never does", async () => {
    const [a, b] = [kept(await v1Stateful()), kept(await v1Stateful())];
    const { url } = await balanced([a.url, b.url]);
    const alone: string[] = [];
    const together: string[] = [];
    for (let n = 0; n < 30; n += 1) {
      alone.push((await probe(url, CLIENTS, { runTimeoutMs: 30_000 })).modes.join());
      together.push((await probe(url, CLIENTS, DEEP)).modes.join());
    }
    expect(alone).toEqual(Array(30).fill(""));
    expect(together).toEqual(Array(30).fill("session-lost"));
  }, 60_000);

  it("find it in every place of a shared one", async () => {
    const { url } = kept(await v1Stateful());
    const balancer = await balanced([url, url]);
    for (let n = 0; n < 10; n += 1) {
      const { verdict } = await probe(balancer.url, CLIENTS, DEEP);
      expect(verdict).toMatchObject({ status: "up", failures: [] });
    }
    expect(balancer.taken()).toBe(40);
  }, 60_000);

  it.each([
    ["SDK v1, stateless", v1Stateless, "legacy"],
    ["SDK v2, legacy", () => v2("stateless"), "legacy"],
    ["SDK v2, modern", () => v2("reject"), "modern"],
  ] as const)("lose nothing where there are no sessions: %s", async (_name, start, era) => {
    const [a, b] = [kept(await start()), kept(await start())];
    const { url } = await balanced([a.url, b.url]);
    const { verdict } = await probe(url, { ...CLIENTS, era }, DEEP);
    expect(verdict).toMatchObject({ status: "up", failures: [] });
    expect(verdict.coldSampleMs).toBeGreaterThan(0);
  });

  it("are told of by number, with the session's loss before all else", async () => {
    const [a, b] = [kept(await v1Stateful()), kept(await v1Stateful())];
    const { url } = await balanced([a.url, b.url]);
    const { verdict } = await probe(url, CLIENTS, DEEP);
    expect(verdict.failures).toMatchObject([
      {
        mode: "session-lost",
        step: "concurrency",
        summary:
          "2 of 3 simultaneous clients lost the session: HTTP 400 to tools/list, right after a good initialize",
        evidence: { httpStatus: 400, rpcMethod: "tools/list" },
      },
    ]);
  });
});

/** A sound legacy server whose answers to the simultaneous requests are `change`d, by number. */
async function serve(
  change: (sound: Answer, nth: number, request: RecordedRequest) => Answer,
  sound: Script = soundLegacy(),
) {
  const connections: number[] = [];
  const server = kept(
    await startServer((request) => {
      const answer = sound(request);
      if (request.rpc?.method !== "tools/list" || request.connection === 1) return answer;
      connections.push(request.connection);
      return change(answer, connections.length, request);
    }),
  );
  return { ...server, connections };
}

const SPLIT = text("broken", { status: 500 });

describe("each simultaneous client", () => {
  it("has a connection of its own, which ends with the run", async () => {
    const server = await serve((sound) => sound);
    const { run, modes } = await probe(server.url, CLIENTS, DEEP);
    expect(modes).toEqual([]);
    expect([...server.connections].sort()).toEqual([2, 3, 4]);
    await expect.poll(server.open).toBe(0);
    const step = run.legs[0]?.steps.find(({ step: name }) => name === "concurrency");
    expect(step).toMatchObject({ outcome: "ok", label: "3 simultaneous clients" });
  });

  it.each([
    ["legacy", soundLegacy, ["mcp-session-id", "mcp-protocol-version"]],
    ["modern", soundModern, ["mcp-method", "mcp-protocol-version"]],
  ] as const)("sends what the first one sent: %s", async (era, sound, named) => {
    const server = await serve((answer) => answer, sound());
    await probe(server.url, { ...CLIENTS, era }, DEEP);
    const lists = server.requests.filter(
      ({ rpc }) => rpc?.method === "tools/list" && rpc.params.cursor === undefined,
    );
    expect(lists).toHaveLength(4);
    const [first, ...others] = lists.map(({ headers, rpc }) => ({ headers, params: rpc?.params }));
    expect(Object.keys(first?.headers ?? {})).toEqual(expect.arrayContaining([...named]));
    for (const other of others) {
      const { "content-length": _, ...sent } = other.headers;
      expect(first).toMatchObject({ headers: sent, params: other.params });
    }
  });

  it("is signed", async () => {
    const server = await serve((sound) => sound);
    const signed: string[] = [];
    const { modes } = await probe(
      server.url,
      { ...CLIENTS, auth: { type: "sigv4", service: "lambda", region: "us-east-1" } },
      {
        ...DEEP,
        deps: {
          sign: async ({ body }) => {
            signed.push(body ?? "");
            return { ok: true, headers: { "x-signed": "yes" }, secrets: [] };
          },
        },
      },
    );
    expect(modes).toEqual([]);
    const lists = server.requests.filter(({ connection }) => connection > 1);
    expect(lists.map(({ headers }) => headers["x-signed"])).toEqual(["yes", "yes", "yes"]);
    expect(lists.every(({ body }) => signed.includes(body))).toBe(true);
  });

  it("that cannot be signed says nothing of the server", async () => {
    const server = await serve((sound) => sound);
    let left = 8;
    const { verdict } = await probe(
      server.url,
      { ...CLIENTS, auth: { type: "sigv4", service: "lambda", region: "us-east-1" } },
      {
        ...DEEP,
        deps: {
          sign: async () => {
            left -= 1;
            return left > 0 ? { ok: true, headers: {}, secrets: [] } : { ok: false, reason: "" };
          },
        },
      },
    );
    expect(verdict.failures).toMatchObject([{ mode: "secret-unavailable", step: "concurrency" }]);
  });

  it("counts, although the others are well", async () => {
    const server = await serve((sound, nth) => (nth === 2 ? SPLIT : sound));
    const { verdict } = await probe(server.url, CLIENTS, DEEP);
    expect(verdict.failures).toMatchObject([
      {
        mode: "http-server-error",
        step: "concurrency",
        summary: "1 of 3 simultaneous clients: HTTP 500",
      },
    ]);
  });

  it("may be sent elsewhere within the origin", async () => {
    const moved = text("", { status: 307, headers: [["location", "/elsewhere"]] });
    const server = await serve((sound, _nth, { path }) => (path === "/mcp" ? moved : sound));
    const { modes } = await probe(server.url, CLIENTS, DEEP);
    expect(modes).toEqual([]);
    expect(server.connections).toHaveLength(6);
  });

  it("may take its stream up again", async () => {
    const waiting = new Map<string, Answer>();
    const server = kept(
      await startServer((request) => {
        const taken = waiting.get(request.headers["last-event-id"] ?? "");
        if (taken !== undefined) return taken;
        const answer = soundScript(request);
        if (request.rpc?.method !== "tools/list" || request.connection === 1) return answer;
        if (answer.kind !== "respond") return answer;
        const id = `e${request.rpc.id}`;
        const body = [...answer.chunks].map(({ bytes }) => bytes).join("");
        waiting.set(id, stream([{ bytes: event(body) }]));
        return stream([{ bytes: `id: ${id}\nretry: 10\ndata: \n\n` }]);
      }),
    );
    const { modes } = await probe(server.url, CLIENTS, DEEP);
    expect(modes).toEqual([]);
    expect(waiting.size).toBe(3);
  });

  it("tells its first byte without the time of its connection", async () => {
    const server = await serve((sound, nth) =>
      sound.kind === "respond" ? { ...sound, delayMs: nth * 100 } : sound,
    );
    const slow = {
      openConnection: ((url, options) => {
        const connection = openConnection(url, options);
        const open = async (timeoutMs: number) => {
          await new Promise((done) => setTimeout(done, 400));
          return connection.open(timeoutMs);
        };
        return { open, fetch: connection.fetch, destroy: () => connection.destroy() };
      }) as typeof openConnection,
    };
    const { verdict } = await probe(server.url, CLIENTS, { ...DEEP, deps: slow });
    expect(verdict.coldSampleMs).toBeGreaterThanOrEqual(295);
    expect(verdict.coldSampleMs).toBeLessThan(400);
  });
});

const soundScript = soundLegacy();

describe("what bounds the step", () => {
  it("is a client's patience; a silent client is a time-out and none is left behind", async () => {
    const server = await serve((sound, nth) => (nth === 3 ? { kind: "hang" } : sound));
    const { verdict, tookMs } = await probe(
      server.url,
      { concurrency: { clients: 3 } },
      { ...DEEP, runTimeoutMs: 5_000 },
    );
    expect(verdict.failures).toMatchObject([{ mode: "timeout", step: "concurrency" }]);
    expect(verdict.failures[0]?.summary).toMatch(/^1 of 3 simultaneous clients: no answer/);
    expect(tookMs).toBeLessThan(4_000);
    await expect.poll(server.open).toBe(0);
  });

  it("ends at once when answers that are none have come from all", async () => {
    const server = await serve(() => stream([]));
    const { verdict, tookMs } = await probe(server.url, CLIENTS, DEEP);
    expect(verdict.failures).toMatchObject([
      { mode: "empty-stream", summary: expect.stringMatching(/^3 of 3 simultaneous clients: /) },
    ]);
    expect(tookMs).toBeLessThan(4_000);
  });

  it("is the run's time: a step that would be cut short is left for another run", async () => {
    const server = await serve((sound) => sound);
    const { run, verdict } = await probe(server.url, CLIENTS, {
      extras: ["concurrency"],
      runTimeoutMs: 7_000,
    });
    expect(verdict).toMatchObject({ status: "up", coldSampleMs: null });
    expect(run.legs[0]?.steps.map(({ step, skipped }) => [step, skipped])).toContainEqual([
      "concurrency",
      "no-time",
    ]);
    expect(server.connections).toEqual([]);
  });

  it("a connection that does not open is that client's failure", async () => {
    const server = await serve((sound) => sound);
    let opened = 0;
    const refusing = {
      openConnection: ((url, options) => {
        opened += 1;
        return openConnection(opened === 3 ? new URL("http://127.0.0.1:1/mcp") : url, options);
      }) as typeof openConnection,
    };
    const { verdict } = await probe(server.url, CLIENTS, { ...DEEP, deps: refusing });
    expect(verdict.failures).toMatchObject([
      {
        mode: "connect-refused",
        step: "concurrency",
        summary:
          "1 of 3 simultaneous clients: the connection failed while the connection was opened (ECONNREFUSED)",
      },
    ]);
  });

  it("is not taken unless it is asked for, nor where it is not configured", async () => {
    const server = await serve((sound) => sound);
    const other = await serve((sound) => sound);
    const plain = await probe(server.url, CLIENTS, { runTimeoutMs: 30_000 });
    const unset = await probe(other.url, PATIENT, DEEP);
    expect([plain.verdict, unset.verdict]).toMatchObject([
      { status: "up", coldSampleMs: null },
      { status: "up", coldSampleMs: null },
    ]);
    expect([...server.connections, ...other.connections]).toEqual([]);
  });
});

it("is not counted in the run's time, nor as a cold start of it", async () => {
  const cold = [["x-lambda-init", "cold"]] as const;
  const server = await serve((sound) =>
    sound.kind === "respond"
      ? { ...sound, delayMs: 300, headers: [...sound.headers, ...cold] }
      : json("{}"),
  );
  const { verdict } = await probe(server.url, { ...CLIENTS, slowMs: 290 }, DEEP);
  expect(verdict).toMatchObject({ status: "up", coldStart: null });
  expect(verdict.durationMs).toBeLessThan(290);
});
