import { describe, expect, it } from "vitest";
import { type Incident, nextIncident, nextState, type TargetState } from "../../src/index.ts";
import { failure, minute, type Outcome, run } from "../state-runs.ts";

/** What becomes of one run a minute: every incident, closed ones first. */
function incidentsOf(letters: string): readonly Incident[] {
  const closed: Incident[] = [];
  let state: TargetState | null = null;
  let open: Incident | null = null;
  for (const [n, letter] of [...letters].entries()) {
    const record = run(letter as Outcome, n);
    ({ state } = nextState(state, record));
    open = nextIncident(open, { record, state });
    if (open !== null && open.closedAt !== null) {
      closed.push(open);
      open = null;
    }
  }
  return open === null ? closed : [...closed, open];
}

/** `down 08:02-08:05, 3 runs: tools-empty`. */
function brief({ status, openedAt, closedAt, runsFailed, modes }: Incident): string {
  const at = (time: string | null) => time?.slice(11, 16) ?? "now";
  return `${status} ${at(openedAt)}-${at(closedAt)}, ${runsFailed}: ${modes.join(" ")}`;
}

describe("nextIncident", () => {
  it.each<[string, string, string[]]>([
    ["none while all is well", "UUUU", []],
    ["none for a run that failed once", "UUFUUU", []],
    ["none of unknown runs", "UU????UU", []],
    ["opens when the target is down, and goes on", "UUDD", ["down 08:02-now, 2: tools-empty"]],
    ["closes with the second clean run", "UUDDUU", ["down 08:02-08:05, 2: tools-empty"]],
    ["opens with a first run that is down", "D", ["down 08:00-now, 1: tools-empty"]],
    [
      "opens when degraded is shown, and gets worse",
      "UUGGGD",
      ["down 08:04-now, 2: slow tools-empty"],
    ],
    ["remembers the worst", "UDGGGUU", ["down 08:01-08:06, 4: tools-empty slow"]],
    [
      "is not closed by unknown runs, nor do they count",
      "UD????",
      ["down 08:01-now, 1: tools-empty"],
    ],
    ["closes after unknown runs", "UD????UU", ["down 08:01-08:07, 1: tools-empty"]],
    [
      "opens anew the next time",
      "UDUUD",
      ["down 08:01-08:03, 1: tools-empty", "down 08:04-now, 1: tools-empty"],
    ],
  ])("%s", (_name, letters, expected) => {
    expect(incidentsOf(letters).map(brief)).toEqual(expected);
  });

  const down = run("D", 5, {
    failures: [
      { ...failure("tools-empty"), summary: "no tools", remedy: "look for an error" },
      { ...failure("slow"), summary: "slow", remedy: "look at the steps" },
    ],
  });

  it("tells of the first failure, whatever comes later", () => {
    const { state } = nextState(null, down);
    const opened = nextIncident(null, { record: down, state });
    expect(opened).toEqual({
      target: "orders",
      vantage: "eu-west-1",
      openedAt: minute(5),
      closedAt: null,
      status: "down",
      modes: ["tools-empty", "slow"],
      summary: "no tools",
      remedy: "look for an error",
      runsFailed: 1,
      lastRunAt: minute(5),
    });
    const record = run("F", 6);
    const after = nextState(state, record);
    expect(nextIncident(opened, { record, state: after.state })).toEqual({
      ...opened,
      modes: ["tools-empty", "slow", "connection-reset"],
      runsFailed: 2,
      lastRunAt: minute(6),
    });
  });

  it("is opened late when its beginning was lost, with what the state knows", () => {
    const { state } = nextState(nextState(null, down).state, run("U", 6));
    expect(nextIncident(null, { record: run("U", 6), state })).toMatchObject({
      openedAt: minute(5),
      modes: ["tools-empty", "slow"],
      summary: null,
      runsFailed: 0,
    });
  });

  it("does not count a run twice, nor one that is older than the state", () => {
    const { state } = nextState(null, down);
    const opened = nextIncident(null, { record: down, state });
    expect(nextIncident(opened, { record: down, state })).toBe(opened);
    expect(nextIncident(opened, { record: run("D", 4), state })).toBe(opened);
  });
});
