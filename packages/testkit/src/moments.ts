import { ERAS, type Era, EXTRA_STEPS, type ExtraStep, type StepName } from "@vigil/core";
import { progressToken } from "./messages.ts";
import type { RecordedRequest } from "./request.ts";

interface MomentEntry {
  readonly step: StepName;
  readonly eras: readonly Era[];
  /** The JSON-RPC method of the request that is struck; null where none is. */
  readonly rpcMethod: string | null;
  readonly matches: (request: RecordedRequest) => boolean;
}

const never = () => false;
const asks = (method: string) => (request: RecordedRequest) => request.rpc?.method === method;

/** Points of a probe at which a fault can strike: each step has one, `negotiate` and the list two. */
const ENTRIES = {
  connect: { step: "connect", eras: ERAS, rpcMethod: null, matches: never },
  authorize: { step: "authorize", eras: ERAS, rpcMethod: null, matches: never },
  initialize: {
    step: "negotiate",
    eras: ["legacy"],
    rpcMethod: "initialize",
    matches: asks("initialize"),
  },
  initialized: {
    step: "negotiate",
    eras: ["legacy"],
    rpcMethod: "notifications/initialized",
    matches: asks("notifications/initialized"),
  },
  discover: {
    step: "negotiate",
    eras: ["modern"],
    rpcMethod: "server/discover",
    matches: asks("server/discover"),
  },
  page1: {
    step: "listTools",
    eras: ERAS,
    rpcMethod: "tools/list",
    matches: ({ rpc }) => rpc?.method === "tools/list" && rpc.params.cursor === undefined,
  },
  page2: {
    step: "listTools",
    eras: ERAS,
    rpcMethod: "tools/list",
    matches: ({ rpc }) => rpc?.method === "tools/list" && rpc.params.cursor !== undefined,
  },
  call: {
    step: "callTool",
    eras: ERAS,
    rpcMethod: "tools/call",
    matches: (request) => asks("tools/call")(request) && progressToken(request) === null,
  },
  stream: {
    step: "stream",
    eras: ERAS,
    rpcMethod: "tools/call",
    matches: (request) => asks("tools/call")(request) && progressToken(request) !== null,
  },
  // The second of three simultaneous clients, behind the two pages of the run's own list.
  clients: {
    step: "concurrency",
    eras: ERAS,
    rpcMethod: "tools/list",
    matches: (request) => asks("tools/list")(request) && request.occurrence === 4,
  },
  preflight: {
    step: "cors",
    eras: ERAS,
    rpcMethod: null,
    matches: ({ httpMethod }) => httpMethod === "OPTIONS",
  },
  pageSession: {
    step: "cors",
    eras: ["legacy"],
    rpcMethod: "initialize",
    matches: (request) => asks("initialize")(request) && request.headers.origin !== undefined,
  },
  page: {
    step: "cors",
    eras: ERAS,
    rpcMethod: "tools/list",
    matches: (request) => asks("tools/list")(request) && request.headers.origin !== undefined,
  },
  getStream: {
    step: "stream",
    eras: ["legacy"],
    rpcMethod: null,
    matches: ({ httpMethod, headers }) =>
      httpMethod === "GET" && headers["last-event-id"] === undefined,
  },
  end: {
    step: "close",
    eras: ["legacy"],
    rpcMethod: null,
    matches: ({ httpMethod }) => httpMethod === "DELETE",
  },
} as const satisfies Record<string, MomentEntry>;

export type Moment = keyof typeof ENTRIES;
export const MOMENTS: Readonly<Record<Moment, MomentEntry>> = ENTRIES;

/** Where a fault is played. */
export interface Spot {
  readonly moment: Moment;
  readonly era: Era;
}

/** Requests of every run that expect an answer. */
export const USUAL: readonly Moment[] = ["initialize", "discover", "page1", "page2", "call"];
/** Requests that expect an answer, those of further steps too. */
export const ASKING: readonly Moment[] = [...USUAL, "stream", "clients"];
/** The same, and the one notification. */
export const SENDING: readonly Moment[] = [...ASKING, "initialized"];
/** Requests that are sent once the era is settled. */
export const LATER: readonly Moment[] = ["page1", "page2", "call", "stream", "clients"];

/** The further steps of a play: only a fault that strikes there needs them. */
export function extrasOf({ moment }: Spot): readonly ExtraStep[] {
  return EXTRA_STEPS.filter((step) => step === MOMENTS[moment].step);
}

/** Every place of the given moments; narrowed to `eras` if given. */
export function spotsOf(moments: readonly Moment[], eras: readonly Era[] = ERAS): readonly Spot[] {
  return moments.flatMap((moment) =>
    MOMENTS[moment].eras.filter((era) => eras.includes(era)).map((era) => ({ moment, era })),
  );
}
