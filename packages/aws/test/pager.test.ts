import { type GapWindow, startGap } from "@vigil/core";
import { runRecord } from "@vigil/testkit/records";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHistory, HistoryError, type PagerDeps } from "../src/index.ts";
import { failure } from "./fixtures.ts";
import { MINUTE, pagerWorld } from "./pager-world.ts";
import { useTable } from "./sandbox.ts";

const table = useTable();
const worldOf = (...targets: Parameters<typeof pagerWorld>[1]) => pagerWorld(table, targets);

function exposedGap(sinceMs: number): GapWindow {
  const at = new Date(sinceMs).toISOString();
  return {
    openedAt: at,
    start: { notBefore: at, notAfter: at },
    end: null,
    ended: null,
    exposure: "exposed",
    course: [{ at, exposure: "exposed" }],
    deployments: [at],
    version: "8",
    reason: null,
    overdueAt: null,
  };
}

const DOWN = "ALARM: t0 is down: tools/list returns no tools, or fewer than it should";

describe("one page", () => {
  it("is sent for a target that is down, and one when it is well again", async () => {
    const world = worldOf({});
    const pager = world.pager();
    await pager.tell(world.see("t0", "down"));
    await world.minutes(7, pager);
    await pager.tell(world.see("t0", "up"));
    await world.minutes(7, pager);
    expect(world.subjects()).toEqual([DOWN, "OK: t0 is well again after 7 min"]);
    expect(world.pages[0]?.attributes).toEqual({
      kind: "opened",
      target: ["t0"],
      severity: ["critical"],
      owner: [],
      tags: [],
    });
  });

  it("is sent however often, and by however many environments at once, it is told", async () => {
    const world = worldOf({});
    const pagers = [world.pager(), world.pager(), world.pager()];
    const news = world.see("t0", "down");
    await Promise.all([...pagers, ...pagers].map((pager) => pager.tell(news)));
    await Promise.all(pagers.map((pager) => pager.sweep(world.clock.now())));
    expect(world.subjects()).toEqual([DOWN]);
  });

  it("is sent for each of random outages, told one to three times, late or never", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ wellFor: fc.nat(3), downFor: fc.nat(6), told: fc.nat(3) }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.uuid(),
        async (outages, id) => {
          const name = `t${id.slice(0, 8)}`;
          const world = worldOf({ name });
          const [pager, other] = [world.pager(), world.pager()];
          for (const { wellFor, downFor, told } of outages) {
            await world.minutes(wellFor + 6, pager);
            const news = world.see(name, "down");
            await Promise.all([pager, other, pager].slice(0, told).map((one) => one.tell(news)));
            // The sweep that looks at everything comes every five minutes.
            await world.minutes(downFor + 6, other);
            await pager.tell(world.see(name, "up"));
          }
          const kinds = world.pages.map(({ attributes }) => attributes.kind);
          expect(kinds).toEqual(outages.flatMap(() => ["opened", "closed"]));
        },
      ),
      { numRuns: 6 },
    );
  });

  it("tells what broke, from the run that failed", async () => {
    const world = worldOf({});
    await table.history().recordRun(
      runRecord({
        target: "t0",
        scheduledAt: new Date(world.clock.now()).toISOString(),
        status: "down",
        confirmed: true,
        failures: [failure()],
      }),
    );
    await world.pager().tell(world.see("t0", "down"));
    expect(world.pages[0]?.message.email).toContain("tools/list returned no tools");
    expect(world.pages[0]?.message.email).toContain(
      "vigil history t0 --since 1h --stage production",
    );
  });

  it("is not sent for a target that the config no longer names, which is let go of", async () => {
    const world = worldOf({});
    await world.pager().tell({ ...world.see("t0", "down"), target: "gone" });
    expect([world.subjects(), world.troubles]).toEqual([[], ["unknown-target"]]);
  });

  it("follows from an alarm's word though no state was ever written, and stays open", async () => {
    const world = worldOf({});
    const pager = world.pager();
    const before = world.see("t0", "up");
    world.clock.advance(MINUTE);
    const at = new Date(world.clock.now()).toISOString();
    await pager.tell({ ...before, at, status: "down", modes: [] });
    // The state that history has is older than what was told.
    await pager.sweep(world.clock.now());
    expect(world.subjects()).toEqual(["ALARM: t0 is down"]);
    await pager.tell({ ...before, at, status: "down", modes: [] });
    world.clock.advance(MINUTE);
    await pager.tell(world.see("t0", "up"));
    expect(world.subjects()).toHaveLength(2);
  });
});

