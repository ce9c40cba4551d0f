import type { FailureMode } from "./failure-mode.ts";

const LIFECYCLE = "https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle";
const JSONRPC = "https://www.jsonrpc.org/specification";
const MODERN = "https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning";

/** The server speaks, but not MCP as a client needs it. */
export const PROTOCOL = {
  "malformed-json": {
    group: "protocol",
    status: "down",
    title: "The answer is not JSON",
    cloudwatch: "hidden",
    remedy:
      "The content type promises JSON and the body breaks it: cut off, or mixed with log output. Make sure that nothing but the MCP transport writes to the response, and that no proxy cuts it.",
    reference: JSONRPC,
  },
  "invalid-jsonrpc": {
    group: "protocol",
    status: "down",
    title: "JSON, but no JSON-RPC answer to the request",
    cloudwatch: "hidden",
    remedy:
      'An answer must carry "jsonrpc":"2.0", the id of its request (same type, same value) and exactly one of result and error. A wrapper around the server changes the body, or another API answers at this path.',
    reference: JSONRPC,
  },
  "protocol-version-mismatch": {
    group: "protocol",
    status: "down",
    title: "The server answers a protocol version that clients cannot use",
    cloudwatch: "hidden",
    remedy:
      "Update the MCP SDK of the server and redeploy: it must answer a published revision, not older than expect.minProtocolVersion if that is set. A hard-coded protocolVersion in the server is the usual cause.",
    reference: LIFECYCLE,
  },
  "era-mismatch": {
    group: "protocol",
    status: "down",
    title: "The server speaks the other protocol era only",
    cloudwatch: "hidden",
    remedy:
      'The server and the configured era do not meet. Set era: "modern" (or "auto") for a server that answers initialize with -32022; set era: "legacy" for one that does not know server/discover; or have the server serve both (createMcpHandler without legacy: "reject").',
    reference: MODERN,
  },
  "negotiation-rejected": {
    group: "protocol",
    status: "down",
    title: "The server rejects the opening request",
    cloudwatch: "hidden",
    remedy:
      'The JSON-RPC error in the evidence is the server\'s own. "Server not initialized" (-32000) here means that state of another environment is expected: make the server stateless (sessionIdGenerator: undefined) or keep its sessions in DynamoDB.',
    reference:
      "https://github.com/awslabs/run-model-context-protocol-servers-with-aws-lambda/issues/432",
  },
  "header-mismatch": {
    group: "protocol",
    status: "down",
    title: "Protocol headers do not reach the server (-32020)",
    cloudwatch: "hidden",
    remedy:
      "A proxy strips or changes MCP-Protocol-Version, Mcp-Method or Mcp-Name. Forward them: CloudFront needs an origin request policy that passes all viewer headers, API Gateway mappings must name them.",
    reference: MODERN,
  },
  "session-lost": {
    group: "protocol",
    status: "down",
    title: "The server forgot the session it had just opened",
    cloudwatch: "hidden",
    remedy:
      "Another execution environment got the request, and sessions live in the memory of one. Run stateless (sessionIdGenerator: undefined) or keep sessions in DynamoDB, where every environment finds them. Clients do not re-initialise by themselves.",
    reference: "https://github.com/PrefectHQ/fastmcp/issues/1003",
  },
  "invalid-result": {
    group: "protocol",
    status: "down",
    title: "The result lacks what the protocol requires",
    cloudwatch: "hidden",
    remedy:
      "The evidence names the missing or wrong field. A hand-written handler returns its own shape: tools/call needs a content array, tools/list a tools array of {name, inputSchema}, initialize needs protocolVersion, capabilities and serverInfo.",
    reference: "https://modelcontextprotocol.io/specification/2025-11-25/schema",
  },
  "rpc-error": {
    group: "protocol",
    status: "down",
    title: "The server answers with a JSON-RPC error",
    cloudwatch: "hidden",
    remedy:
      "The code and message in the evidence are the server's own. -32601: the method is not registered (no tools capability?). -32602: it rejects the arguments. -32603: an unhandled error in the handler; its log has the stack.",
    reference: JSONRPC,
  },
  "pagination-loop": {
    group: "protocol",
    status: "down",
    title: "tools/list never ends",
    cloudwatch: "hidden",
    remedy:
      "nextCursor repeats or goes on without end, so clients that walk all pages never finish. Leave nextCursor out on the last page.",
    reference:
      "https://modelcontextprotocol.io/specification/2025-11-25/server/utilities/pagination",
  },
} as const satisfies Record<string, FailureMode>;
