import type { Clock, RunRecord, Target } from "@vigil/core";
import { createCauseLook, isInAws, type LookForCause } from "../cause-finder.ts";

/** A function may be mended, or its reading be allowed, while it is down. */
const ANEW_MS = 5 * 60_000;

interface Known {
  readonly modes: string;
  readonly askedAt: number;
  readonly text: string | null;
}

/** Likely causes for the page, which never waits for AWS: what is not known yet is there the next time. */
export interface KnownCauses {
  /** By the target's newest run; null when none is known. */
  of(target: string, newest: RunRecord | undefined): string | null;
}

interface CausesOptions {
  readonly targets: readonly Target[];
  readonly clock: Clock;
  readonly look?: LookForCause;
  /** A cause has become known. */
  readonly onFound: () => void;
}

export function createKnownCauses(options: CausesOptions): KnownCauses {
  const { targets, clock, look = createCauseLook(clock), onFound } = options;
  const known = new Map<string, Known>();

  function ask(target: Target, newest: RunRecord, modes: string): void {
    const before = known.get(target.name);
    const text = before?.modes === modes ? before.text : null;
    known.set(target.name, { modes, askedAt: clock.now(), text });
    const keep = (found: string | null) => {
      if (known.get(target.name)?.modes !== modes) return;
      known.set(target.name, { modes, askedAt: clock.now(), text: found });
      if (found !== text) onFound();
    };
    // Nobody waits for it, so nobody would hear of a failure.
    look(newest, target).then(
      (looked) => keep(looked?.cause?.text ?? null),
      () => keep(null),
    );
  }

  return {
    of(name, newest) {
      const target = targets.find((one) => one.name === name);
      if (newest?.status !== "down" || target === undefined || !isInAws(target)) return null;
      const modes = newest.failures.map(({ mode }) => mode).join(" ");
      const last = known.get(name);
      const isKnown = last?.modes === modes;
      if (!isKnown || clock.now() - last.askedAt >= ANEW_MS) ask(target, newest, modes);
      return isKnown ? last.text : null;
    },
  };
}
