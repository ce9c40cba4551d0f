import { EXIT, type ExitCode } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { Complaint } from "./result.ts";

/** Tells the operator what to put right, on stderr. */
export function complain({ message, cause, exit = EXIT.usage }: Complaint, io: Io): ExitCode {
  io.err(`vigil: ${message}\n`);
  if (io.env["VIGIL_DEBUG"] && cause !== undefined) {
    io.err(`${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
  }
  return exit;
}
