import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FailureCode } from "../../src/failure-modes.ts";
import {
  type Alert,
  advanceAlert,
  type Hold,
  isCauseWanted,
  type PagerView,
  type Quorum,
} from "../../src/pager/index.ts";

const START = Date.UTC(2026, 10, 22, 8);
const MINUTE = 60_000;
const at = (minute: number) => new Date(START + minute * MINUTE).toISOString();
const POLICY = { reminderMs: 30 * MINUTE, pagesDegraded: true };

type Unwell = Extract<Quorum, { kind: "unwell" }>;
function unwell(status: "down" | "degraded", since: number, modes: FailureCode[]): Unwell {
  return {
    kind: "unwell",
    status,
    since: at(since),
    modes,
    seenFrom: ["eu-west-1"],
    wellFrom: [],
    lastGoodRunAt: at(since - 1),
  };
}

/** What is known in a minute: up, down, degraded, unknown. */
const LETTERS: Readonly<Record<string, (since: number) => Quorum>> = {
  u: () => ({ kind: "up", vantages: ["eu-west-1"] }),
  d: (since) => unwell("down", since, ["tools-empty"]),
  g: (since) => unwell("degraded", since, ["slow"]),
  "?": () => ({ kind: "unknown" }),
};
/** In force in the same minutes. */
const HOLDS: Readonly<Record<string, Hold>> = {
  G: { kind: "gap", since: at(0), exposure: "exposed" },
  M: { kind: "maintenance", until: at(60) },
  X: { kind: "mute", until: at(60), reason: "a known fault" },
};

interface Played {
  /** One letter a minute: o, w, r, c for its page, `.` for none. */
  readonly pages: string;
  readonly alert: Alert | null;
}

interface Play {
  readonly seen: string;
  readonly holds?: string;
  /** In this minute somebody acknowledges. */
  readonly ackAt?: number;
  readonly policy?: typeof POLICY;
  /** How often each look is taken; an event may be delivered more than once. */
  readonly times?: number;
}

function play({ seen, holds = "", ackAt, policy = POLICY, times = 1 }: Play): Played {
  let alert: Alert | null = null;
  let pages = "";
  let since = 0;
  for (const [minute, letter] of [...seen].entries()) {
    const now = at(minute);
    since = alert === null ? minute : since;
    alert = minute === ackAt ? acknowledged(alert, now) : alert;
    const hold = HOLDS[holds[minute] ?? ""];
    const quorum = LETTERS[letter]?.(since) ?? { kind: "unknown" };
    const looked = look(
      alert,
      { quorum, holds: hold ? [hold] : [], likelyCause: null, now, policy },
      times,
    );
    alert = looked.alert;
    pages += looked.told || ".";
  }
  return { pages, alert };
}

function acknowledged(alert: Alert | null, now: string): Alert | null {
  return alert && { ...alert, acknowledged: { at: now, by: "me" } };
}

function look(before: Alert | null, view: PagerView, times: number) {
  let alert = before;
  let told = "";
  for (let time = 0; time < times; time += 1) {
    const step = advanceAlert(alert, view);
    alert = step.alert;
    told += step.page?.kind[0] ?? "";
  }
  return { alert, told };
}

const hours = (letter: string, minutes: number) => letter.repeat(minutes);

describe("what people are told", () => {
  it.each<readonly [string, Play, string]>([
    ["nothing while all is well", { seen: "uuuu" }, "...."],
    ["the beginning and the end, once each", { seen: "udddu" }, ".o..c"],
    ["each outage apart", { seen: "dudud" }, "ococo"],
    ["nothing of minutes that could not be judged", { seen: "u??d??du" }, "...o...c"],
    ["that it got worse", { seen: "ggddu" }, "o.w.c"],
    ["nothing when it gets better but not well", { seen: "ddggu" }, "o...c"],
    [
      "again after half an hour",
      { seen: `${hours("d", 62)}u` },
      `o${".".repeat(29)}r${".".repeat(29)}r.c`,
    ],
    [
      "not again once somebody has acknowledged",
      { seen: `${hours("d", 62)}u`, ackAt: 5 },
      `o${".".repeat(61)}c`,
    ],
    ["that it got worse, acknowledged or not", { seen: "gggdd", ackAt: 1 }, "o..w."],
    ["nothing of a gap that was over before its allowance", { seen: "ddu", holds: "GG " }, "..."],
    ["once the gap holds no longer", { seen: "ddddu", holds: "GG" }, "..o.c"],
    ["once the maintenance is over", { seen: "dddu", holds: "MM" }, "..oc"],
    ["once the mute is over", { seen: "dddu", holds: "XX" }, "..oc"],
    ["the end, though it is held by then", { seen: "dddu", holds: " GGG" }, "o..c"],
    ["that it got worse, though that is held", { seen: "gdu", holds: " M " }, "owc"],
    [
      "nothing of degraded, where that does not page",
      { seen: "gggu", policy: { ...POLICY, pagesDegraded: false } },
      "....",
    ],
    [
      "the beginning of down there",
      { seen: "ggdu", policy: { ...POLICY, pagesDegraded: false } },
      "..oc",
    ],
  ])("%s", (_, played, pages) => {
    expect(play(played).pages).toBe(pages);
    expect(play({ ...played, times: 3 }).pages).toBe(pages);
  });

  it("keeps what first held the page, the worst, and all modes in their order", () => {
    expect(play({ seen: "gd", holds: "GM" }).alert).toEqual({
      openedAt: at(0),
      status: "down",
      modes: ["slow", "tools-empty"],
      seenFrom: ["eu-west-1"],
      heldBy: HOLDS["G"],
      pagedAt: null,
      lastPagedAt: null,
      acknowledged: null,
    });
  });
});

