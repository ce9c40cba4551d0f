import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { advance, type Deployment, type GapRecord, type GapState, startGap } from "@vigil/core";
import { DEPLOYMENT_SEQUENCES, second } from "@vigil/testkit/deployments";
import { describe, expect, it } from "vitest";
import type { StoredGap } from "../src/deployments-history.ts";
import { createHistory } from "../src/index.ts";
import { useTable } from "./sandbox.ts";

const table = useTable();

/** Every state that the recorded sequences lead to. */
const STATES = DEPLOYMENT_SEQUENCES.map(({ name, observations }) => {
  let state: GapState = startGap();
  const states = observations.map((observation) => {
    ({ state } = advance(state, observation));
    return state;
  });
  return { name, states };
});
const OPEN = STATES[0]?.states[3] ?? startGap();
const CLOSED = STATES[0]?.states.at(-1) ?? startGap();

const stored = (over: Partial<StoredGap> = {}): StoredGap => ({
  target: "orders",
  revision: 1,
  state: OPEN,
  outbox: [],
  ...over,
});

function gap(openedAt: string, over: Partial<GapRecord> = {}): GapRecord {
  const window = OPEN.open?.window;
  if (window === undefined) throw new Error("no window is open");
  return { ...window, openedAt, target: "orders", evidence: null, ...over };
}

async function all<T>(listing: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of listing) found.push(one);
  return found;
}

describe("what is known of a function", () => {
  it.each(STATES)("is kept as it is: $name", async ({ states }) => {
    const history = table.history();
    for (const [n, state] of states.entries()) {
      expect(await history.putGapState(stored({ state, revision: n + 1 }))).toBe("written");
      expect(await history.gapStates()).toEqual([stored({ state, revision: n + 1 })]);
    }
    expect(table.unreadable).toEqual([]);
  });

  it("comes with the hints at it, each once, and hints alone are nothing", async () => {
    const history = table.history();
    await history.putGapState(stored());
    for (const at of [second(44), second(42), second(42)]) await history.putGapHint("orders", at);
    await history.putGapHint("unseen", second(42));
    expect(await history.gapStates()).toEqual([stored({ hints: [second(42), second(44)] })]);
    expect([...(await history.openGaps()).keys()]).toEqual(["orders"]);
    expect(table.unreadable).toEqual([]);
  });

  it("goes on from one state once, whoever else does", async () => {
    const history = table.history();
    await history.putGapState(stored());
    expect(await history.putGapState(stored({ state: CLOSED }))).toBe("stale");
    expect(await history.putGapState(stored({ revision: 2 }))).toBe("written");
    expect(await history.putGapState(stored({ revision: 2, state: CLOSED }))).toBe("stale");
    expect(await history.gapStates()).toEqual([stored({ revision: 2 })]);
  });

  it("tells which window is open, of one target and of all", async () => {
    const history = table.history();
    await history.putGapState(stored());
    await history.putGapState(stored({ target: "billing", state: CLOSED }));
    const window = OPEN.open?.window;
    expect(await history.openGap("orders")).toEqual(window);
    expect(await history.openGap("billing")).toBeNull();
    expect(await history.openGap("nobody")).toBeNull();
    expect([...(await history.openGaps())]).toEqual([["orders", window]]);
  });

  it("is gone past when it cannot be read, and named", async () => {
    const Item = { pk: "GAPS", sk: "orders", stored: '{"revision":1,"state":{},"outbox":[]}' };
    await table.database().client.send(new PutCommand({ TableName: table.tableName(), Item }));
    expect(await table.history().openGap("orders")).toBeNull();
    const reason = 'unexpected "schema"';
    expect(table.unreadable).toEqual([{ pk: "GAPS", sk: "orders", reason }]);
  });
});

describe("deployments and gap windows", () => {
  const deployment: Deployment = {
    at: second(60),
    between: { notBefore: null, notAfter: second(60) },
    from: { version: "1", codeSha256: null },
    to: { version: "2", codeSha256: "code-of-2" },
    exposure: "covered",
  };

  it("are listed newest first, within a time, and apart", async () => {
    const history = table.history();
    const later = { ...deployment, at: second(120) };
    await history.putDeployment("orders", deployment);
    await history.putDeployment("orders", deployment);
    await history.putDeployment("orders", later);
    await history.putGap(gap(second(90)));
    await history.putGap(gap(second(180)));
    expect(await all(history.deployments("orders"))).toEqual([later, deployment]);
    expect(await all(history.deployments("orders", { limit: 1, order: "oldest" }))).toEqual([
      deployment,
    ]);
    const windows = await all(history.gaps("orders", { since: second(90), until: second(180) }));
    expect(windows).toEqual([gap(second(90))]);
  });

  it("write over an open window what it came to", async () => {
    const evidence = { runs: 12, failures: 2, slowestMs: 4_100, coldStarts: 3, spillover: 7 };
    const closed = gap(second(90), {
      end: { notBefore: second(100), notAfter: second(105) },
      ended: "ready",
      evidence,
    });
    await table.history().putGap(gap(second(90)));
    await table.history().putGap(closed);
    expect(await all(table.history().gaps("orders"))).toEqual([closed]);
  });
});

describe("who follows a shard", () => {
  it("is one until the claim ends, or is given back", async () => {
    let now = Date.parse(second(0));
    const { client } = table.database();
    const history = createHistory({
      client,
      tableName: table.tableName(),
      clock: { now: () => now },
    });
    const claim = (holder: string, forMs = 30_000) =>
      history.claimCorrelator({ shard: 0, holder, forMs });
    expect(await claim("a")).toBe("claimed");
    expect(await claim("b")).toBe("held");
    expect(await history.claimCorrelator({ shard: 1, holder: "b", forMs: 1 })).toBe("claimed");
    now += 20_000;
    expect(await claim("a")).toBe("claimed");
    now += 29_999;
    expect(await claim("b")).toBe("held");
    now += 1;
    expect(await claim("b")).toBe("claimed");
    expect(await claim("b", 0)).toBe("claimed");
    expect(await claim("a")).toBe("claimed");
  });
});
