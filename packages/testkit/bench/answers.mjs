/** What a sound stateless legacy server answers, by method. */
export const RESULTS = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "bench", version: "1.0.0" },
  },
  "tools/list": { tools: [{ name: "sentinel", inputSchema: { type: "object" } }] },
  "tools/call": { content: [{ type: "text", text: "ok" }] },
};

/** Answers a JSON-RPC message at once. */
export function answer(response, { id, method }) {
  if (id === undefined) return response.writeHead(202).end();
  response.writeHead(200, { "content-type": "application/json" });
  return response.end(JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[method] }));
}
