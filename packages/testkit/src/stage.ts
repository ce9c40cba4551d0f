import type { Era } from "@vigil/core";
import type { Answer } from "./answer.ts";
import { CERTIFICATES } from "./certificates.ts";
import type { Stage } from "./fault.ts";
import type { Framing, WireReply } from "./messages.ts";
import { MOMENTS, type Spot } from "./moments.ts";
import type { RecordedRequest } from "./request.ts";
import { type Script, type ServerOptions, startServer } from "./server.ts";
import { soundLegacy } from "./sound-legacy.ts";
import { soundModern } from "./sound-modern.ts";

export interface StageOptions {
  readonly framing?: Framing;
  /** Legacy only: serves without sessions. */
  readonly stateless?: true;
  readonly tls?: true;
  readonly handshakeDelayMs?: number;
  /** Plays the fault on the first request of its kind alone. */
  readonly once?: true;
}

export type Edit = (reply: WireReply, request: RecordedRequest) => WireReply;

/** A sound server of an era; `edit` changes its answers before they are put into bytes. */
export function soundScript(era: Era, options: StageOptions = {}, edit?: Edit): Script {
  const { framing = "json", stateless } = options;
  const shared = {
    framing,
    ...(edit !== undefined && {
      edit: (request: RecordedRequest, reply: WireReply) => edit(reply, request),
    }),
  };
  return era === "legacy"
    ? soundLegacy({ ...shared, stateful: stateless === undefined })
    : soundModern(shared);
}

/** A server that is sound but for one request, which gets `answer`. */
export function strike(
  spot: Spot,
  answer: (request: RecordedRequest) => Answer,
  options: StageOptions = {},
): Promise<Stage> {
  const sound = soundScript(spot.era, options);
  const hit = aim(spot, options);
  return play(spot, (request) => (hit(request) ? answer(request) : sound(request)), options);
}

/** A server that is sound but for one answer, which is changed before it is put into bytes. */
export function alter(spot: Spot, edit: Edit, options: StageOptions = {}): Promise<Stage> {
  const hit = aim(spot, options);
  const script = soundScript(spot.era, options, (reply, request) =>
    hit(request) ? edit(reply, request) : reply,
  );
  return play(spot, script, options);
}

/** A whole script, whose answer to the spot's request counts as the fault. */
export async function play(spot: Spot, script: Script, options: StageOptions = {}): Promise<Stage> {
  let struck: Answer | null = null;
  const server = await startServer((request) => {
    const answer = script(request);
    const hit = MOMENTS[spot.moment].matches(request);
    // A list that never ends is struck again and again; its last page is the evidence.
    if (hit && (struck === null || options.once === undefined)) struck = answer;
    return answer;
  }, serverOptions(options));
  return { ...server, struck: () => struck };
}

/** The sound twin of a fault. */
export function soundStage({ era }: Spot, options: StageOptions = {}): Promise<Stage> {
  return play({ era, moment: "connect" }, soundScript(era, options), options);
}

/** Finds the requests of a spot. */
function aim({ moment }: Spot, { once }: StageOptions): (request: RecordedRequest) => boolean {
  let hits = 0;
  return (request) => {
    if (!MOMENTS[moment].matches(request)) return false;
    hits += 1;
    return once === undefined || hits === 1;
  };
}

function serverOptions({ tls, handshakeDelayMs = 0 }: StageOptions): ServerOptions {
  return tls === undefined ? {} : { tls: CERTIFICATES.sound, handshakeDelayMs };
}
