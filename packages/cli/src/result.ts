/** What an operator got wrong, or what the machine refused: told in one message, exit 2, no stack. */
export interface Complaint {
  /** What is wrong, then what to do; may have several lines. */
  readonly message: string;
  /** Shown with VIGIL_DEBUG=1 alone. */
  readonly cause?: unknown;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly complaint: Complaint };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function bad(message: string, cause?: unknown): Result<never> {
  return { ok: false, complaint: cause === undefined ? { message } : { message, cause } };
}

/** The values, or the first complaint. */
export function all<T>(results: readonly Result<T>[]): Result<readonly T[]> {
  const values: T[] = [];
  for (const result of results) {
    if (!result.ok) {
      return result;
    }
    values.push(result.value);
  }
  return ok(values);
}
