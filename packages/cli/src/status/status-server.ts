import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isAllowedHost } from "./allowed-host.ts";

/** Requests are small, quick and few: whoever is slow or many is no reader of a page. */
const MAX_CONNECTIONS = 128;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_PATH = 512;

const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const EVERY_ANSWER = {
  "content-security-policy": CONTENT_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** What a path leads to. */
export type Answer =
  | {
      readonly kind: "body";
      readonly status?: number;
      readonly type: string;
      readonly body: string;
      /** Pages elsewhere may show it, as they may a badge. */
      readonly elsewhere?: boolean;
    }
  /** Kept open; false when there is no room for one more. */
  | { readonly kind: "stream"; readonly open: (response: ServerResponse) => boolean };

/** Null: there is nothing of that name. */
export type Router = (path: string) => Promise<Answer | null> | Answer | null;

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly route: Router;
}

/** Listens, or rejects with Node's error: `EADDRINUSE` and so on. */
export async function serve({ host, port, route }: ServeOptions): Promise<Listening> {
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => void answer(request, response, { host, route }),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  const shown = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${shown}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { host, route }: Pick<ServeOptions, "host" | "route">,
): Promise<void> {
  for (const [name, value] of Object.entries(EVERY_ANSWER)) {
    response.setHeader(name, value);
  }
  try {
    const refused = refusalOf(request, host);
    const found = refused ?? (await route(pathOf(request)));
    write(request, response, found ?? plain(404, "There is no such page. The overview is at /"));
  } catch {
    // What went wrong may name files and keys: it is no business of a reader's.
    write(request, response, plain(500, "The page could not be made. Try again."));
  }
}

function refusalOf({ method, headers }: IncomingMessage, host: string): Answer | null {
  if (!isAllowedHost(headers.host, host)) {
    return plain(
      421,
      "This server does not answer to that name. Use the address that vigil watch prints.",
    );
  }
  return method === "GET" || method === "HEAD"
    ? null
    : plain(405, "Only GET and HEAD are answered.");
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const [path = "/"] = url.split("?");
  return path.length > MAX_PATH ? "" : path;
}

function write(request: IncomingMessage, response: ServerResponse, found: Answer): void {
  if (found.kind === "stream") {
    if (request.method !== "HEAD" && !found.open(response)) {
      response.setHeader("retry-after", "10");
      write(request, response, plain(503, "Too many pages are open. This one still reloads."));
    } else if (request.method === "HEAD") {
      response.end();
    }
    return;
  }
  const { status = 200, type, body, elsewhere = false } = found;
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cross-origin-resource-policy": elsewhere ? "cross-origin" : "same-origin",
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

export function plain(status: number, text: string): Answer {
  return { kind: "body", status, type: "text/plain; charset=utf-8", body: `${text}\n` };
}

export function json(value: object, status = 200): Answer {
  return {
    kind: "body",
    status,
    type: "application/json; charset=utf-8",
    body: `${JSON.stringify(value)}\n`,
  };
}
