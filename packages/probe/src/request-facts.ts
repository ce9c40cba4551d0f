import type { JsonRpcId, NetworkError } from "@vigil/core";
import { NetworkFailure } from "./connection.ts";

export interface Rpc {
  readonly method: string | null;
  readonly id: JsonRpcId | null;
}

/** The optional GET stream is refused in the server's place: open, it would hold a Lambda running. */
export function isStandaloneStream(init: RequestInit): boolean {
  const headers = new Headers(init.headers);
  return (
    (init.method ?? "GET") === "GET" &&
    headers.get("accept") === "text/event-stream" &&
    !headers.has("last-event-id")
  );
}

export function rpcOf(body: RequestInit["body"]): Rpc | null {
  if (typeof body !== "string") return null;
  const message: unknown = JSON.parse(body);
  if (typeof message !== "object" || message === null || !("method" in message)) return null;
  const id = "id" in message ? (message.id as JsonRpcId) : null;
  return { method: String(message.method), id };
}

export function networkErrorOf(error: unknown): NetworkError {
  if (error instanceof NetworkFailure) return error.failure;
  return { phase: "send", code: error instanceof Error ? error.name : "unknown" };
}