describe("an outage that was over before anybody looked", () => {
  it("is told of, with its end, once, though the news of it comes late and again", async () => {
    const world = worldOf({});
    const pager = world.pager();
    const news = world.see("t0", "down");
    world.clock.advance(2 * MINUTE);
    world.see("t0", "up");
    await pager.tell(news);
    await world.minutes(2, pager);
    await pager.tell(news);
    await world.minutes(6, pager);
    expect(world.subjects()).toEqual([DOWN, "OK: t0 is well again after 3 min"]);
  });
});

describe("a page that cannot be sent", () => {
  it("is sent with the next sweep, before what comes after it", async () => {
    const world = worldOf({});
    const pager = world.pager();
    world.refusals.push("AuthorizationError", "AuthorizationError", "AuthorizationError");
    await pager.tell(world.see("t0", "down"));
    await world.minutes(1, pager);
    await pager.tell(world.see("t0", "up"));
    expect([world.subjects(), world.troubles]).toEqual([
      [],
      ["page-failed", "page-failed", "page-failed"],
    ]);
    await world.minutes(1, pager);
    expect(world.subjects()).toEqual([DOWN, "OK: t0 is well again after 1 min"]);
  });

  it("is sent by another environment when the one that wrote it down has died", async () => {
    const world = worldOf({});
    const dying = world.pager({ deliver: () => Promise.reject(new Error("killed")) });
    await expect(dying.tell(world.see("t0", "down"))).rejects.toThrow("killed");
    const other = world.pager();
    await other.sweep(world.clock.now());
    expect(world.subjects()).toEqual([]);
    await world.minutes(2, other);
    expect(world.subjects()).toEqual([DOWN]);
  });

  it("is sent from the news alone, once, when history is away", async () => {
    const world = worldOf({});
    const away = () => Promise.reject(new HistoryError("history-unavailable", "away", null));
    const history = {
      ...createHistory({
        client: table.database().client,
        tableName: table.tableName(),
        clock: world.clock,
      }),
      getPagerRecord: away,
      getFold: away,
      mutes: away,
    } satisfies PagerDeps["history"];
    const pager = world.pager({ history });
    const news = world.see("t0", "down");
    await pager.tell(news);
    await pager.tell(news);
    expect([world.subjects(), world.troubles]).toEqual([[DOWN], ["paged-without-history"]]);
    await expect(pager.tell(world.see("t0", "up"))).rejects.toBeInstanceOf(HistoryError);
  });
});

