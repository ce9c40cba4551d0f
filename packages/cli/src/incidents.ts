import type { History } from "@vigil/aws";
import { type Incident, nextIncident, type RunRecord, type TargetState } from "@vigil/core";

interface IncidentsOptions {
  readonly vantage: string;
  readonly history: Pick<History, "openIncident" | "putIncident">;
}

/** The incidents that go on, of all targets that one monitor watches. */
export interface Incidents {
  /** Takes up the incident that the last watch left. */
  resume(target: string): Promise<void>;
  /** Opens, goes on with or closes the target's incident, after each of its runs. */
  follow(record: RunRecord, state: TargetState): Promise<void>;
}

export function createIncidents({ vantage, history }: IncidentsOptions): Incidents {
  const open = new Map<string, Incident>();
  return {
    async resume(target) {
      const incident = await history.openIncident(target, vantage);
      if (incident !== null) {
        open.set(target, incident);
      }
    },
    async follow(record, state) {
      const before = open.get(record.target) ?? null;
      const incident = nextIncident(before, { record, state });
      if (incident === null || incident === before) {
        return;
      }
      if (incident.closedAt === null) {
        open.set(record.target, incident);
      }
      await history.putIncident(incident);
      // Only now: an end that could not be written is written after the next run.
      if (incident.closedAt !== null) {
        open.delete(record.target);
      }
    },
  };
}
