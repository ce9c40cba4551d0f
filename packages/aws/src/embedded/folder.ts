import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type FolderProblem =
  /** The folder's parent does not exist: more likely a slip of the pen than a wish. */
  | { readonly kind: "parent-missing"; readonly dir: string; readonly parent: string }
  /** `code` is the system's: EACCES, EROFS, ENOSPC, or ENOTDIR when a file is in the way. */
  | { readonly kind: "unwritable"; readonly dir: string; readonly code: string };

/** Where in the folder the database's own files live. */
export function storePath(dir: string): string {
  return join(dir, "dynamodb");
}

/** Makes the folder if only it is missing, and proves by writing that it takes files. */
export async function prepareFolder(dir: string): Promise<FolderProblem | null> {
  try {
    await mkdir(dir);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return { kind: "parent-missing", dir, parent: dirname(dir) };
    if (code !== "EEXIST") return unwritable(dir, error);
  }
  const trial = join(dir, `.write-test-${process.pid}`);
  try {
    await writeFile(trial, "writable\n");
    await mkdir(storePath(dir), { recursive: true });
    return null;
  } catch (error) {
    return unwritable(dir, error);
  } finally {
    await rm(trial, { force: true }).catch(() => {});
  }
}

export function unwritable(dir: string, error: unknown): FolderProblem {
  return { kind: "unwritable", dir, code: systemCode(error) };
}

/** Throws what no system call has thrown: that is a bug, and no problem of the folder's. */
function systemCode(error: unknown): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code === "string") return code;
  throw error;
}
