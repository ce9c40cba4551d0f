import type { HistoryErrorCode } from "@vigil/aws";
import type { Log, Trouble } from "./log.ts";

const OF_HISTORY: readonly HistoryErrorCode[] = ["history-denied", "history-table-missing"];

/**
 * Codes by which a sink says that the deployment is wrong: a permission, credentials, or the name of
 * what is not there. Time alone mends none of them.
 */
const REFUSALS: ReadonlySet<string> = new Set([
  ...OF_HISTORY,
  "AccessDenied",
  "AccessDeniedException",
  "AWS.SimpleQueueService.NonExistentQueue",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "NotAuthorized",
  "QueueDoesNotExist",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
]);

/** A sink refused. Everything was done that could be; the invocation fails so that somebody looks. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  readonly code = "sink-refused";

  /** Each as `code (reason)`, of the lines in the log. */
  constructor(readonly refusals: readonly string[]) {
    super(
      `The deployment is wrong: ${refusals.join(", ")}. Every run is in the log. What the function writes to must be there, and its role must be allowed to: deploy both anew.`,
    );
  }
}

/** Finds refusals among the troubles of an invocation. */
export class Refusals {
  readonly #found = new Set<string>();

  hear(code: Trouble, { reason }: Readonly<Record<string, unknown>>): void {
    if (typeof reason === "string" && REFUSALS.has(reason)) this.#found.add(`${code} (${reason})`);
  }

  /** The log, with what is told to it heard. */
  hearing(log: Log): Log {
    return {
      ...log,
      trouble: (code, details) => {
        log.trouble(code, details);
        this.hear(code, details);
      },
    };
  }

  /** @throws RefusedError when there was any */
  end(): void {
    if (this.#found.size > 0) throw new RefusedError([...this.#found]);
  }
}