describe("the likely cause", () => {
  const CAUSE = "timeout, and the memory is 128 MB";
  type Look = readonly [seen: string, cause: string | null, hold?: string];
  const steps = (looks: readonly Look[]) => {
    let alert: Alert | null = null;
    return looks.map(([seen, likelyCause, hold], minute) => {
      const holds = [HOLDS[hold ?? ""] ?? []].flat();
      const quorum = LETTERS[seen]?.(0) ?? { kind: "unknown" };
      const step = advanceAlert(alert, {
        quorum,
        holds,
        likelyCause,
        now: at(minute),
        policy: POLICY,
      });
      alert = step.alert;
      return step.page === null ? null : (step.page.alert.likelyCause ?? "");
    });
  };

  it.each<readonly [string, readonly Look[], readonly (string | null)[]]>([
    [
      "is in the first page, and in its end",
      [
        ["d", CAUSE],
        ["d", null],
        ["u", null],
      ],
      [CAUSE, null, CAUSE],
    ],
    [
      "of a page that was held is what the last look found",
      [
        ["d", CAUSE, "G"],
        ["d", null],
      ],
      [null, ""],
    ],
    [
      "comes with what made it worse",
      [
        ["g", null],
        ["d", CAUSE],
      ],
      ["", CAUSE],
    ],
    [
      "is nobody's once the next outage begins",
      [
        ["d", CAUSE],
        ["u", null],
        ["d", null],
      ],
      [CAUSE, CAUSE, ""],
    ],
  ])("%s", (_, looks, told) => {
    expect(steps(looks)).toEqual(told);
  });

  const paged = { openedAt: at(0), pagedAt: at(0), status: "down" } as Alert;
  it.each<readonly [string, Alert | null, string, boolean]>([
    ["of an outage that begins", null, "d", true],
    ["of one that nobody was told of", { ...paged, pagedAt: null }, "d", true],
    ["of one that was told", paged, "d", false],
    ["of one that got worse", { ...paged, status: "degraded" }, "d", true],
    ["of what is only degraded", null, "g", false],
    ["of what is well", null, "u", false],
    ["of what is not known", null, "?", false],
  ])("is looked for %s: %s", (_, alert, seen, wanted) => {
    expect(isCauseWanted(alert, LETTERS[seen]?.(0) ?? { kind: "unknown" })).toBe(wanted);
  });
});

it("of any course tells a beginning before anything else, and an end for each beginning", () => {
  const minutes = fc.array(
    fc.record({
      seen: fc.constantFrom("u", "d", "g", "?"),
      hold: fc.constantFrom("G", "M", "X", " ", " ", " "),
    }),
    { minLength: 1, maxLength: 120 },
  );
  fc.assert(
    fc.property(minutes, fc.integer({ min: 1, max: 3 }), (course, times) => {
      const seen = course.map((minute) => minute.seen).join("");
      const holds = course.map((minute) => minute.hold).join("");
      const { pages, alert } = play({ seen, holds, times });
      expect(pages.replaceAll(".", "")).toMatch(/^(o[wr]*c)*(o[wr]*)?$/u);
      expect(pages).toHaveLength(seen.length);
      const isTold = pages.lastIndexOf("o") > pages.lastIndexOf("c");
      expect(alert !== null && alert.pagedAt !== null).toBe(isTold);
    }),
  );
});
