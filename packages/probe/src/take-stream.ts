import {
  GET_STREAM,
  refuseToCall,
  type StreamExpectation,
  streamSentinel,
  type ToolInfo,
} from "@vigil/core";
import { openStream } from "./get-stream.ts";
import type { OpenLeg } from "./open-leg.ts";
import { skipped } from "./take-step.ts";

/** What of the remaining time a stream may take once it runs; the rest is for the steps behind it. */
const STREAM_SHARE = 0.5;

/** Calls the tool whose answer must come in pieces, with a sentinel's care. */
export async function takeStream(leg: OpenLeg, tools: readonly ToolInfo[]): Promise<void> {
  const { stream } = leg.target;
  if (stream !== null) await callStream(leg, tools, stream);
  // The modern era has no such stream.
  if (leg.target.expect.getStream && leg.era === "legacy") await openGetStream(leg);
}

async function openGetStream(leg: OpenLeg): Promise<void> {
  const { act, stop } = openStream(leg.url, "headers");
  leg.keep(await leg.take({ step: "stream", label: GET_STREAM, act }));
  stop();
}

async function callStream(
  leg: OpenLeg,
  tools: readonly ToolInfo[],
  stream: StreamExpectation,
): Promise<void> {
  const plan = { step: "stream", label: stream.tool } as const;
  if (!tools.some(({ name }) => name === stream.tool)) {
    leg.keep(skipped({ ...plan, era: leg.era, reason: "tool-missing" }));
  } else if (refuseToCall(tools, streamSentinel(stream)) !== null) {
    leg.keep(skipped({ ...plan, era: leg.era, reason: "tool-not-read-only" }));
  } else {
    const act = leg.take({
      ...plan,
      act: (client) => client.streamTool(stream.tool, stream.arguments),
      share: STREAM_SHARE,
      streamed: true,
    });
    leg.keep(await act);
  }
}
