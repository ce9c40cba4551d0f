import { type Headers, json, type Respond, text } from "../answer.ts";

/**
 * Answers of AWS's front doors, byte for byte as recorded from AWS or reported in public; ids are
 * made up. The first group is Lambda's own endpoint, where each answer has its request id.
 */
const LAMBDA_ID: Headers = [
  ["x-amzn-requestid", "6b3f0b0c-5a4e-4a5e-9a53-3f3f0ed2a1f7"],
  ["connection", "keep-alive"],
];

function byLambda(status: number, body: string, errorType: string): Respond {
  return json(body, { status, headers: [...LAMBDA_ID, ["x-amzn-errortype", errorType]] });
}

export const FUNCTION_URL = {
  unknown: byLambda(403, '{"Message":null}', "AccessDeniedException"),
  forbidden: byLambda(
    403,
    '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
    "AccessDeniedException",
  ),
  throttled: byLambda(
    429,
    '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    "TooManyRequestsException",
  ),
  failed: text("Internal Server Error", {
    status: 502,
    headers: [["content-type", "application/json"], ...LAMBDA_ID],
  }),
  failedWithType: byLambda(502, "Internal Server Error", "InternalServerErrorException"),
  /** A plain handler's return value behind RESPONSE_STREAM. */
  envelope: text(
    '{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\\"ok\\":true}"}',
    { headers: [["content-type", "application/octet-stream"], ...LAMBDA_ID] },
  ),
  /** The Web Adapter in buffered mode behind RESPONSE_STREAM. */
  adapterEnvelope: json(
    '{"statusCode":200,"headers":{},"multiValueHeaders":{"content-type":["application/json"]},"body":"{\\"jsonrpc\\":\\"2.0\\"}","isBase64Encoded":false}',
    { headers: LAMBDA_ID },
  ),
  hello: json('"Hello from Lambda!"', { headers: LAMBDA_ID }),
} as const;

const REST_ID: Headers = [
  ["x-amzn-requestid", "0f9c1f0a-8d5e-4b44-8a4c-5c8f2f1f7d11"],
  ["x-amz-apigw-id", "KfXbEH0sIAMEVcg="],
];

function byRestApi(status: number, body: string, errorType: string): Respond {
  return json(body, { status, headers: [...REST_ID, ["x-amzn-errortype", errorType]] });
}

export const REST_API = {
  timedOut: byRestApi(
    504,
    '{"message": "Endpoint request timed out"}',
    "InternalServerErrorException",
  ),
  failed: byRestApi(502, '{"message": "Internal server error"}', "InternalServerErrorException"),
  noSuchRoute: byRestApi(
    403,
    '{"message":"Missing Authentication Token"}',
    "MissingAuthenticationTokenException",
  ),
  badSignature: byRestApi(
    403,
    '{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}',
    "InvalidSignatureException",
  ),
  throttled: byRestApi(429, '{"message":"Too Many Requests"}', "TooManyRequestsException"),
  unauthorized: byRestApi(401, '{"message":"Unauthorized"}', "UnauthorizedException"),
} as const;

const HTTP_API_ID: Headers = [["apigw-requestid", "KfXbEjH1oAMEJ0w="]];

export const HTTP_API = {
  unavailable: json('{"message":"Service Unavailable"}', { status: 503, headers: HTTP_API_ID }),
  timedOut: json('{"message":"Service Unavailable"}', { status: 504, headers: HTTP_API_ID }),
  failed: json('{"message":"Internal Server Error"}', { status: 500, headers: HTTP_API_ID }),
  noSuchRoute: json('{"message":"Not Found"}', { status: 404, headers: HTTP_API_ID }),
} as const;

/** An access error as the AWS SDK words it and a tool passes it on. */
export const ACCESS_DENIED =
  "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/McpServerRole/McpServer is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:us-east-1:123456789012:table/health because no identity-based policy allows the dynamodb:Query action";
