import type { IncomingMessage, RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessagePort } from "node:worker_threads";

export interface ThreadInput {
  readonly dynalitePath: string;
  readonly storePath: string;
  readonly port: number;
  readonly accessKeyId: string;
}

export type ThreadReport =
  | { readonly kind: "listening"; readonly port: number }
  /** The store did not open; `code` is LevelDB's, such as LEVEL_LOCKED. */
  | { readonly kind: "not-opened"; readonly code: string; readonly detail: string }
  | { readonly kind: "not-listening"; readonly code: string };

/** What this needs of dynalite and LevelDB, neither of which a bundle may swallow. */
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
type IteratorClass = { readonly prototype: Closable & { return?: () => Promise<void> } };
type AbstractLevel = Readonly<
  Record<"AbstractIterator" | "AbstractKeyIterator" | "AbstractValueIterator", IteratorClass>
>;

/**
 * The database's thread. It is started from its own source text, wherever a bundler has put it, so it
 * may use nothing of this module but types.
 *
 * A thread of its own, because dynalite throws out of callbacks when a client hangs up or the disk is
 * full, which would end the monitor; and because its work would show in the latency that probes report.
 */
export function databaseThread(
  load: NodeJS.Require,
  input: ThreadInput,
  parent: MessagePort,
): Promise<void> {
  const { createRequire } = load("node:module");
  const report = (message: ThreadReport) => parent.postMessage(message);
  const locate = (from: string, name: string): string => createRequire(from).resolve(name);
  const levelPath = locate(input.dynalitePath, "level");
  let closing = false;

  /** dynalite never closes its iterators (it calls `return`, which they lack): 10 kB lost per query. */
  function closeIterators(): void {
    const abstractLevel: AbstractLevel = load(
      locate(locate(levelPath, "classic-level"), "abstract-level"),
    );
    const { AbstractIterator, AbstractKeyIterator, AbstractValueIterator } = abstractLevel;
    for (const { prototype } of [AbstractIterator, AbstractKeyIterator, AbstractValueIterator]) {
      prototype.return = function (this: Closable) {
        return this.close();
      };
    }
  }

  /**
   * Shows whether the store can be opened, which dynalite would only tell by crashing. A table whose
   * creation was cut short would stay unusable for ever, so it is declared finished: it needs no more.
   */
  async function checkStore(): Promise<ThreadReport | null> {
    const { Level }: { readonly Level: LevelClass } = load(levelPath);
    const store = new Level(input.storePath, { valueEncoding: "json" });
    try {
      await store.open();
    } catch (error) {
      const cause = (error as { cause?: { code?: string; message?: string } }).cause;
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

  /** Web pages and other users can reach a loopback port too: only who has the key is served. */
  function isAllowed(request: IncomingMessage): boolean {
    const { authorization = "", origin } = request.headers;
    return origin === undefined && authorization.includes(`Credential=${input.accessKeyId}/`);
  }

  function guard(serve: RequestListener): RequestListener {
    return (request, response) => {
      if (closing || !isAllowed(request)) {
        const name = closing ? "ServiceUnavailable" : "UnrecognizedClientException";
        response.writeHead(closing ? 503 : 400, {
          "content-type": "application/x-amz-json-1.0",
          connection: "close",
        });
        response.end(JSON.stringify({ __type: `com.amazon.coral.service#${name}` }));
        return;
      }
      serve(request, response);
      // dynalite throws when a client hangs up half-way; nothing needs to be done about that.
      request.removeAllListeners("error");
    };
  }

  function listen(): void {
    const dynalite: Dynalite = load(input.dynalitePath);
    const server = dynalite({ path: input.storePath, createTableMs: 0 });
    const [serve] = server.listeners("request") as RequestListener[];
    server.removeAllListeners("request");
    if (serve !== undefined) server.on("request", guard(serve));
    server.once("error", (error: NodeJS.ErrnoException) => {
      report({ kind: "not-listening", code: error.code ?? "unknown" });
      parent.close();
    });
    parent.once("message", () => {
      closing = true;
      server.close(() => parent.close());
    });
    server.listen(input.port, "127.0.0.1", () => {
      report({ kind: "listening", port: (server.address() as AddressInfo).port });
    });
  }

  async function run(): Promise<void> {
    closeIterators();
    const problem = await checkStore();
    if (problem === null) return listen();
    report(problem);
    parent.close();
  }

  return run();
}
