import type { NetworkError } from "@vigil/core";
import type { Connection, OpenResult, Way } from "./connection.ts";
import { NetworkFailure } from "./connection.ts";

/** Kept back for telling that a connection did not open in time. */
const REPORT_RESERVE_MS = 100;

export interface OpenedWay extends Way {
  readonly destroy: () => void;
}

/**
 * Opens a connection ahead of its request, so that the request waits for the server alone. One that
 * did not open fails the request instead, where it is recorded like any other failure.
 */
export async function openWay(connection: Connection, timeoutMs: number): Promise<OpenedWay> {
  const destroy = () => connection.destroy();
  const opened = await connection.open(Math.max(0, timeoutMs - REPORT_RESERVE_MS));
  const error = errorOf(opened);
  if (error === null) return { fetch: connection.fetch, destroy };
  return { fetch: () => Promise.reject(new NetworkFailure(error)), destroy };
}

function errorOf(opened: OpenResult): NetworkError | null {
  switch (opened.kind) {
    case "open":
      return null;
    case "failed":
      return opened.error;
    case "timed-out":
      return { phase: opened.phase === "dns" ? "dns" : "tcp", code: "ETIMEDOUT" };
    default:
      return opened satisfies never;
  }
}
