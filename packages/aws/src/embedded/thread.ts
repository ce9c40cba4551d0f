import type { RequestListener, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessagePort } from "node:worker_threads";

/**
 * The database's thread. A thread of its own, because dynalite throws out of callbacks when a client
 * hangs up or the disk is full, which would end the monitor; and because its work would show in the
 * latency that probes report.
 *
 * It starts from the source text of these functions, wherever a bundler has put them. So they may use
 * each other and their arguments, but of everything else in this module only types.
 */

export interface ThreadInput {
  readonly dynalitePath: string;
  readonly storePath: string;
  readonly port: number;
  /** Only requests that are signed in this name are served. */
  readonly accessKeyId: string;
}

export type ThreadReport =
  | { readonly kind: "listening"; readonly port: number }
  /** The store did not open; `code` is LevelDB's, such as LEVEL_LOCKED. */
  | { readonly kind: "not-opened"; readonly code: string; readonly detail: string }
  | { readonly kind: "not-listening"; readonly code: string };

/** `require` inside the thread. What it gives has no types of its own, or none that fit. */
type Load = NodeJS.Require;
type Dynalite = (options: { readonly path: string; readonly createTableMs: number }) => Server;
interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  put(key: string, value: { TableStatus: string }): Promise<void>;
  iterator(range: { gte: string; lt: string }): AsyncIterable<[string, { TableStatus: string }]>;
}
type LevelClass = new (path: string, options: { readonly valueEncoding: "json" }) => Level;
interface Closable {
  close(): Promise<void>;
}
interface IteratorClass {
  readonly prototype: Closable & { return?: () => Promise<void> };
}

async function databaseThread(load: Load, input: ThreadInput, parent: MessagePort): Promise<void> {
  closeIterators(load, input.dynalitePath);
  const problem = await checkStore(load, input);
  if (problem === null) return listen(load, input, parent);
  parent.postMessage(problem);
  parent.close();
}

/** Where `name` is for the module at `from`: these are dynalite's dependencies, not ours. */
function locate(load: Load, from: string, name: string): string {
  const { createRequire } = load("node:module");
  return createRequire(from).resolve(name);
}

/** dynalite never closes its iterators (it calls `return`, which they lack): 10 kB lost per query. */
function closeIterators(load: Load, dynalitePath: string): void {
  const classicLevel = locate(load, locate(load, dynalitePath, "level"), "classic-level");
  const classes: Readonly<Record<string, IteratorClass>> = load(
    locate(load, classicLevel, "abstract-level"),
  );
  for (const name of ["AbstractIterator", "AbstractKeyIterator", "AbstractValueIterator"]) {
    const iterator = classes[name];
    if (iterator === undefined) continue;
    iterator.prototype.return = function (this: Closable) {
      return this.close();
    };
  }
}

/**
 * Shows whether the store can be opened, which dynalite would only tell by crashing. A table whose
 * creation was cut short would stay unusable for ever, so it is declared finished: it needs no more.
 */
async function checkStore(load: Load, input: ThreadInput): Promise<ThreadReport | null> {
  const { Level }: { readonly Level: LevelClass } = load(locate(load, input.dynalitePath, "level"));
  const store = new Level(input.storePath, { valueEncoding: "json" });
  try {
    await store.open();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string; message?: string } };
    const { code = "LEVEL_DATABASE_NOT_OPEN", message = String(error) } = cause ?? {};
    return { kind: "not-opened", code, detail: message };
  }
  for await (const [key, table] of store.iterator({ gte: "table~", lt: "table\u007f" })) {
    if (table.TableStatus !== "CREATING") continue;
    await store.put(key, { ...table, TableStatus: "ACTIVE" });
  }
  await store.close();
  return null;
}

function listen(load: Load, input: ThreadInput, parent: MessagePort): void {
  const dynalite: Dynalite = load(input.dynalitePath);
  const server = dynalite({ path: input.storePath, createTableMs: 0 });
  guard(server, input.accessKeyId);
  server.once("error", (error: NodeJS.ErrnoException) => {
    parent.postMessage({ kind: "not-listening", code: error.code ?? "unknown" });
    parent.close();
  });
  parent.once("message", () => {
    // Requests that come now would find the store closed, at which dynalite throws.
    server.removeAllListeners("request");
    server.on("request", (_, response) => refuse(response, 503, "ServiceUnavailable"));
    server.close(() => parent.close());
  });
  server.listen(input.port, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    parent.postMessage({ kind: "listening", port });
  });
}

/** Web pages and other users can reach a loopback port too: only who has the key is served. */
function guard(server: Server, accessKeyId: string): void {
  const [serve] = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    const { authorization = "", origin } = request.headers;
    const isAllowed = origin === undefined && authorization.includes(`Credential=${accessKeyId}/`);
    if (!isAllowed) return refuse(response, 400, "UnrecognizedClientException");
    serve?.(request, response);
    // dynalite throws when a client hangs up half-way; nothing needs to be done about that.
    request.removeAllListeners("error");
  });
}

function refuse(response: ServerResponse, status: number, name: string): void {
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    connection: "close",
  });
  response.end(JSON.stringify({ __type: `com.amazon.coral.service#${name}` }));
}

const PARTS = [locate, closeIterators, checkStore, listen, guard, refuse];

/** To be evaluated in a worker whose `workerData` is a {@link ThreadInput}. */
export const THREAD_SOURCE = `${PARTS.map(String).join("\n")}
const { parentPort, workerData } = require("node:worker_threads");
(${String(databaseThread)})(require, workerData, parentPort);`;
