import type { Incident, OutgoingPage } from "@vigil/core";
import {
  type AwsAnswer,
  type AwsCall,
  type AwsEndpoint,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import {
  answerForFunction,
  PLAYED_HOST,
  type PlayedFunction,
  playedUrl,
  SOUND_FUNCTION,
} from "@vigil/testkit/lambda-function";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { lookForCause, PAGE_CAUSE_MS } from "../src/cause-look.ts";
import { createHistory, HistoryError, type PagerDeps } from "../src/index.ts";
import { MINUTE, type PagerWorld, pagerWorld } from "./pager-world.ts";
import { useTable } from "./sandbox.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
});

const table = useTable();
const TARGET = {
  url: `https://${PLAYED_HOST}/mcp`,
  region: "us-east-1",
  lambda: { functionName: "orders", qualifier: "live" },
};
const BUFFERED = playedUrl({ InvokeMode: "BUFFERED" });
const CAUSE = "empty-stream, and the URL's InvokeMode is BUFFERED";

type Answer = (call: AwsCall) => AwsAnswer;

interface Played extends PagerWorld {
  readonly aws: AwsEndpoint;
  readonly causeOf: PagerDeps["causeOf"];
}

/** A world whose functions are looked at by the real client, at an AWS that answers so. */
async function play(answer: PlayedFunction | Answer, changes: object = {}): Promise<Played> {
  const aws = await startAwsEndpoint(
    typeof answer === "function" ? answer : answerForFunction(answer),
  );
  onTestFinished(() => aws.close());
  const world = pagerWorld(table, [{ ...TARGET, ...changes }]);
  world.setModes("empty-stream");
  const { clock } = world;
  const causeOf: PagerDeps["causeOf"] = async (target, modes) => {
    const { lambda: known, region } = target;
    if (known === null || region === null) return null;
    const place = { clock, endpoint: aws.url, withinMs: PAGE_CAUSE_MS, maxAttempts: 1 };
    return lookForCause({ ...target, lambda: known, region }, modes, place);
  };
  return { ...world, aws, causeOf };
}

const told = (page: OutgoingPage | undefined) =>
  JSON.parse(page?.message.https ?? "{}").vigil?.likelyCause;

describe("a page", () => {
  it("tells what in the function's setting explains it, and so do those that follow", async () => {
    const world = await play(BUFFERED);
    const pager = world.pager({ causeOf: world.causeOf });
    await pager.tell(world.see("t0", "down"));
    await world.minutes(31, pager);
    await pager.tell(world.see("t0", "up"));
    expect(world.pages.map((page) => [page.attributes.kind, told(page)])).toEqual([
      ["opened", CAUSE],
      ["reminder", CAUSE],
      ["closed", CAUSE],
    ]);
    expect(world.pages[0]?.message.email).toContain(`\n  Likely cause: ${CAUSE}\n`);
    expect(world.pages[0]?.message.email).toContain("\n  vigil doctor t0\n");
    // Once: whoever knows of it needs no second look.
    expect(world.aws.calls).toHaveLength(6);
    expect(world.troubles).toEqual([]);
  });

  it.each<readonly [string, PlayedFunction | Answer, readonly string[]]>([
    ["that is sound", SOUND_FUNCTION, []],
    ["that may not be read", () => awsError(403, "AccessDeniedException"), ["cause-unread"]],
    ["that is in another account", { ...BUFFERED, name: "stock" }, ["cause-unread"]],
    [
      "of which AWS tells no more",
      () => awsError(429, "TooManyRequestsException"),
      ["cause-unread"],
    ],
    [
      "that is told of in nonsense",
      () => ({ kind: "xml", status: 200, body: "<" }),
      ["cause-unread"],
    ],
    ["whose AWS is away", () => ({ kind: "reset" }), ["cause-unread"]],
  ])("goes out without a cause for a function %s", async (_, answer, troubles) => {
    const world = await play(answer);
    await world.pager({ causeOf: world.causeOf }).tell(world.see("t0", "down"));
    expect(world.pages.map(told)).toEqual([null]);
    expect(world.pages[0]?.message.email).not.toContain("Likely cause");
    expect(world.troubles).toEqual(troubles);
  });

  it("tells the cause though other parts may not be read", async () => {
    const answer = answerForFunction(BUFFERED);
    const world = await play((call) =>
      call.operation.includes("/policy") ? awsError(403, "AccessDeniedException") : answer(call),
    );
    await world.pager({ causeOf: world.causeOf }).tell(world.see("t0", "down"));
    expect([world.pages.map(told), world.troubles]).toEqual([[CAUSE], []]);
  });

  it("is not looked for where no function is known, nor for what is only degraded", async () => {
    const world = await play(BUFFERED, { name: "t1", lambda: undefined });
    await world.pager({ causeOf: world.causeOf }).tell(world.see("t1", "down"));
    const other = await play(BUFFERED);
    const policy = { reminderMs: 30 * MINUTE, pagesDegraded: true };
    const pager = other.pager({ causeOf: other.causeOf, policy });
    await pager.tell(other.see("t0", "degraded"));
    expect([world.pages, other.pages].map((pages) => pages.map(told))).toEqual([[null], [null]]);
    expect([...world.aws.calls, ...other.aws.calls]).toEqual([]);
    // It is, once it gets worse.
    await pager.tell(other.see("t0", "down"));
    expect(other.pages.map(told)).toEqual([null, CAUSE]);
  });
});

