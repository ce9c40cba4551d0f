import { reasonOf } from "@vigil/aws";
import type { Log } from "./log.ts";
import { RefusedError } from "./refusals.ts";

/** The invocation asks for what cannot be done: it fails, so that the platform shows it. */
export class InvocationError extends Error {
  override readonly name = "InvocationError";

  constructor(
    readonly code: "bad-event" | "unknown-shard" | "unknown-target",
    message: string,
  ) {
    super(message);
  }
}

/** The error to throw, once it has its line in the log. */
export function refuse(log: Log, code: InvocationError["code"], problem: string): InvocationError {
  log.trouble("bad-event", { reason: code, problem });
  return new InvocationError(code, problem);
}

/** The invocation itself; a failure that nobody foresaw, and so has no line yet, gets one. */
export async function telling<T>(log: Log, invocation: Promise<T>): Promise<T> {
  try {
    return await invocation;
  } catch (error) {
    const isTold = error instanceof InvocationError || error instanceof RefusedError;
    if (!isTold) log.trouble("invocation-failed", { reason: reasonOf(error) });
    throw error;
  }
}