describe("a page that is held", () => {
  it("waits for a gap's end, and is not sent when the target is well by then", async () => {
    const world = worldOf({}, {});
    const pager = world.pager();
    world.setGap(exposedGap(world.clock.now()));
    await pager.tell(world.see("t0", "down"));
    await pager.tell(world.see("t1", "down"));
    await world.minutes(2, pager);
    expect(world.subjects()).toEqual([]);
    await pager.tell(world.see("t1", "up"));
    world.setGap(null);
    await world.minutes(1, pager);
    expect(world.subjects()).toEqual([DOWN]);
    expect(world.pages[0]?.message.email).toContain(
      "this page waited for a deployment's gap window",
    );
  });

  it("goes out once the gap has outlived its allowance", async () => {
    const world = worldOf({});
    const pager = world.pager();
    world.setGap(exposedGap(world.clock.now()));
    await pager.tell(world.see("t0", "down"));
    await world.minutes(4, pager);
    expect(world.subjects()).toEqual([]);
    await world.minutes(2, pager);
    expect(world.subjects()).toEqual([DOWN]);
  });

  it("waits for a mute's end, or for whoever ends it", async () => {
    const world = worldOf({}, { tags: ["payments"] });
    const history = createHistory({
      client: table.database().client,
      tableName: table.tableName(),
      clock: world.clock,
    });
    const mute = (id: string, minutes: number) => ({
      id,
      reason: "known",
      by: "ada",
      from: new Date(world.clock.now()).toISOString(),
      until: new Date(world.clock.now() + minutes * MINUTE).toISOString(),
    });
    await history.putMute({ ...mute("one", 10), scope: { kind: "target", target: "t0" } });
    await history.putMute({ ...mute("two", 60), scope: { kind: "tag", tag: "payments" } });
    const pager = world.pager();
    await pager.tell(world.see("t0", "down"));
    await pager.tell(world.see("t1", "down"));
    await world.minutes(9, pager);
    expect(world.subjects()).toEqual([]);
    expect((await history.mutes()).map(({ id }) => id)).toEqual(["one", "two"]);
    await world.minutes(1, pager);
    expect(world.subjects()).toEqual([DOWN]);
    expect(await history.endMute("two")).toBe("ended");
    expect(await history.endMute("two")).toBe("absent");
    expect(await history.mutes()).toEqual([]);
    await world.minutes(2, pager);
    expect(world.subjects()).toHaveLength(2);
  });

  it("is looked for by nobody once people know", async () => {
    const world = worldOf({});
    let looks = 0;
    const gapNow = async () => {
      looks += 1;
      return null;
    };
    const pager = world.pager({ gapNow });
    await pager.tell(world.see("t0", "down"));
    await world.minutes(5, pager);
    expect(looks).toBe(1);
  });
});

describe("a gap window that is a failure of its own", () => {
  it("is paged though every run goes well, once, and so is its end", async () => {
    const world = worldOf({ region: "us-east-1", lambda: { functionName: "McpServer" } });
    const history = createHistory({
      client: table.database().client,
      tableName: table.tableName(),
      clock: world.clock,
    });
    const pager = world.pager();
    const at = new Date(world.clock.now()).toISOString();
    const bounds = { notBefore: at, notAfter: at };
    const window = exposedGap(world.clock.now());
    const open = {
      window,
      looked: bounds,
      byDeployment: true,
      worst: "exposed",
      lastOpenAt: at,
    } as const;
    const stored = { target: "t0", outbox: [], state: { ...startGap(), open } };
    await history.putGapState({ ...stored, revision: 1 });
    world.see("t0", "up");
    await world.minutes(5, pager);
    expect(world.subjects()).toEqual([]);
    await world.minutes(5, pager);
    await history.putGapState({ ...stored, revision: 2, state: startGap() });
    await world.minutes(2, pager);
    expect(world.subjects()).toEqual([
      "ALARM: t0 is degraded: A deployment's gap window outlives its allowance",
      expect.stringMatching(/^OK: t0 is well again after /),
    ]);
    expect(world.pages[0]?.message.email).toContain("it looks well from eu-west-1");
  });
});

describe("what goes on", () => {
  it("is reminded of every half hour, until somebody acknowledges it", async () => {
    const world = worldOf({});
    const pager = world.pager();
    await pager.tell(world.see("t0", "down"));
    await world.minutes(61, pager);
    expect(world.pages.map(({ attributes }) => attributes.kind)).toEqual([
      "opened",
      "reminder",
      "reminder",
    ]);
    const done = await pager.acknowledge("t0", "ada");
    expect(done).toMatchObject({ outcome: "acknowledged", alert: { acknowledged: { by: "ada" } } });
    await world.minutes(61, pager);
    expect(world.pages).toHaveLength(3);
    expect(await pager.acknowledge("t9", "ada")).toEqual({ outcome: "nothing-open" });
  });

  it("is found by the sweep though nobody told of it", async () => {
    const world = worldOf({});
    const pager = world.pager();
    world.see("t0", "down");
    await world.minutes(5, pager);
    expect(world.subjects()).toEqual([DOWN]);
  });
});

