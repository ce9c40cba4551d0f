import type { Answer, Respond } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { MOMENTS, type Moment, type Spot, spotsOf } from "../moments.ts";
import {
  ALLOW_HEADERS,
  ALLOW_ORIGIN,
  EXPOSE_HEADERS,
  letPagesIn,
  replaceHeader,
} from "../pages.ts";
import type { RecordedRequest } from "../request.ts";
import { play, soundScript } from "../stage.ts";
import { CORS } from "../target.ts";

type Change = (answer: Respond) => Answer;

/** A server that all clients can use, and web pages could but for one answer. */
function start(spot: Spot, change: Change) {
  const hit = (request: RecordedRequest) => MOMENTS[spot.moment].matches(request);
  const script = letPagesIn(soundScript(spot.era), (answer, request) =>
    hit(request) ? change(answer) : answer,
  );
  return play(spot, script);
}

interface Blocked {
  readonly title: string;
  readonly at: readonly Moment[];
  readonly eras?: Fault["spots"][number]["era"][];
}

function blocked({ title, at, eras }: Blocked, change: Change): Fault {
  return {
    code: "cors-blocked",
    title,
    spots: spotsOf(at, eras),
    start: (spot) => start(spot, change),
    twin: { start: (spot) => start(spot, (answer) => answer) },
    evidence: () => ({ detail: `for pages of ${CORS.origin}` }),
  };
}

const ALL: readonly Moment[] = ["preflight", "pageSession", "page"];

const withHeader = (name: string, ...values: string[]): Change => {
  return (answer) => ({ ...answer, headers: replaceHeader(answer.headers, name, ...values) });
};

/** What keeps web pages, and them alone, from a server. */
export const CORS_FAULTS: readonly Fault[] = [
  blocked({ title: "no origin is allowed", at: ALL }, withHeader(ALLOW_ORIGIN)),
  blocked(
    { title: "another origin is allowed", at: ALL },
    withHeader(ALLOW_ORIGIN, "https://other.example.com"),
  ),
  blocked(
    { title: "the gateway and the server each allow the origin", at: ALL },
    withHeader(ALLOW_ORIGIN, "*", CORS.origin),
  ),
  blocked({ title: "an origin that is refused", at: ["pageSession", "page"] }, (answer) => ({
    ...answer,
    status: 403,
  })),
  blocked({ title: "the preflight needs credentials", at: ["preflight"] }, (answer) => ({
    ...answer,
    status: 401,
    headers: [["www-authenticate", "Bearer"]],
  })),
  blocked({ title: "a server that knows no OPTIONS", at: ["preflight"] }, (answer) => ({
    ...answer,
    status: 405,
  })),
  blocked({ title: "the preflight is redirected", at: ["preflight"] }, (answer) => ({
    ...answer,
    status: 307,
    headers: [...answer.headers, ["location", "/mcp/"]],
  })),
  blocked(
    { title: "headers of MCP are not allowed", at: ["preflight"] },
    withHeader(ALLOW_HEADERS, "content-type, authorization"),
  ),
  blocked(
    { title: "the session is not exposed", at: ["pageSession"], eras: ["legacy"] },
    withHeader(EXPOSE_HEADERS),
  ),
];
