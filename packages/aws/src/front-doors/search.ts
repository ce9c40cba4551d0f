import type { FrontDoor } from "@vigil/core";

/** A question to AWS that was not answered. */
export interface UnansweredCall {
  readonly region: string;
  /** As IAM spells it, e.g. `lambda:ListFunctions`. */
  readonly action: string;
  readonly error: Error;
}

/** What was found in one region, as far as AWS said. */
export interface DoorsFound {
  readonly doors: readonly FrontDoor[];
  /** At most one for each action. */
  readonly unanswered: readonly UnansweredCall[];
  /** Things worth telling that no door can be made of; a sentence each. */
  readonly notes: readonly string[];
}

/** Called as the search goes on; ends with nothing under way. */
export type OnProgress = (what: string) => void;

/** Collects what a search finds, and the first unanswered call for each action. */
export class Finds {
  readonly #region: string;
  readonly #unanswered = new Map<string, UnansweredCall>();
  readonly doors: FrontDoor[] = [];
  readonly notes: string[] = [];

  constructor(region: string) {
    this.#region = region;
  }

  /** The answer, or null when there is none. */
  async ask<T>(action: string, call: () => Promise<T>): Promise<T | null> {
    try {
      return await call();
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (!this.#unanswered.has(action)) {
        this.#unanswered.set(action, { region: this.#region, action, error });
      }
      return null;
    }
  }

  found(): DoorsFound {
    return { doors: this.doors, unanswered: [...this.#unanswered.values()], notes: this.notes };
  }
}
