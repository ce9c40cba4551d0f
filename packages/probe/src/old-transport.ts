import { mayBeOldTransport, showsOldTransport } from "@vigil/core";
import { openStream } from "./get-stream.ts";
import { finishLeg, type Opened } from "./run-leg.ts";

/** How long a server may take to show that it speaks the old transport. */
const ASK_WITHIN_MS = 2_000;

/**
 * Ends a leg after which no other is tried. If its server refuses POST, a GET asks whether it is one
 * of the old HTTP+SSE transport; any other answer, or none, changes nothing.
 */
export async function finishLast(opened: Opened): ReturnType<typeof finishLeg> {
  const { leg, step, found } = opened;
  if (found !== null && mayBeOldTransport(step, found)) {
    const { act, stop } = openStream(leg.url, "first event");
    const withinMs = ASK_WITHIN_MS;
    const asked = await leg.take({ step: "negotiate", label: null, act, withinMs });
    stop();
    const shown = asked.exchanges.filter(showsOldTransport);
    if (shown.length > 0) leg.amend(shown);
  }
  return finishLeg(opened);
}
