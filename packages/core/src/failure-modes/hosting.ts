import type { FailureMode } from "./failure-mode.ts";

const ADAPTER = "https://github.com/aws/aws-lambda-web-adapter";
const STREAMING =
  "https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html";
const TRANSPORTS = "https://modelcontextprotocol.io/specification/2025-11-25/basic/transports";

/** HTTP works, but how the server is hosted keeps MCP from working. */
export const HOSTING = {
  "not-mcp-response": {
    group: "hosting",
    status: "down",
    title: "200 with a body that is not MCP",
    cloudwatch: "hidden",
    remedy:
      "Something other than the MCP server answers. On Lambda the Web Adapter is missing or not in charge: attach the layer LambdaAdapterLayerArm64 (or X86), set AWS_LAMBDA_EXEC_WRAPPER=/opt/bootstrap and make the handler your start script (run.sh). Otherwise check that the path is the MCP endpoint and not a web page.",
    reference: ADAPTER,
  },
  "lambda-envelope": {
    group: "hosting",
    status: "down",
    title: "The raw Lambda envelope reaches clients",
    cloudwatch: "hidden",
    remedy:
      'The URL streams but the function does not: `{"statusCode":…}` arrives as the body. With the Web Adapter set AWS_LWA_INVOKE_MODE=response_stream; with a plain handler wrap it in awslambda.streamifyResponse, or set the URL\'s InvokeMode to BUFFERED.',
    reference: STREAMING,
  },
  "empty-stream": {
    group: "hosting",
    status: "down",
    title: "The event stream ends without an event",
    cloudwatch: "hidden",
    remedy:
      "Streaming is off somewhere: the Function URL's InvokeMode must be RESPONSE_STREAM (`aws lambda update-function-url-config --function-name NAME --invoke-mode RESPONSE_STREAM`) and, with the Web Adapter, AWS_LWA_INVOKE_MODE=response_stream. Comments and priming events are not an answer.",
    reference: STREAMING,
  },
  "stream-stalled": {
    group: "hosting",
    status: "down",
    title: "The event stream opens but the answer never comes",
    cloudwatch: "hidden",
    remedy:
      "Headers arrived, the answer did not. The handler waits for something (a database, another server, a reply from the client), or a proxy holds the stream back. Compare the function's Duration of this minute with the time-out in the evidence.",
    reference: "https://github.com/aws/aws-lambda-web-adapter/issues/499",
  },
  "stream-buffered": {
    group: "hosting",
    status: "degraded",
    title: "Events arrive all at once",
    cloudwatch: "hidden",
    remedy:
      "A buffer stands between server and client: set the Function URL's InvokeMode to RESPONSE_STREAM and AWS_LWA_INVOKE_MODE=response_stream; switch off compression and proxy buffering for text/event-stream. API Gateway streams on REST APIs only.",
    reference: "https://github.com/aws/aws-lambda-web-adapter/issues/314",
  },
  "stream-absent": {
    group: "hosting",
    status: "degraded",
    title: "One answer where a stream was asked for",
    cloudwatch: "hidden",
    remedy:
      "The server answers this tool in one piece, so clients see no progress. One JSON body: switch off enableJsonResponse (or its like) in the MCP transport. An event stream with too few events: let the tool send notifications/progress when the call has a progressToken, or lower stream.minEvents. If one answer is meant, remove `stream` from this target.",
    reference: TRANSPORTS,
  },
  "get-stream-failed": {
    group: "hosting",
    status: "degraded",
    title: "The GET stream fails although POST works",
    cloudwatch: "hidden",
    remedy:
      "expect.getStream says that clients open the optional GET stream, and they see errors. Route GET to the MCP endpoint and give it the streaming invoke mode, so that its headers go out at once. If the server is to offer no stream, let it answer GET with 405 and remove expect.getStream.",
    reference: TRANSPORTS,
  },
  "response-too-large": {
    group: "hosting",
    status: "down",
    title: "The answer exceeds the size limit",
    cloudwatch: "hidden",
    remedy:
      "Lambda delivers 6 MB at most when buffered. Page tools/list and cut tool results; if answers this large are meant, raise maxResponseBytes for the target.",
    reference: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
  },
  "empty-response": {
    group: "hosting",
    status: "down",
    title: "A request is answered with nothing",
    cloudwatch: "hidden",
    remedy:
      "An empty body, 202 or 204 is right for notifications, never for requests. A plain handler that returns nothing answers 200 with an empty body; an app that forgets to hand the request to the MCP transport does too.",
    reference: TRANSPORTS,
  },
  "legacy-sse-transport": {
    group: "hosting",
    status: "down",
    title: "The server speaks the old HTTP+SSE transport",
    cloudwatch: "hidden",
    remedy:
      "HTTP+SSE (revision 2024-11-05) keeps two linked connections open, which separate Lambda environments cannot serve. Move the server to Streamable HTTP (StreamableHTTPServerTransport).",
    reference:
      "https://github.com/awslabs/run-model-context-protocol-servers-with-aws-lambda/issues/81",
  },
} as const satisfies Record<string, FailureMode>;
