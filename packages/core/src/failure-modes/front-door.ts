import type { FailureMode } from "./failure-mode.ts";

const URL_AUTH = "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html";

/** Answers that the front door gives in the server's place, or that HTTP alone explains. */
export const FRONT_DOOR = {
  "http-unauthorized": {
    group: "front-door",
    status: "down",
    title: "401 although credentials were sent",
    cloudwatch: "hidden",
    remedy:
      "The server refuses the configured credentials: check that the secret still holds the current token and that the token's audience is this server. `www-authenticate` in the evidence gives the server's reason.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization",
  },
  "challenge-invalid": {
    group: "front-door",
    status: "down",
    title: "Strangers are not refused as they should be",
    cloudwatch: "hidden",
    remedy:
      'The target expects a challenge (expect.unauthenticated: "challenge"). If the server answered without credentials, its authorization is off: turn it on before anything else. If it answered 401, clients cannot find out where to get a token: send `WWW-Authenticate: Bearer resource_metadata="https://HOST/.well-known/oauth-protected-resource/PATH"` and serve there, as JSON and without authorization, `resource` (the URL of the MCP endpoint) and `authorization_servers`.',
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization",
  },
  "http-forbidden": {
    group: "front-door",
    status: "down",
    title: "403: the front door turns clients away",
    cloudwatch: "hidden",
    remedy:
      'For a Function URL the resource policy must grant both lambda:InvokeFunctionUrl and lambda:InvokeFunction (condition lambda:InvokedViaFunctionUrl) on the alias that the URL belongs to; without the second one AWS answers 403 and the function logs nothing. Check `aws lambda get-policy --function-name NAME --qualifier ALIAS`. AuthType AWS_IAM wants signed requests. `{"Message":null}` also means that no such URL exists. For API Gateway check the resource policy, WAF and API key.',
    reference: URL_AUTH,
  },
  "http-not-found": {
    group: "front-door",
    status: "down",
    title: "404: nothing is served at this path",
    cloudwatch: "hidden",
    remedy:
      "Check the path of the URL: most servers answer at /mcp, not at /. Behind API Gateway the stage name is part of the path, and the route must be ANY or POST.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports",
  },
  "http-throttled": {
    group: "front-door",
    status: "down",
    title: "429: requests are throttled",
    cloudwatch: "shown",
    remedy:
      "The function is out of concurrency: raise or remove its reserved concurrency (`aws lambda get-function-concurrency`), ask for a higher account limit, or raise the throttling of the API Gateway stage. The body says which limit it was.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
  },
  "function-error": {
    group: "front-door",
    status: "down",
    title: "The function itself fails (502 from AWS)",
    cloudwatch: "shown",
    remedy:
      "The handler threw, timed out or ran out of memory, or the Web Adapter's server never became ready: read the function's log of this minute (`aws logs tail /aws/lambda/NAME --since 10m`). With the adapter, check that the server listens on AWS_LWA_PORT and that the readiness path answers 100–499.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html",
  },
  "gateway-timeout": {
    group: "front-door",
    status: "down",
    title: "The gateway gave up waiting for the function",
    cloudwatch: "partly",
    remedy:
      "API Gateway waits 29 s (REST; raisable for regional APIs) or 30 s (HTTP API, fixed), whatever the function does afterwards. Bring the work under that, set the function's own time-out below it so that the log shows which call was slow, or move to a Function URL (15 min).",
    reference: "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
  },
  "http-server-error": {
    group: "front-door",
    status: "down",
    title: "The server answers 5xx",
    cloudwatch: "partly",
    remedy:
      "The answer carries none of AWS's own marks, so it comes from the server or a proxy before it: read the application's log of this minute. A 5xx returned through the Web Adapter counts as a successful invocation in CloudWatch.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports",
  },
  "http-unexpected": {
    group: "front-door",
    status: "down",
    title: "A status that MCP does not use here",
    cloudwatch: "hidden",
    remedy:
      "Some component before the MCP endpoint answers for it. 405: POST is not routed to the server. 406 or 415: a proxy changes Accept or Content-Type. 413: a body limit. 400 without a JSON-RPC error: the request is rejected before the MCP server reads it.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports",
  },
  redirected: {
    group: "front-door",
    status: "down",
    title: "Redirected to where the monitor will not follow",
    cloudwatch: "hidden",
    remedy:
      "Configure the final URL. Only 307 and 308 within the same origin are followed, three times at most: other redirects turn a POST into a GET or carry credentials to another host. A redirect to a login page means that an identity proxy stands before the server.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports",
  },
} as const satisfies Record<string, FailureMode>;
