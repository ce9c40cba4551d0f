import { json, type Respond } from "../answer.ts";
import type { Fault } from "../fault.ts";
import { errorReply, type WireReply } from "../messages.ts";
import { LATER, MOMENTS, type Spot, spotsOf } from "../moments.ts";
import type { RecordedRequest } from "../request.ts";
import { nullIdError, sessionNotFound } from "../sound-legacy.ts";
import { alter, play, type StageOptions, soundScript, strike } from "../stage.ts";
import { altered, withError, withResult } from "./make.ts";

const VERSIONS: readonly Fault[] = [
  altered(
    {
      code: "protocol-version-mismatch",
      title: "a revision that never was",
      at: ["initialize"],
      more: {
        evidence: () => ({
          detail:
            "found 1999-01-01, known: 2025-11-25, 2025-06-18, 2025-03-26, 2024-11-05, 2024-10-07",
        }),
      },
    },
    withResult((r) => ({ ...r, protocolVersion: "1999-01-01" })),
  ),
  altered(
    {
      code: "protocol-version-mismatch",
      title: "a revision older than expected",
      at: ["initialize"],
      more: {
        target: { expect: { minProtocolVersion: "2025-03-26" } },
        evidence: () => ({ detail: "found 2024-11-05, expected 2025-03-26 or newer" }),
      },
    },
    withResult((r) => ({ ...r, protocolVersion: "2024-11-05" })),
  ),
  altered(
    {
      code: "protocol-version-mismatch",
      title: "a server that is ahead of its clients",
      at: ["discover"],
      more: { evidence: () => ({ detail: "found 2027-07-28, expected 2026-07-28" }) },
    },
    withResult((r) => ({ ...r, supportedVersions: ["2027-07-28"] })),
  ),
  altered(
    {
      code: "protocol-version-mismatch",
      title: "-32022 to server/discover",
      at: ["discover"],
    },
    withError(400, {
      code: -32022,
      message: "Unsupported protocol version: 2026-07-28",
      data: { supported: ["2027-07-28"], requested: "2026-07-28" },
    }),
  ),
];

/** A whole server of the era that was not asked for. */
function otherServer({ era, moment }: Spot, options: StageOptions = {}) {
  const script = soundScript(era === "legacy" ? "modern" : "legacy", options);
  return play({ era, moment }, script);
}

const ERAS: readonly Fault[] = [
  {
    code: "era-mismatch",
    title: "a server of the other era only",
    spots: spotsOf(["initialize", "discover"]),
    start: otherServer,
  },
  {
    code: "era-mismatch",
    title: "a legacy server without sessions: method not found",
    spots: spotsOf(["discover"]),
    start: (spot) => otherServer(spot, { stateless: true }),
  },
  altered(
    {
      code: "era-mismatch",
      title: "a legacy server that answers whatever it is asked",
      at: ["discover"],
      more: { unchecked: ["detail"] },
    },
    withResult(() => ({})),
  ),
];

const REJECTIONS: readonly Fault[] = [
  altered(
    { code: "negotiation-rejected", title: "an unhandled error", at: ["initialize"] },
    withError(200, { code: -32603, message: "Internal error" }),
  ),
  altered(
    { code: "negotiation-rejected", title: "parameters refused", at: ["initialize"] },
    withError(400, { code: -32602, message: "Invalid params" }),
  ),
  altered(
    { code: "negotiation-rejected", title: "another environment's state", at: ["initialize"] },
    () => nullIdError(400, -32000, "Bad Request: Server not initialized"),
  ),
  altered(
    { code: "negotiation-rejected", title: "a capability that is missing", at: ["discover"] },
    withError(400, {
      code: -32021,
      message: "Missing required client capability: elicitation",
      data: { requiredCapabilities: { elicitation: {} } },
    }),
  ),
];

const STRIPPED = ["mcp-protocol-version", "mcp-method", "mcp-name"];

/** A sound server behind a proxy that forwards none of MCP's headers. */
function behindProxy(spot: Spot) {
  const sound = soundScript(spot.era);
  return play(spot, (request) => {
    const kept = Object.entries(request.headers).filter(([name]) => !STRIPPED.includes(name));
    return sound({ ...request, headers: Object.fromEntries(kept) });
  });
}

const HEADERS: readonly Fault[] = [
  {
    code: "header-mismatch",
    title: "a proxy that strips MCP's headers",
    spots: spotsOf(["discover"]),
    start: behindProxy,
  },
  {
    code: "header-mismatch",
    title: "a proxy that changes Mcp-Method",
    spots: spotsOf(["discover", ...LATER], ["modern"]),
    start: (spot) => {
      const sound = soundScript(spot.era);
      return play(spot, (request) =>
        sound({ ...request, headers: { ...request.headers, ...changedAt(spot, request) } }),
      );
    },
  },
];

function changedAt({ moment }: Spot, request: RecordedRequest): Readonly<Record<string, string>> {
  return MOMENTS[moment].matches(request) ? { "mcp-method": "prompts/get" } : {};
}

const IN_SESSION = spotsOf(["initialized", ...LATER], ["legacy"]);

function lost(title: string, reply: (request: RecordedRequest) => WireReply): Fault {
  return {
    code: "session-lost",
    title,
    spots: IN_SESSION,
    start: (spot) => alter(spot, (_reply, request) => reply(request)),
  };
}

const SESSIONS: readonly Fault[] = [
  lost("404 from the official SDK", sessionNotFound),
  lost("Server not initialized, from the official SDK's example", () =>
    nullIdError(400, -32000, "Bad Request: Server not initialized"),
  ),
  {
    code: "session-lost",
    title: "404 with a text",
    spots: IN_SESSION,
    start: (spot) => strike(spot, () => NO_SESSION),
  },
  {
    ...lost("-32001 under 200", (request) =>
      errorReply(request, 200, { code: -32001, message: "Session not found" }),
    ),
    spots: spotsOf(LATER, ["legacy"]),
  },
];

const NO_SESSION: Respond = {
  ...json("Unknown session", { status: 404 }),
  headers: [["content-type", "text/plain"]],
};

/** Servers and clients that do not agree on revision, era, headers or session. */
export const NEGOTIATION_FAULTS: readonly Fault[] = [
  ...VERSIONS,
  ...ERAS,
  ...REJECTIONS,
  ...HEADERS,
  ...SESSIONS,
];
