import { type Answer, json, type Respond, text } from "../answer.ts";
import type { Fault, Stage, TargetOverrides } from "../fault.ts";
import { MOMENTS, type Moment, type Spot, spotsOf } from "../moments.ts";
import type { RecordedRequest } from "../request.ts";
import { play, soundScript } from "../stage.ts";

const METADATA_PATH = "/.well-known/oauth-protected-resource/mcp";
const TARGET: TargetOverrides = { expect: { unauthenticated: "challenge" }, sentinels: [] };
/** Who expects a challenge has no sentinel, so no tool is called. */
const AT: readonly Moment[] = ["initialize", "initialized", "discover", "page1", "page2"];

interface Guard {
  readonly refuse: (origin: string) => Respond;
  readonly metadata: (origin: string) => Answer;
}

function challenge(params: string): Respond {
  return json('{"error":"unauthorized"}', {
    status: 401,
    headers: [["www-authenticate", `Bearer ${params}`]],
  });
}

/** As RFC 9728 has it. */
const SOUND: Guard = {
  refuse: (origin) => challenge(`resource_metadata="${origin}${METADATA_PATH}"`),
  metadata: (origin) => json(metadataOf(origin)),
};

function metadataOf(origin: string) {
  return { resource: `${origin}/mcp`, authorization_servers: ["https://auth.example"] };
}

function originOf({ headers }: RecordedRequest): string {
  return `http://${headers.host}`;
}

/** A server that answers up to the spot's request, which it refuses. */
function guarded(spot: Spot, { refuse, metadata }: Guard): Promise<Stage> {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    if (request.path === METADATA_PATH) return metadata(originOf(request));
    return MOMENTS[spot.moment].matches(request) ? refuse(originOf(request)) : sound(request);
  });
}

function broken(title: string, part: Partial<Guard>, more: Partial<Fault> = {}): Fault {
  return {
    code: "challenge-invalid",
    title,
    spots: spotsOf(AT),
    start: (spot) => guarded(spot, { ...SOUND, ...part }),
    target: TARGET,
    twin: { start: (spot) => guarded(spot, SOUND) },
    ...more,
  };
}

/** The failure shows the metadata, not the 401. */
function brokenMetadata(title: string, answer: (origin: string) => Respond): Fault {
  const { status, headers } = answer("");
  const contentType = headers.find(([name]) => name === "content-type")?.[1] ?? null;
  return broken(
    title,
    { metadata: answer },
    {
      shows: "nothing",
      evidence: () => ({ httpStatus: status, contentType }),
      // They hold the server's port.
      unchecked: ["body", "bytes"],
    },
  );
}

/** A 401, or none, that leaves a client without a way to a token. */
export const CHALLENGE_FAULTS: readonly Fault[] = [
  broken(
    "a server that is open to anyone",
    {},
    {
      spots: spotsOf(["page2"]),
      start: (spot) => play(spot, soundScript(spot.era)),
    },
  ),
  broken("401 without a challenge", { refuse: () => text("", { status: 401 }) }),
  broken("a challenge without metadata", { refuse: () => challenge('realm="orders"') }),
  broken("a challenge to Basic credentials", {
    refuse: (origin) =>
      text("", {
        status: 401,
        headers: [["www-authenticate", `Basic resource_metadata="${origin}${METADATA_PATH}"`]],
      }),
  }),
  broken("metadata of another origin", {
    refuse: () => challenge(`resource_metadata="https://other.example${METADATA_PATH}"`),
  }),
  broken("metadata that is no URL", { refuse: () => challenge('resource_metadata="/metadata"') }),
  brokenMetadata("metadata that is not there", () => text("Not Found", { status: 404 })),
  brokenMetadata("metadata behind the same door", () => challenge('realm="orders"')),
  brokenMetadata("metadata that is a page", () => text("<html>log in</html>")),
  brokenMetadata("metadata of another resource", (origin) =>
    json({ ...metadataOf(origin), resource: "https://other.example/mcp" }),
  ),
  brokenMetadata("metadata of a path beside it", (origin) =>
    json({ ...metadataOf(origin), resource: `${origin}/mcp2` }),
  ),
  brokenMetadata("metadata without a resource", (origin) =>
    json({ ...metadataOf(origin), resource: undefined }),
  ),
  brokenMetadata("metadata without authorization servers", (origin) =>
    json({ ...metadataOf(origin), authorization_servers: [] }),
  ),
  brokenMetadata("authorization servers that are no URLs", (origin) =>
    json({ ...metadataOf(origin), authorization_servers: ["auth"] }),
  ),
  broken(
    "metadata that does not come, the connection being reset",
    { metadata: () => ({ kind: "reset" }) },
    { shows: "nothing", evidence: () => ({ networkCode: "ECONNRESET" }) },
  ),
];
