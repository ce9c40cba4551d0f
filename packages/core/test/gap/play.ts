import { second } from "@vigil/testkit/deployments";
import {
  advance,
  type Bounds,
  type GapEvent,
  type GapState,
  type GapWindow,
  type Observation,
  startGap,
} from "../../src/gap/index.ts";

const START_MS = Date.parse(second(0));

/** Seconds into the sequence. */
const at = (iso: string | null): string =>
  iso === null ? "?" : String((Date.parse(iso) - START_MS) / 1_000);
const between = ({ notBefore, notAfter }: Bounds): string => `${at(notBefore)}..${at(notAfter)}`;

function windowLine({ openedAt, start, end, ended, exposure, deployments, reason }: GapWindow) {
  const over = end === null ? "" : ` to ${between(end)} by ${ended}`;
  const why = reason === null ? "" : ` (${reason})`;
  return `${at(openedAt)} ${exposure} from ${between(start)}${over}, ${deployments.length} deployed${why}`;
}

/** An event in a line. */
export function eventLine(event: GapEvent): string {
  switch (event.kind) {
    case "deployed": {
      const { from, to, exposure, between: bounds } = event.deployment;
      return `deployed ${from.version} -> ${to.version} ${exposure} in ${between(bounds)}`;
    }
    case "gap-opened":
    case "gap-closed":
    case "gap-overdue":
      return `${event.kind} ${windowLine(event.window)}`;
    case "exposure-changed":
      return `${event.from} -> ${event.window.exposure}`;
    case "provisioning-removed":
    case "look-recovered":
      return `${event.kind} ${at(event.at)}`;
    case "absent":
      return `no ${event.what} ${at(event.at)}`;
    case "look-failed":
      return `${event.reason} ${at(event.at)}`;
    default:
      return event satisfies never;
  }
}

export interface Played {
  readonly states: readonly GapState[];
  readonly events: readonly GapEvent[];
}

export function play(observations: readonly Observation[], from: GapState = startGap()): Played {
  const states: GapState[] = [];
  const events: GapEvent[] = [];
  let state = from;
  for (const observation of observations) {
    const next = advance(state, observation);
    state = next.state;
    states.push(state);
    events.push(...next.events);
  }
  return { states, events };
}
