import { createServer } from "node:http";

/** A stateless legacy server that takes 5 ms for each request, in a process of its own. */
const TAKES_MS = 5;

const RESULTS = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "bench", version: "1.0.0" },
  },
  "tools/list": { tools: [{ name: "sentinel", inputSchema: { type: "object" } }] },
  "tools/call": { content: [{ type: "text", text: "ok" }] },
};

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    setTimeout(() => {
      const { id, method } = JSON.parse(body);
      if (id === undefined) return response.writeHead(202).end();
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[method] }));
    }, TAKES_MS);
  });
});

server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("disconnect", () => process.exit());
