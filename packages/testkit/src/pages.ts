import { type Answer, type Headers, type Respond, text } from "./answer.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";

export const ALLOW_ORIGIN = "Access-Control-Allow-Origin";
export const ALLOW_HEADERS = "Access-Control-Allow-Headers";
export const EXPOSE_HEADERS = "Access-Control-Expose-Headers";

const NAMES =
  "content-type, authorization, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name";

const LEAVE: Headers = [
  [ALLOW_ORIGIN, "*"],
  ["Access-Control-Allow-Methods", "GET, POST, DELETE"],
  [ALLOW_HEADERS, NAMES],
];

const SHOWN: Headers = [
  [ALLOW_ORIGIN, "*"],
  [EXPOSE_HEADERS, "Mcp-Session-Id"],
];

/** A server that web pages of any origin may use; `edit` changes what it says to them. */
export function letPagesIn(
  sound: Script,
  edit: (answer: Respond, request: RecordedRequest) => Answer = (answer) => answer,
): Script {
  return (request) => {
    if (request.httpMethod === "OPTIONS") {
      return edit(text("", { status: 204, headers: LEAVE }), request);
    }
    const answer = sound(request);
    if (answer.kind !== "respond" || request.headers.origin === undefined) return answer;
    return edit({ ...answer, headers: [...answer.headers, ...SHOWN] }, request);
  };
}

/** The headers with others in place of those of a name; without them when none are given. */
export function replaceHeader(headers: Headers, name: string, ...values: string[]): Headers {
  const kept = headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return [...kept, ...values.map((value) => [name, value] as const)];
}
