import type { FRONT_DOOR } from "../faults/front-door.ts";
import { beforeTheFunction, json, type Play, send, toAll } from "./play.ts";

/** AWS's answers, byte for byte as recorded; the ids are made up. */
const LAMBDA_ID = { "x-amzn-requestid": "6b3f0b0c-5a4e-4a5e-9a53-3f3f0ed2a1f7" };
const REST_ID = {
  "x-amzn-requestid": "0f9c1f0a-8d5e-4b44-8a4c-5c8f2f1f7d11",
  "x-amz-apigw-id": "KfXbEH0sIAMEVcg=",
};
const JSON_TYPE = { "content-type": "application/json" };

const fromLambda = (status: number, errorType: string, body: string): Play =>
  beforeTheFunction({
    status,
    headers: { ...JSON_TYPE, ...LAMBDA_ID, "x-amzn-errortype": errorType },
    body,
  });

const METADATA =
  'resource_metadata="https://orders.example/.well-known/oauth-protected-resource/mcp"';

/** 401 with the reason and where to read on. */
const challenge = (start: string) => ({
  ...json({ error: "invalid_token", error_description: "The access token is not valid" }, 401),
  headers: { ...JSON_TYPE, "www-authenticate": `Bearer ${start}${METADATA}` },
});

export const FRONT_DOOR_PLAYS: Readonly<Record<keyof typeof FRONT_DOOR, Play>> = {
  "connection-reset": ({ response }) => void response.socket?.resetAndDestroy(),
  "auth-required": ({ headers, response, leave }) =>
    headers.authorization === undefined ? send(response, challenge("")) : leave(),
  "http-unauthorized": toAll(challenge('error="invalid_token", ')),
  "challenge-invalid": toAll(json({ message: "Unauthorized" }, 401)),
  "http-forbidden": fromLambda(
    403,
    "AccessDeniedException",
    '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
  ),
  "http-not-found": beforeTheFunction({
    status: 404,
    headers: { ...JSON_TYPE, "apigw-requestid": "KfXbEjH1oAMEJ0w=" },
    body: '{"message":"Not Found"}',
  }),
  "http-throttled": fromLambda(
    429,
    "TooManyRequestsException",
    '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
  ),
  "function-error": fromLambda(502, "InternalServerErrorException", "Internal Server Error"),
  "gateway-timeout": beforeTheFunction({
    status: 504,
    headers: { ...JSON_TYPE, ...REST_ID, "x-amzn-errortype": "InternalServerErrorException" },
    body: '{"message": "Endpoint request timed out"}',
  }),
  "http-server-error": toAll({
    status: 500,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Internal Server Error</pre>\n</body>\n</html>\n',
  }),
  "http-unexpected": ({ httpMethod, response, leave }) =>
    httpMethod === "POST"
      ? send(response, { status: 405, headers: { allow: "GET" }, body: "Method Not Allowed" })
      : leave(),
  redirected: beforeTheFunction({
    status: 302,
    headers: { location: "https://login.example/oauth2" },
    body: "",
  }),
};
