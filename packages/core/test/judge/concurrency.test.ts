import { describe, expect, it } from "vitest";
import type { Exchange } from "../../src/index.ts";
import { judge } from "../../src/index.ts";
import {
  callTool,
  EXPECTATIONS,
  exchange,
  leg,
  listTools,
  negotiate,
  result,
  rpcError,
  run,
  step,
} from "./build.ts";

const CLIENTS = { ...EXPECTATIONS, concurrency: { everyMs: 60_000, clients: 3 } };
const LIST = { method: "tools/list", inSession: true } as const;
const TOOLS = result({ tools: [{ name: "lookup", inputSchema: { type: "object" } }] });

let ids = 10;
function client(parts: Parameters<typeof exchange>[0] = {}): Exchange {
  ids += 1;
  return exchange({ ...LIST, id: ids, reply: TOOLS, ...parts });
}

const well = () => client();
const lost = () => client({ status: 404, reply: rpcError(-32001, "Session not found") });
const lost400 = () => client({ status: 400, reply: rpcError(-32000, "Server not initialized") });
const fails = () => client({ status: 500, reply: { kind: "none" } });
const throttled = () => client({ status: 429, reply: { kind: "none" } });
const silent = () => client({ status: null, end: "timed-out", reply: { kind: "none" } });
const unreadable = () => client({ reply: result({ tools: "none" }) });

function seen(exchanges: readonly Exchange[]) {
  const steps = [negotiate(), listTools(), step("concurrency", { exchanges })];
  return judge(run({ legs: [leg({ steps })] }), CLIENTS);
}

const LOST = "lost the session: HTTP 404 to tools/list, right after a good initialize";

describe("simultaneous clients", () => {
  it.each([
    ["all well", [well(), well(), well()], null, null],
    ["one lost", [well(), lost(), well()], "session-lost", `1 of 3 simultaneous clients ${LOST}`],
    [
      "lost in two ways",
      [lost(), lost400(), well()],
      "session-lost",
      `2 of 3 simultaneous clients ${LOST}`,
    ],
    [
      "a lost session among other failures",
      [fails(), lost(), throttled()],
      "session-lost",
      `1 of 3 simultaneous clients ${LOST}; 1 met http-server-error, 1 met http-throttled`,
    ],
    [
      "one that fails",
      [well(), fails(), well()],
      "http-server-error",
      "1 of 3 simultaneous clients: HTTP 500",
    ],
    [
      "all throttled",
      [throttled(), throttled()],
      "http-throttled",
      "2 of 2 simultaneous clients: HTTP 429",
    ],
    [
      "one silent",
      [well(), well(), silent()],
      "timeout",
      "1 of 3 simultaneous clients: no answer to tools/list within 30 ms",
    ],
    [
      "an answer that cannot be read",
      [well(), unreadable(), well()],
      "invalid-result",
      "1 of 3 simultaneous clients: tools/list: tools: Invalid input: expected array, received string",
    ],
  ] as const)("%s", (_name, exchanges, mode, summary) => {
    const { failures } = seen(exchanges);
    expect(failures.map((one) => [one.step, one.mode, one.summary])).toEqual(
      mode === null ? [] : [["concurrency", mode, summary]],
    );
  });

  it("that are sent on are judged where they end", () => {
    const moved = client({ status: 307, reply: { kind: "none" } });
    const { rpcId } = moved.request;
    expect(seen([moved, well(), client({ id: rpcId })]).failures).toEqual([]);
    expect(
      seen([moved, well(), client({ id: rpcId, status: 500, reply: { kind: "none" } })]),
    ).toMatchObject({ failures: [{ summary: "1 of 2 simultaneous clients: HTTP 500" }] });
  });

  it("take nothing from how far the run could look", () => {
    const steps = [
      negotiate(),
      listTools(),
      callTool(),
      step("concurrency", { exchanges: [lost()] }),
    ];
    const sentinel = { tool: "lookup", arguments: {}, allowWrites: false, expect: {} };
    const verdict = judge(run({ legs: [leg({ steps })] }), { ...CLIENTS, sentinels: [sentinel] });
    expect(verdict).toMatchObject({ status: "down", depth: "sentinel" });
  });

  it("tell the slowest first byte, from the sending of its own request on", () => {
    const late = (startMs: number, firstByteMs: number): Exchange => {
      const one = well();
      return { ...one, startMs, response: one.response && { ...one.response, firstByteMs } };
    };
    expect(seen([late(100, 150), late(110, 922), late(500, 600)]).coldSampleMs).toBe(812);
    expect(seen([silent(), late(100, 150)]).coldSampleMs).toBe(50);
    expect(seen([silent()]).coldSampleMs).toBeNull();
    expect(judge(run(), CLIENTS).coldSampleMs).toBeNull();
  });
});
