import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { Response } from "express";

/** One HTTP request at `/mcp`, as a fault sees it. */
export interface Struck {
  readonly httpMethod: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the JSON-RPC message; undefined where there is none. */
  readonly method?: unknown;
  /** Undefined for a notification, and where there is no message. */
  readonly id?: unknown;
  readonly params?: unknown;
  readonly response: Response;
  /** Milliseconds for which a cold environment keeps this request; 0 for none. */
  readonly coldMs: number;
  /** The tools as they would be listed. */
  readonly tools: readonly ListedTool[];
  /** Leaves the request to the real servers, whenever that is. */
  readonly leave: () => void;
}

export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly annotations: object;
}

/** Answers in the servers' place, or leaves the request to them. */
export type Play = (struck: Struck) => void;

/** An answer as it goes out. */
export interface Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string;
}

/** Not by Express's own means, which would add a charset that real answers have not. */
export function send(response: Response, { status = 200, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

export const json = (body: unknown, status = 200): Answer => ({
  status,
  headers: { "content-type": "application/json" },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

/** Whatever is sent gets this answer. */
export const toAll =
  (answer: Answer): Play =>
  ({ response }) =>
    send(response, answer);

/** The same, from a front door: the function has no part in it, so its header is not there. */
export const beforeTheFunction =
  (answer: Answer): Play =>
  ({ response }) => {
    response.removeHeader("x-lambda-init");
    send(response, answer);
  };

/** Plays with JSON-RPC requests only: notifications, GET and DELETE are left to the servers. */
export const toRequests =
  (play: Play): Play =>
  (struck) =>
    struck.id === undefined ? struck.leave() : play(struck);

/** Plays with requests of one method. */
export const toMethod = (method: string, play: Play): Play =>
  toRequests((struck) => (struck.method === method ? play(struck) : struck.leave()));

const OPENING: readonly unknown[] = ["initialize", "server/discover"];

/** Plays with what opens an era. */
export const toOpening = (play: Play): Play =>
  toRequests((struck) => (OPENING.includes(struck.method) ? play(struck) : struck.leave()));

/** Good in both eras: the older one ignores what it does not know. */
const COMPLETE = { resultType: "complete", ttlMs: 0, cacheScope: "private" } as const;

export function reply({ response, id }: Struck, result: object): void {
  send(response, json({ jsonrpc: "2.0", id, result: { ...COMPLETE, ...result } }));
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: object;
}

export function replyError({ response, id }: Struck, error: RpcError, status = 200): void {
  send(response, json({ jsonrpc: "2.0", id, error }, status));
}
