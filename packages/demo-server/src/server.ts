import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AppOptions, createApp } from "./app.ts";
import { FAULT_NAMES, NO_FAULT } from "./faults/index.ts";
import { readSettings, type Settings } from "./settings.ts";

function complain(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`demo server: ${problem}\n`);
  process.exitCode = 2;
}

// Wall time: a monotonic clock may stand still while Lambda keeps the environment frozen, and
// sessions in a table are known to other machines too.
const now = Date.now;

/** What needs a database. The AWS SDK is loaded at init, and only when there is use for it. */
async function connect({
  sessions,
  lookup,
}: Settings): Promise<Pick<AppOptions, "keeping" | "lookup">> {
  if (sessions.kind !== "dynamodb" && lookup === null) return { keeping: sessions, lookup };
  const { dynamo, createLookup, createSessionTable } = await import("./aws.ts");
  return {
    keeping:
      sessions.kind === "dynamodb"
        ? { kind: "shared", store: createSessionTable({ dynamo, table: sessions.table, now }) }
        : sessions,
    lookup: lookup === null ? null : createLookup({ dynamo, ...lookup }),
  };
}

async function serve(settings: Settings): Promise<void> {
  const { app, close } = createApp({ ...settings, ...(await connect(settings)), now });
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
if (read.ok) await serve(read.settings);
else complain(read.problems);