describe("targets that break alike", () => {
  const same = { region: "us-east-1" };

  it("are told of in one follow-up page a minute after the first, and so is their end", async () => {
    const world = worldOf(same, same, same, { region: "eu-west-2" });
    const pager = world.pager();
    for (const name of ["t0", "t1", "t2", "t3"]) {
      await pager.tell(world.see(name, "down"));
      world.clock.advance(5_000);
    }
    expect(world.subjects()).toEqual([DOWN, DOWN.replace("t0", "t3")]);
    await world.minutes(2, pager);
    expect(world.subjects().slice(2)).toEqual([
      "ALARM: 2 more targets in us-east-1 broke with tools-empty: t1, t2",
    ]);
    for (const name of ["t0", "t1", "t2", "t3"]) await pager.tell(world.see(name, "up"));
    await world.minutes(2, pager);
    expect(world.subjects().slice(3)).toEqual([
      "OK: t0 is well again after 2 min",
      "OK: t3 is well again after 2 min",
      "OK: 2 more targets in us-east-1 are well again: t1, t2",
    ]);
  });

  it("are told of by themselves a minute apart", async () => {
    const world = worldOf(same, same);
    const pager = world.pager();
    await pager.tell(world.see("t0", "down"));
    world.clock.advance(MINUTE);
    await pager.tell(world.see("t1", "down"));
    expect(world.subjects()).toEqual([DOWN, DOWN.replace("t0", "t1")]);
  });

  it("are told of once, by whichever environment sends it, and again when it was not taken", async () => {
    const world = worldOf(same, same);
    const pagers = [world.pager(), world.pager()];
    await Promise.all(["t0", "t1"].map((name, n) => pagers[n]?.tell(world.see(name, "down"))));
    expect(world.pages).toHaveLength(1);
    world.refusals.push("Throttled");
    world.clock.advance(2 * MINUTE);
    await pagers[0]?.sweep(world.clock.now());
    expect([world.pages.length, world.troubles]).toEqual([1, ["page-failed"]]);
    world.clock.advance(2 * MINUTE);
    await Promise.all(pagers.map((pager) => pager.sweep(world.clock.now())));
    expect(world.pages.map(({ attributes }) => attributes.kind)).toEqual(["opened", "folded"]);
  });
});

describe("an error budget", () => {
  /** A run a minute, each third of which failed at first. */
  async function burn(world: ReturnType<typeof worldOf>, minutes: number): Promise<void> {
    const history = table.history();
    for (let n = 0; n < minutes; n += 1) {
      const scheduledAt = new Date(world.clock.now() - n * MINUTE).toISOString();
      const isBad = n % 3 === 1;
      await history.recordRun(
        runRecord({ target: "t0", scheduledAt, status: isBad ? "down" : "up", confirmed: false }),
      );
    }
  }

  it("that is spent too fast is warned of once a day, though the target is up", async () => {
    const world = worldOf({});
    const pager = world.pager();
    world.see("t0", "up");
    world.clock.advance(30 * MINUTE);
    await burn(world, 30);
    await world.minutes(6, pager);
    expect(world.subjects()).toEqual([
      expect.stringMatching(/^ALARM: t0 spends its error budget \d+(\.\d)? times too fast$/),
    ]);
    expect(world.pages[0]?.attributes.kind).toBe("budget");
  });

  it("that a single failure spends is nobody's worry", async () => {
    const world = worldOf({});
    world.clock.advance(30 * MINUTE);
    await burn(world, 2);
    await world.minutes(6, world.pager());
    expect(world.subjects()).toEqual([]);
  });
});

describe("a test page", () => {
  it("says that nothing is wrong, or why it was not taken", async () => {
    const world = worldOf({});
    const pager = world.pager();
    expect(await pager.test("ada")).toBeNull();
    world.refusals.push("AuthorizationError");
    expect(await pager.test("ada")).toBe("AuthorizationError");
    expect(world.subjects()).toEqual(["OK: test page from Vigil, nothing is wrong"]);
    expect(world.pages[0]?.message.email).toContain("ada asked for it");
  });
});
