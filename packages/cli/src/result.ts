import type { ExitCode } from "./exit-codes.ts";

/** What an operator got wrong, or what a machine refused: told in one message, without a stack. */
export interface Complaint {
  /** What is wrong, then what to do; may have several lines. */
  readonly message: string;
  /** Shown with VIGIL_DEBUG=1 alone. */
  readonly cause?: unknown;
  /** 2 unless it is nothing that the operator wrote. */
  readonly exit?: ExitCode;
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

/** The values, or every complaint, one below the other. */
export function all<T>(results: readonly Result<T>[]): Result<readonly T[]> {
  return results.every(({ ok: good }) => good)
    ? ok(results.flatMap((result) => (result.ok ? [result.value] : [])))
    : allComplaints(results);
}

/** What is wrong with any of several results of which at least one is bad. */
export function allComplaints(results: readonly Result<unknown>[]): Result<never> {
  const complaints = results.flatMap((result) => (result.ok ? [] : [result.complaint]));
  const cause = complaints.find((complaint) => complaint.cause !== undefined)?.cause;
  return bad(complaints.map(({ message }) => message).join("\n"), cause);
}
