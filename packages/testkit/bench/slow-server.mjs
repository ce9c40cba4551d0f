import { createServer } from "node:http";
import { answer } from "./answers.mjs";

/**
 * A stateless legacy server for many targets, one a path, in a process of its own. It takes its time
 * for each request and writes down how long it really took: a timer may come late. Argument:
 * `{"fromMs": 20, "toMs": 500, "notifications": false}`; notifications are slow too when asked for.
 */
const { fromMs, toMs, notifications } = JSON.parse(process.argv[2]);

/** The same delays in each run. */
let seed = 20_260_728;
function nextDelay() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return fromMs + ((toMs - fromMs) * seed) / 2 ** 32;
}

/** From the last byte of a request to the answer's being handed to the socket. */
const taken = [];

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const readAt = performance.now();
    const message = JSON.parse(body);
    const respond = () => {
      answer(response, message);
      taken.push({ path: request.url, method: message.method, ms: performance.now() - readAt });
    };
    if (message.id === undefined && !notifications) respond();
    else setTimeout(respond, nextDelay());
  });
});

server.listen(0, "127.0.0.1", () => process.send(server.address().port));
process.on("message", () => process.send(taken));
process.on("disconnect", () => process.exit());
