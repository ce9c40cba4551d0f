import { createServer } from "node:http";
import { answer } from "./answers.mjs";

/** A stateless legacy server that takes 5 ms for each request, in a process of its own. */
const TAKES_MS = 5;
/** Timers come up to a millisecond late: the last bit is waited out turn by turn. */
const TIMER_SLACK_MS = 1.5;

/** Calls `fn` at `due`, to within a few microseconds. */
function at(due, fn) {
  const left = due - performance.now();
  if (left <= 0) return fn();
  if (left > TIMER_SLACK_MS) return setTimeout(at, left - TIMER_SLACK_MS, due, fn);
  return setImmediate(at, due, fn);
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
    const message = JSON.parse(body);
    at(due, () => answer(response, message));
  });
});

server.on("connection", () => {
  seen.connections += 1;
});
server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("message", () => process.send(seen));
process.on("disconnect", () => process.exit());
