import { createServer } from "node:http";

/** A stateless legacy server that takes 5 ms for each request, in a process of its own. */
const TAKES_MS = 5;
/** Timers come up to a millisecond late: the last bit is waited out turn by turn. */
const TIMER_SLACK_MS = 1.5;

const RESULTS = {
  initialize: {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "bench", version: "1.0.0" },
  },
  "tools/list": { tools: [{ name: "sentinel", inputSchema: { type: "object" } }] },
  "tools/call": { content: [{ type: "text", text: "ok" }] },
};

/** Calls `answer` at `due`, to within a few microseconds. */
function at(due, answer) {
  const left = due - performance.now();
  if (left <= 0) return answer();
  if (left > TIMER_SLACK_MS) return setTimeout(at, left - TIMER_SLACK_MS, due, answer);
  return setImmediate(at, due, answer);
}

/** What came, so that the bench can show that both sides did the same work. */
const seen = { connections: 0, requests: 0 };

const server = createServer((request, response) => {
  seen.requests += 1;
  const due = performance.now() + TAKES_MS;
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const { id, method } = JSON.parse(body);
    at(due, () => {
      if (id === undefined) return response.writeHead(202).end();
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify({ jsonrpc: "2.0", id, result: RESULTS[method] }));
    });
  });
});

server.on("connection", () => {
  seen.connections += 1;
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("message", () => process.send(seen));
process.on("disconnect", () => process.exit());
