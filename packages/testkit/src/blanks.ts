import { ERAS, type Era, FAILURE_CODES, type FailureCode, STEPS, type StepName } from "@vigil/core";

/** Cells without a fault, and why there is none. */
export interface Blank {
  readonly codes: readonly FailureCode[] | "all";
  readonly steps: readonly StepName[];
  readonly eras: readonly Era[];
  readonly reason: string;
}

/** Steps that are no part of a run yet, or that cannot fail one. */
const WHOLE_STEPS: Partial<Readonly<Record<StepName, string>>> = {
  close: "the verdict stands when the session is ended: a failed DELETE only sets sessionLeft",
};

interface Only {
  readonly codes: readonly FailureCode[];
  readonly steps: readonly StepName[];
  readonly eras?: readonly Era[];
  /** Why it can be nowhere else. */
  readonly reason: string;
}

/** Steps of every run that send requests. */
const USUAL = ["negotiate", "listTools", "callTool"] as const;
const REQUESTS = [...USUAL, "stream", "concurrency"] as const;

/** Where codes can occur; of several entries for a code, each widens the place. */
const ONLY: readonly Only[] = [
  {
    codes: ["dns-failure"],
    steps: ["connect"],
    reason: "a host is looked up once, when the attempt's connection is opened",
  },
  {
    codes: ["connect-timeout", "tls-failure", "certificate-expiring"],
    steps: ["connect"],
    reason:
      "one connection serves the attempt; a server that stops between two answers refuses the next one (connect-refused)",
  },
  {
    codes: ["connection-reset"],
    steps: ["connect", ...REQUESTS],
    reason: "nothing is sent to the target while credentials are read",
  },
  {
    codes: ["connect-refused"],
    steps: ["connect", "listTools", "callTool", "stream", "concurrency"],
    reason: "the first request goes over the connection that has just been opened",
  },
  {
    codes: ["connect-refused"],
    steps: ["negotiate"],
    eras: ["legacy"],
    reason: "the notification is the first to need a connection of its own",
  },
  {
    codes: [
      "http-unauthorized",
      "http-forbidden",
      "http-not-found",
      "http-throttled",
      "function-error",
      "gateway-timeout",
      "http-server-error",
      "http-unexpected",
      "redirected",
      "auth-required",
      "credential-expired",
      "not-mcp-response",
      "lambda-envelope",
      "empty-stream",
      "stream-stalled",
      "response-too-large",
      "empty-response",
      "malformed-json",
      "invalid-jsonrpc",
      "timeout",
      "transient-timeout",
      "cold-start-timeout",
    ],
    steps: REQUESTS,
    reason: "it takes an HTTP request, and the first one is sent to negotiate",
  },
  {
    codes: ["challenge-invalid"],
    steps: ["negotiate", "listTools"],
    reason: "a target that expects to be refused has no sentinel to call",
  },
  {
    codes: ["slow"],
    steps: ["connect", ...USUAL],
    reason: "this step's time is not the server's, or is meant to be long",
  },
  {
    codes: ["legacy-sse-transport"],
    steps: ["negotiate"],
    reason: "a server of the old transport answers no opening request, so no later step is reached",
  },
  {
    codes: ["protocol-version-mismatch", "era-mismatch", "negotiation-rejected"],
    steps: ["negotiate"],
    reason: "revision and era are settled by the opening request",
  },
  {
    codes: ["header-mismatch"],
    steps: REQUESTS,
    eras: ["modern"],
    reason: "the modern era alone repeats the body in headers, from its first request on",
  },
  {
    codes: ["session-lost"],
    steps: REQUESTS,
    eras: ["legacy"],
    reason: "the legacy era alone has sessions, from the answer to initialize on",
  },
  {
    codes: ["invalid-result"],
    steps: ["negotiate"],
    eras: ["legacy"],
    reason:
      "no result is due before negotiate; and what is no DiscoverResult there is a legacy server's answer (era-mismatch)",
  },
  {
    codes: ["invalid-result"],
    steps: ["listTools", "callTool", "stream", "concurrency"],
    reason:
      "no result is due before negotiate; and what is no DiscoverResult there is a legacy server's answer (era-mismatch)",
  },
  {
    codes: ["rpc-error"],
    steps: ["listTools", "callTool", "stream", "concurrency"],
    reason: "an error to the opening request is negotiation-rejected or era-mismatch",
  },
  {
    codes: ["cors-blocked"],
    steps: ["cors"],
    reason: "it is about the requests of web pages",
  },
  {
    codes: ["pagination-loop", "tools-empty", "tools-missing", "tools-drift"],
    steps: ["listTools"],
    reason: "it is about the list; a tool that a sentinel wants of it is told there and not called",
  },
  {
    codes: ["tool-call-failed", "tool-permission-denied", "sentinel-unsuitable"],
    steps: ["callTool", "stream"],
    reason: "it is about the call of a tool",
  },
  {
    codes: ["tool-result-mismatch"],
    steps: ["callTool"],
    reason: "only a sentinel says what its tool must answer",
  },
  {
    codes: ["get-stream-failed"],
    steps: ["stream"],
    eras: ["legacy"],
    reason: "only the stream step opens the GET stream, which the modern era no longer has",
  },
  {
    codes: ["stream-buffered", "stream-absent"],
    steps: ["stream"],
    reason: "only the stream step asks for an answer in pieces",
  },
  {
    codes: ["secret-unavailable", "token-request-failed"],
    steps: ["authorize"],
    reason: "secrets are read once, and tokens got with them, before anything is sent",
  },
  {
    codes: ["deadline-exhausted"],
    steps: ["connect"],
    reason: "a run that begins in time and then runs out of it waited for the target (timeout)",
  },
  {
    codes: ["probe-error"],
    steps: ["authorize"],
    reason: "a broken monitor has no steps to tell of: it is told of the last one before",
  },
];

function wholeSteps(): readonly Blank[] {
  return STEPS.flatMap((step) => {
    const reason = WHOLE_STEPS[step];
    return reason === undefined
      ? []
      : [{ codes: "all" as const, steps: [step], eras: ERAS, reason }];
  });
}

/** A page's request is read as the list's is; only what is about its origin has a name of its own. */
const CORS: Blank = {
  codes: FAILURE_CODES.filter((code) => code !== "cors-blocked"),
  steps: ["cors"],
  eras: ERAS,
  reason:
    "the page's request is the list's again: what is wrong with it for any client, listTools meets before",
};

/** Found by looking at the function, not by asking the server: no step can be played. */
export const FUNCTION_CODES: readonly FailureCode[] = ["gap-overdue", "allocation-failed"];

const FUNCTION_ALONE: Blank = {
  codes: FUNCTION_CODES,
  steps: STEPS,
  eras: ERAS,
  reason: "Lambda tells it of the function: no run shows it",
};

/** Turns "only there" into "nowhere else". */
function elsewhere(): readonly Blank[] {
  const codes = new Set(ONLY.flatMap((only) => only.codes));
  return [...codes].flatMap((code) => {
    const places = ONLY.filter((only) => only.codes.includes(code));
    return ERAS.map((era): Blank => {
      const inEra = places.filter(({ eras = ERAS }) => eras.includes(era));
      const taken = new Set(inEra.flatMap(({ steps }) => steps));
      const steps = STEPS.filter((step) => !taken.has(step) && !(step in WHOLE_STEPS));
      return { codes: [code], steps, eras: [era], reason: places[0]?.reason ?? "" };
    });
  });
}

/** Every cell that has no fault, by rule. */
export const BLANKS: readonly Blank[] = [...wholeSteps(), CORS, FUNCTION_ALONE, ...elsewhere()];
