import type { Io } from "./io.ts";

const MAX_NAME = 100;

/** Who does something, as others are told: as said, else as this machine calls its user. */
export function whoOf(by: string | undefined, { env }: Pick<Io, "env">): string {
  const name = by ?? env["USER"] ?? env["LOGNAME"] ?? env["USERNAME"] ?? "";
  return name.trim().slice(0, MAX_NAME) || "somebody";
}
