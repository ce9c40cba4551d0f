import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { FAULT_NAMES, NO_FAULT } from "./faults.ts";
import { readSettings, type Settings } from "./settings.ts";

function complain(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`demo server: ${problem}\n`);
  process.exitCode = 2;
}

function serve(settings: Settings): void {
  // Wall time: a monotonic clock may stand still while Lambda keeps the environment frozen.
  const { app, close } = createApp({ ...settings, now: Date.now });
  const server = createServer(app);
  const stop = () => {
    server.close();
    server.closeAllConnections();
    process.stdin.destroy();
    void close();
  };
  server.on("error", (error: NodeJS.ErrnoException) => {
    complain([
      error.code === "EADDRINUSE"
        ? `port ${settings.port} is in use (EADDRINUSE); stop what listens there or set PORT`
        : error.message,
    ]);
    stop();
  });
  server.listen(settings.port, settings.host, () => {
    const { port } = server.address() as AddressInfo;
    const url = `http://${callable(settings.host)}:${port}/mcp`;
    const fault = settings.faults.fault ?? NO_FAULT;
    // `fault` is on now; `faults` are those that can be switched on.
    const line = { event: "listening", url, fault, faults: FAULT_NAMES };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  });
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  if (settings.exitWithParent) {
    // The parent holds the other end of our standard input; its end is the parent's.
    process.stdin.on("end", stop).on("error", stop).resume();
  }
}

/** The host to call a server by that listens on `host`. */
function callable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

const read = readSettings(process.env);
if (read.ok) serve(read.settings);
else complain(read.problems);
