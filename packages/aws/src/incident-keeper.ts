import { type Incident, nextIncident, type RunRecord, type TargetState } from "@vigil/core";
import type { History } from "./history.ts";

export interface IncidentKeeperOptions {
  readonly vantage: string;
  readonly history: Pick<History, "openIncident" | "putIncident">;
}

export interface RunOfIncident {
  readonly record: RunRecord;
  /** The state before the run, and after it. */
  readonly previous: TargetState | null;
  readonly state: TargetState;
  /**
   * The state could not be written: the incident is only remembered then, and written after the next
   * run. Another environment, which goes on from the stored state, must not find one that this state
   * knows nothing of.
   */
  readonly onlyRemember?: boolean;
}

/** The incidents that go on, of all targets that are watched from one vantage. */
export interface IncidentKeeper {
  /** Opens, goes on with or closes the target's incident, after each of its runs. */
  follow(run: RunOfIncident): Promise<void>;
}

interface Remembered {
  /** Null: none goes on. */
  readonly incident: Incident | null;
  /** Of what was known of the target then; another `since` is another environment's doing. */
  readonly since: string | null;
}

/**
 * For this long after a target came up its incident may still be open: the environment that saw it
 * may have ended before it could write the end.
 */
const MAY_BE_LEFT_MS = 24 * 60 * 60 * 1000;

/**
 * The incident that goes on is looked up when this environment does not know of it and the state
 * says that there may be one: a target that has been well for a day costs nothing.
 */
export function createIncidentKeeper({ vantage, history }: IncidentKeeperOptions): IncidentKeeper {
  const all = new Map<string, Remembered>();

  async function before({ record, previous, state }: RunOfIncident): Promise<Incident | null> {
    const remembered = all.get(record.target);
    if (remembered !== undefined && remembered.since === sinceOf(previous)) {
      return remembered.incident;
    }
    const mayBeOpen = [previous, state].some((one) => one !== null && mayHaveIncident(one));
    return mayBeOpen ? history.openIncident(record.target, vantage) : null;
  }

  return {
    async follow(run) {
      const { record, state, onlyRemember = false } = run;
      const open = await before(run);
      const incident = nextIncident(open, { record, state });
      const since = sinceOf(state);
      const isUnwritten = incident !== null && incident !== open;
      const isOver = incident?.closedAt != null;
      // An end that could not be written is written after the next run.
      all.set(record.target, { incident: isOver ? open : incident, since });
      if (!isUnwritten || onlyRemember) return;
      const written = await history.putIncident(incident);
      // Another environment has gone on with it: the next run looks it up.
      if (written === "stale") all.delete(record.target);
      else if (isOver) all.set(record.target, { incident: null, since });
    },
  };
}

function sinceOf(state: TargetState | null): string | null {
  return state?.known?.since ?? null;
}

function mayHaveIncident({ known, lastRunAt }: TargetState): boolean {
  if (known === null) return false;
  return known.status !== "up" || Date.parse(lastRunAt) - Date.parse(known.since) <= MAY_BE_LEFT_MS;
}
