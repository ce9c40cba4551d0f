import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createBalancer } from "./balancer.ts";
import { type ServerProcess, startServer } from "./pair-children.ts";
import type { LocalDatabase } from "./pair-database.ts";
import { PAIR_USAGE, type PairOptions, readPairOptions } from "./pair-options.ts";

/** Sessions are a thing of the legacy era: a modern client would not need any. */
const ERA = "legacy";

/** What must end before this process may, the last started first. */
type Stop = () => Promise<void>;

const complain = (text: string) => void process.stderr.write(`demo:pair: ${text}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const read = readPairOptions(argv);
  switch (read.kind) {
    case "help":
      process.stdout.write(PAIR_USAGE);
      return 0;
    case "problem":
      complain(read.problem);
      return 2;
    case "options":
      return run(read.options);
    default:
      return read satisfies never;
  }
}

async function run(options: PairOptions): Promise<number> {
  const stops: Stop[] = [];
  const told = new Promise<"told">((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve("told"));
    }
  });
  try {
    const up = start(options, stops);
    // Told to end while the servers start: they are waited for, so that each is stopped.
    const servers = await up;
    const end = await Promise.race([told, ...servers.map((one) => one.ended)]);
    if (end === "told") return 0;
    complain(`a demo server has ended (${end}), so the pair ends too`);
    return 1;
  } catch (error) {
    complain(wordsOf(error, options.port));
    return 2;
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function wordsOf(error: unknown, port: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "EADDRINUSE"
    ? `port ${port} is in use (EADDRINUSE); stop what listens there, or choose another: --port ${port + 1}`
    : message;
}

async function start(options: PairOptions, stops: Stop[]): Promise<readonly ServerProcess[]> {
  const env = { ...ownEnvironment(), MCP_ERA: ERA, ...(await sessionEnvironment(options, stops)) };
  const servers: ServerProcess[] = [];
  for (let index = 0; index < 2; index += 1) {
    const server = await startServer(env);
    stops.push(server.stop);
    servers.push(server);
  }
  const ports = servers.map(({ port }) => port);
  const balancer = createBalancer({ ports, balance: options.balance });
  const port = await listen(balancer, options.port);
  stops.push(async () => {
    balancer.close();
    balancer.closeAllConnections();
  });
  process.stdout.write(wordsFor(options, { port, servers }));
  return servers;
}

/** The user's, without the AWS account that it may name: nothing here is to reach AWS. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return Object.fromEntries(kept);
}

async function sessionEnvironment(
  { sessions }: PairOptions,
  stops: Stop[],
): Promise<Readonly<Record<string, string>>> {
  if (sessions !== "dynamodb") return { MCP_SESSIONS: sessions };
  const { LOOKUP_TABLE, openDatabase, SESSIONS_TABLE } = await import("./pair-database.ts");
  const database: LocalDatabase = await openDatabase();
  stops.push(database.close);
  return {
    ...database.env,
    MCP_SESSIONS: sessions,
    SESSIONS_TABLE: SESSIONS_TABLE.TableName,
    LOOKUP_TABLE: LOOKUP_TABLE.TableName,
    LOOKUP_KEY: LOOKUP_TABLE.key,
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

interface Up {
  readonly port: number;
  readonly servers: readonly ServerProcess[];
}

function wordsFor({ sessions, balance }: PairOptions, { port, servers }: Up): string {
  const url = `http://127.0.0.1:${port}/mcp`;
  const processes = servers.map((one) => `process ${one.pid} on port ${one.port}`).join(", ");
  const taken = balance === "request" ? "each request goes to the next one" : "a connection stays";
  return `Two demo servers behind ${url}
  servers:  ${processes}; ${taken}
  sessions: ${KEPT[sessions]}

In another terminal:

    npx vigil check ${url}${balance === "request" ? "" : " --deep"}

${EXPECTED[sessions]}. Ctrl-C stops all of it.
`;
}

const KEPT = {
  memory: "in the memory of the server that opened them",
  stateless: "none",
  dynamodb: "in a DynamoDB table that both servers read (here: dynalite, in memory)",
} as const satisfies Record<PairOptions["sessions"], string>;

const EXPECTED = {
  memory: "It finds session-lost: the other server does not know the session",
  stateless: "It is well: no server needs to know a session",
  dynamodb: "It is well: either server finds the session in the table",
} as const satisfies Record<PairOptions["sessions"], string>;

process.exitCode = await main(process.argv.slice(2));
