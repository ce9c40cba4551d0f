import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasShape, isNumber, isString, isTime, type Shape } from "../shape.ts";

const MARKER_FILE = "vigil-db.json";

/** How other processes find the database while one holds it open. */
export interface Marker {
  readonly pid: number;
  readonly endpoint: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Access key id that the endpoint asks for: proof that it is this database, and not a later one. */
  readonly accessKeyId: string;
}

const MARKER_SHAPE: Shape<Marker> = {
  pid: isNumber,
  endpoint: isString,
  startedAt: isTime,
  accessKeyId: isString,
};
const isMarker = hasShape(MARKER_SHAPE);

/** Only the holder of the database writes, so one name for the draft is enough. */
export async function writeMarker(dir: string, marker: Marker): Promise<void> {
  const file = join(dir, MARKER_FILE);
  const draft = `${file}.draft`;
  // The key opens the history, so the file is for its owner alone.
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(marker)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** Removes the marker unless another holder has replaced it. */
export async function removeMarker(dir: string, own: Marker): Promise<void> {
  const found = await readMarker(dir);
  if (found?.accessKeyId === own.accessKeyId) await rm(join(dir, MARKER_FILE), { force: true });
}

/** Null when there is none, or nothing that can be made out. */
export async function readMarker(dir: string): Promise<Marker | null> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(dir, MARKER_FILE), "utf8"));
    return isMarker(parsed) ? (parsed as Marker) : null;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists but belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