describe("a look that takes too long", () => {
  it("is given up, and what was read by then counts", async () => {
    const answer = answerForFunction(BUFFERED);
    const world = await play((call) =>
      call.operation.includes("/policy") ? { kind: "silence" } : answer(call),
    );
    const telling = world.pager({ causeOf: world.causeOf }).tell(world.see("t0", "down"));
    await vi.waitFor(() => expect(world.aws.calls).toHaveLength(6), 10_000);
    const unanswered = () => world.aws.calls.length;
    expect([unanswered(), world.pages.length]).toEqual([6, 0]);
    world.clock.advance(PAGE_CAUSE_MS);
    await telling;
    expect([world.pages.map(told), world.troubles]).toEqual([[CAUSE], []]);
  });

  it.each<readonly [string, PagerDeps["causeOf"]]>([
    ["never ends", () => new Promise(() => {})],
    ["fails", () => Promise.reject(new Error("a mistake"))],
  ])("or %s, holds up nothing beyond two seconds beside the look for a gap", async (_, causeOf) => {
    const world = await play(SOUND_FUNCTION);
    const asked: string[] = [];
    const gapNow = () => {
      asked.push("gap");
      return new Promise<null>((resolve) => world.clock.after(2_000, () => resolve(null)));
    };
    const pager = world.pager({
      gapNow,
      causeOf: (...question) => {
        asked.push("cause");
        return causeOf(...question);
      },
    });
    const telling = pager.tell(world.see("t0", "down"));
    await vi.waitFor(() => expect(asked).toEqual(["gap", "cause"]), 10_000);
    world.clock.advance(1_999);
    expect(world.pages).toEqual([]);
    world.clock.advance(1);
    await telling;
    expect([world.pages.map(told), world.troubles]).toEqual([[null], ["cause-unread"]]);
  });
});

describe("while something holds the page", () => {
  it("a mute's end is waited for before the function is asked", async () => {
    const world = await play(BUFFERED);
    await table.history().putMute({
      id: "m1",
      scope: { kind: "target", target: "t0" },
      reason: "known",
      by: "ada",
      from: new Date(world.clock.now()).toISOString(),
      until: new Date(world.clock.now() + 2.5 * MINUTE).toISOString(),
    });
    const pager = world.pager({ causeOf: world.causeOf });
    await pager.tell(world.see("t0", "down"));
    await world.minutes(2, pager);
    expect(world.aws.calls).toEqual([]);
    await world.minutes(1, pager);
    expect(world.pages.map(told)).toEqual([CAUSE]);
  });
});

describe("an incident", () => {
  const incidentOf = (world: PagerWorld, vantage: string, name = "t0"): Incident => {
    const at = new Date(world.clock.now()).toISOString();
    return {
      target: name,
      vantage,
      openedAt: at,
      closedAt: null,
      status: "down",
      modes: ["empty-stream"],
      summary: null,
      remedy: null,
      runsFailed: 1,
      lastRunAt: at,
    };
  };
  const causesOf = async (name: string) => {
    const found: (string | undefined)[] = [];
    for await (const { vantage, likelyCause } of table.history().incidents(name)) {
      found.push(`${vantage}: ${likelyCause}`);
    }
    return found.sort();
  };

  it("is told its cause at each vantage that sees it, though one comes later", async () => {
    const name = "t2";
    const world = await play(BUFFERED, { name });
    const history = table.history();
    await history.putIncident(incidentOf(world, "eu-west-1", name));
    const pager = world.pager({ causeOf: world.causeOf });
    world.see(name, "down", "us-west-2");
    await pager.tell(world.see(name, "down"));
    expect(await causesOf(name)).toEqual([`eu-west-1: ${CAUSE}`]);
    await history.putIncident(incidentOf(world, "us-west-2", name));
    await world.minutes(1, pager);
    expect(await causesOf(name)).toEqual([`eu-west-1: ${CAUSE}`, `us-west-2: ${CAUSE}`]);
  });

  it("is told it once, and its page waits for nothing of it", async () => {
    const name = "t3";
    const world = await play(BUFFERED, { name });
    const asked: string[] = [];
    const explainIncident: PagerDeps["history"]["explainIncident"] = async ({ vantage }) => {
      asked.push(`${vantage} after ${world.pages.length}`);
      if (asked.length === 1) throw new HistoryError("history-unavailable", "away", null);
      return "written";
    };
    const history = {
      ...createHistory({
        client: table.database().client,
        tableName: table.tableName(),
        clock: world.clock,
      }),
      explainIncident,
    };
    const pager = world.pager({ causeOf: world.causeOf, history });
    await pager.tell(world.see(name, "down"));
    await world.minutes(5, pager);
    expect(asked).toEqual(["eu-west-1 after 1", "eu-west-1 after 1"]);
  });
});
