import type { Auth } from "@vigil/core";
import { type Answer, json, type Respond, text } from "../answer.ts";
import type { Fault, Stage } from "../fault.ts";
import { type IssuerOptions, soundIssuer } from "../issuer.ts";
import { SENDING, type Spot, spotsOf } from "../moments.ts";
import { type Script, startServer } from "../server.ts";
import { soundStage, strike } from "../stage.ts";

/** A token that says of itself when it ends. */
function jwt(exp: number): string {
  const [head, claims] = [
    { alg: "ES256", typ: "JWT" },
    { sub: "vigil", exp },
  ].map((part) => btoa(JSON.stringify(part)).replace(/=+$/, ""));
  return `${head}.${claims}.c2lnbmF0dXJl`;
}

const PAST = Date.UTC(2020, 0, 1) / 1_000;
const PAST_AT = "2020-01-01T00:00:00.000Z";
const SECRETS = { ORDERS_TOKEN: jwt(PAST), CLIENT_SECRET: "cl13nt-s3cret-4711" };

const UNAUTHORIZED = json('{"message":"Unauthorized"}', {
  status: 401,
  headers: [
    ["apigw-requestid", "JQ2ZvjJ2IAMEVrg="],
    [
      "www-authenticate",
      'Bearer scope="" error="invalid_token" error_description="the token has expired"',
    ],
  ],
});
const PLAIN_401 = text("", { status: 401, headers: [["www-authenticate", "Bearer"]] });

function expired(title: string, answer: Respond): Fault {
  return {
    code: "credential-expired",
    title,
    spots: spotsOf(SENDING),
    start: (spot) => strike(spot, () => answer),
    target: { bearer: "env:ORDERS_TOKEN" },
    monitor: { secrets: SECRETS },
    evidence: () => ({ detail: PAST_AT }),
    // An expired token is no failure while the server takes it.
    twin: { monitor: { secrets: SECRETS } },
  };
}

const CLIENT: IssuerOptions = {
  clientId: "vigil",
  clientSecret: SECRETS.CLIENT_SECRET,
  token: () => "t0ken-0f-4711",
};

/** A sound server whose tokens come from an issuer that answers as the script says. */
async function withIssuer(spot: Spot, script: Script): Promise<Stage> {
  const issuer = await startServer(script);
  const stage = await soundStage(spot);
  const auth: Auth = {
    type: "oauthClientCredentials",
    issuer: new URL(issuer.url).origin,
    clientId: CLIENT.clientId,
    clientSecret: { secret: "env:CLIENT_SECRET" },
    scope: null,
    tokenEndpoint: null,
  };
  return {
    ...stage,
    auth,
    // A server whose token could not be had must not be asked.
    stray: stage.requests,
    open: () => stage.open() + issuer.open(),
    close: async () => void (await Promise.all([stage.close(), issuer.close()])),
  };
}

interface Refusal {
  readonly title: string;
  readonly on: "metadata" | "token";
  readonly answer: Answer;
  readonly evidence: NonNullable<Fault["evidence"]>;
}

function refused({ title, on, answer, evidence }: Refusal): Fault {
  const sound = soundIssuer(CLIENT);
  const method = on === "metadata" ? "GET" : "POST";
  return {
    code: "token-request-failed",
    title,
    spots: spotsOf(["authorize"]),
    start: (spot) =>
      withIssuer(spot, (request) => (request.httpMethod === method ? answer : sound(request))),
    monitor: { secrets: SECRETS },
    evidence,
    twin: { start: (spot) => withIssuer(spot, sound), monitor: { secrets: SECRETS } },
  };
}

/** What an answer of the issuer shows. */
function shown(httpStatus: number, body: string, detail: string | null = null) {
  const contentType = "application/json";
  return () => ({ httpStatus, contentType, body, bytes: body.length, detail });
}

const INVALID_CLIENT = '{"error":"invalid_client","error_description":"no such client"}';
const OTHER_ISSUER =
  '{"issuer":"https://other.example","token_endpoint":"https://other.example/token"}';
const MAINTENANCE = '{"message":"maintenance"}';

const REFUSALS: readonly Fault[] = [
  refused({
    title: "a client that the issuer does not know",
    on: "token",
    answer: json(INVALID_CLIENT, { status: 401 }),
    evidence: shown(401, INVALID_CLIENT, "invalid_client"),
  }),
  refused({
    title: "an issuer out of service",
    on: "metadata",
    answer: json(MAINTENANCE, { status: 503 }),
    evidence: shown(503, MAINTENANCE),
  }),
  refused({
    title: "a token endpoint out of service",
    on: "token",
    answer: json(MAINTENANCE, { status: 503 }),
    evidence: shown(503, MAINTENANCE),
  }),
  refused({
    title: "the metadata of another issuer",
    on: "metadata",
    answer: json(OTHER_ISSUER),
    evidence: shown(200, OTHER_ISSUER, "https://other.example"),
  }),
  refused({
    title: "an issuer that hangs up",
    on: "metadata",
    answer: { kind: "reset" },
    evidence: () => ({ networkCode: "ECONNRESET" }),
  }),
];

/** Credentials of the monitor's own that fail, whatever the server is like. */
export const CREDENTIAL_FAULTS: readonly Fault[] = [
  expired("401 from API Gateway to a token that is over", UNAUTHORIZED),
  expired("401 without a reason to a token that is over", PLAIN_401),
  ...REFUSALS,
];
