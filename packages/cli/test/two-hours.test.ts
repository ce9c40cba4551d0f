import { describe, expect, it } from "vitest";
import { type Episode, seeded, truthOf, twoHours } from "./two-hours.ts";
import { type SeenPage, watchWorld } from "./watch-world.ts";

const MINUTE = 60_000;
const LENGTH_MS = 120 * MINUTE;
const ALLOWANCE_MS = 5 * MINUTE;
const NAMES = ["orders", "billing"];
const SEED = Number(process.env["PROPERTY_SEED"] ?? 20_261_122);

const shown = (ms: number) => `${Math.round(ms / 1_000)} s`;

/** What people were told of a target, each page with the episode that it is of. */
function told(episodes: readonly Episode[], pages: readonly SeenPage[]): readonly string[] {
  return pages.map(({ kind, atMs }) => {
    const of = episodes.findLast((one) => startOf(one) <= atMs);
    return `${kind} of ${of?.kind} from ${shown(of === undefined ? 0 : startOf(of))}`;
  });
}

function startOf({ fault, flaky, gap }: Episode): number {
  return Math.min(...[fault, flaky, gap].flatMap((one) => one?.fromMs ?? []));
}

/** The same as it should be: an end for each beginning. */
function expected(episodes: readonly Episode[]): readonly string[] {
  return episodes
    .filter(({ page }) => page !== null)
    .flatMap((one) =>
      ["opened", "closed"].map((kind) => `${kind} of ${one.kind} from ${shown(startOf(one))}`),
    );
}

describe(`two hours of random deployments and faults (PROPERTY_SEED=${SEED})`, () => {
  it("page once for each real outage, never in a gap that holds, and every page is closed", async () => {
    const random = seeded(SEED);
    const episodes = new Map(NAMES.map((name) => [name, twoHours(random, LENGTH_MS)] as const));
    const world = await watchWorld({
      names: NAMES,
      truth: (name, at) => truthOf(episodes.get(name) ?? [], at),
    });
    await world.watch(LENGTH_MS);
    for (const name of NAMES) {
      const all = episodes.get(name) ?? [];
      const pages = world.pages.filter(({ target }) => target === name);
      expect([name, told(all, pages)]).toEqual([name, expected(all)]);
      expect([name, outOfTime(all, pages)]).toEqual([name, []]);
      expect([name, inGaps(all, pages)]).toEqual([name, []]);
    }
    expect(world.said.filter((line) => !EVENT.test(line))).toEqual([]);
  }, 60_000);
});

/** What a watch says of deployments and holds; anything else is a trouble. */
const EVENT =
  /^\w+ (deployed|gap-opened|gap-closed|gap-overdue|exposure-changed|dropped|held by gap)$/u;

/** Beginnings that were told too early or too late. */
function outOfTime(episodes: readonly Episode[], pages: readonly SeenPage[]): readonly string[] {
  const opened = pages.filter(({ kind }) => kind === "opened");
  const due = episodes.flatMap(({ page, kind }) => (page === null ? [] : [{ ...page, kind }]));
  return due.flatMap(({ fromMs, toMs, kind }, index) => {
    const at = opened[index]?.atMs ?? 0;
    const isRight = at >= fromMs && at <= toMs;
    return isRight ? [] : [`${kind}: ${shown(at)}, not ${shown(fromMs)} to ${shown(toMs)}`];
  });
}

/** Beginnings that were told while a gap was to hold them. */
function inGaps(episodes: readonly Episode[], pages: readonly SeenPage[]): readonly string[] {
  return pages
    .filter(({ kind }) => kind === "opened")
    .flatMap(({ atMs }) =>
      episodes.flatMap(({ gap }) => {
        const isHeld =
          gap !== null &&
          atMs >= gap.fromMs &&
          atMs < Math.min(gap.toMs, gap.fromMs + ALLOWANCE_MS);
        return isHeld ? [shown(atMs)] : [];
      }),
    );
}
