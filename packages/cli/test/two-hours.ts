import { type Truth, WELL } from "./watch-world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** From one millisecond after the start to another. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that happens to a target, and whether people are to be told of it. */
export interface Episode {
  readonly kind: keyof typeof KINDS;
  readonly fault: Span | null;
  readonly flaky: Span | null;
  readonly gap: (Span & { readonly held: boolean }) | null;
  /** When people are told at the earliest and at the latest; null when they are not. */
  readonly page: Span | null;
  readonly endMs: number;
}

type Random = () => number;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A time between two numbers of minutes, in steps of five seconds. */
function minutes(random: Random, [least, most]: readonly [number, number]): number {
  const steps = Math.round(((least + random() * (most - least)) * MINUTE) / (5 * SECOND));
  return steps * 5 * SECOND;
}

const NOTHING = { fault: null, flaky: null, gap: null, page: null } as const;
const ALLOWANCE_MS = 5 * MINUTE;
const span = (fromMs: number, lengthMs: number): Span => ({ fromMs, toMs: fromMs + lengthMs });

type Made = Omit<Episode, "kind">;

/** Every kind of thing that a watch must tell from the others. */
const KINDS = {
  outage(random, at): Made {
    const fault = span(at, minutes(random, [2.5, 6]));
    return { ...NOTHING, fault, page: span(at, MINUTE), endMs: fault.toMs };
  },
  flake(random, at): Made {
    const flaky = span(at, minutes(random, [0.5, 2]));
    return { ...NOTHING, flaky, endMs: flaky.toMs };
  },
  "shielded move"(random, at): Made {
    const gap = { ...span(at, minutes(random, [1, 4])), held: true };
    return { ...NOTHING, gap, endMs: gap.toMs };
  },
  "shielded move of a target that fails"(random, at): Made {
    const gap = { ...span(at, minutes(random, [1, 4])), held: true };
    return { ...NOTHING, gap, fault: gap, endMs: gap.toMs };
  },
  "cold starts"(random, at): Made {
    const gap = { ...span(at, minutes(random, [1, 4])), held: false };
    return { ...NOTHING, gap, fault: gap, endMs: gap.toMs };
  },
  "a version that is broken"(random, at): Made {
    const gap = { ...span(at, minutes(random, [1, 4])), held: random() < 0.5 };
    const fault = span(at, gap.toMs - at + minutes(random, [2.5, 5]));
    return { ...NOTHING, gap, fault, page: span(gap.toMs, 2 * MINUTE), endMs: fault.toMs };
  },
  "a deployment that is stuck"(random, at): Made {
    const gap = { ...span(at, minutes(random, [7.5, 10])), held: false };
    const page = span(at + ALLOWANCE_MS, 2 * MINUTE);
    return { ...NOTHING, gap, fault: gap, page, endMs: gap.toMs };
  },
  "a deployment that mends an outage"(random, at): Made {
    const gap = { ...span(at + 2 * MINUTE, minutes(random, [1, 3])), held: true };
    const fault = span(at, gap.toMs - at);
    return { ...NOTHING, gap, fault, page: span(at, MINUTE), endMs: gap.toMs };
  },
} as const satisfies Record<string, (random: Random, atMs: number) => Made>;

const NAMES = Object.keys(KINDS) as readonly Episode["kind"][];

/** One episode after the other, each kind at least once in its turn, with quiet between them. */
export function twoHours(random: Random, lengthMs: number): readonly Episode[] {
  const episodes: Episode[] = [];
  let bag: Episode["kind"][] = [];
  for (let at = minutes(random, [2, 4]); ; ) {
    if (bag.length === 0) bag = [...NAMES];
    const [kind = "flake"] = bag.splice(Math.floor(random() * bag.length), 1);
    const made = KINDS[kind](random, at);
    if (made.endMs > lengthMs - 5 * MINUTE) return episodes;
    episodes.push({ kind, ...made });
    at = made.endMs + minutes(random, [3.5, 6]);
  }
}

const isIn = (at: number, one: Span | null): boolean =>
  one !== null && at >= one.fromMs && at < one.toMs;

/** How a target really is. */
export function truthOf(episodes: readonly Episode[], at: number): Truth {
  const now = episodes.find(({ gap, fault, flaky }) =>
    [gap, fault, flaky].some((one) => isIn(at, one)),
  );
  const moves = episodes.filter(({ gap }) => gap !== null && gap.fromMs <= at).length;
  const base: Truth = { ...WELL, version: String(moves + 1) };
  if (now === undefined) return base;
  const inGap = isIn(at, now.gap);
  const bad = isIn(at, now.flaky) ? "flaky" : "up";
  return {
    ...base,
    status: isIn(at, now.fault) ? "down" : bad,
    provisioned: inGap ? "in-progress" : "ready",
    held: inGap && now.gap?.held === true,
  };
}
