import { HistoryError } from "./history-error.ts";

/** An error by its code, never by its message, which may say anything. */
export function reasonOf(error: unknown): string {
  if (error instanceof HistoryError) return error.code;
  return error instanceof Error ? error.name : "unknown";
}
