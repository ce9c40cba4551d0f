export const HISTORY_ERROR_CODES = [
  /** Not reachable, too slow, or failing on its own side: worth another try later. */
  "history-unavailable",
  /** The credentials lack a permission, are wrong or have run out. */
  "history-denied",
  "history-table-missing",
] as const;
export type HistoryErrorCode = (typeof HISTORY_ERROR_CODES)[number];

/** History could not be read or written. What DynamoDB or the network said is the `cause`. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
  readonly code: HistoryErrorCode;

  constructor(code: HistoryErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const CODE_BY_NAME: Readonly<Record<string, HistoryErrorCode>> = {
  ResourceNotFoundException: "history-table-missing",
  AccessDeniedException: "history-denied",
  CredentialsProviderError: "history-denied",
  ExpiredTokenException: "history-denied",
  InvalidSignatureException: "history-denied",
  MissingAuthenticationTokenException: "history-denied",
  UnrecognizedClientException: "history-denied",
  // The token service's, when a role has to be taken on first.
  AccessDenied: "history-denied",
  ExpiredToken: "history-denied",
  InvalidClientTokenId: "history-denied",
  SignatureDoesNotMatch: "history-denied",
};

/** `action` completes "Could not …". Errors that are already ours pass unchanged. */
export function historyErrorFrom(error: unknown, action: string): HistoryError {
  if (error instanceof HistoryError) return error;
  const name = error instanceof Error ? nameOf(error) : "unknown error";
  const code = CODE_BY_NAME[name] ?? "history-unavailable";
  return new HistoryError(code, `Could not ${action}: ${name}`, error);
}

/** What Node calls the network's faults, each of which has a code that says what it was. */
const NAMELESS: ReadonlySet<string> = new Set(["Error", "AggregateError"]);

function nameOf(error: Error): string {
  return NAMELESS.has(error.name) && "code" in error ? String(error.code) : error.name;
}
