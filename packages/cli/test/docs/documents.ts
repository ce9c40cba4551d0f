import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root. */
export const ROOT = join(import.meta.dirname, "../../../..");

export interface Document {
  /** From the root: `docs/config.md`. */
  readonly path: string;
  readonly text: string;
}

export interface Block {
  readonly path: string;
  /** What stands behind the fence: `sh`; empty when nothing does. */
  readonly language: string;
  readonly text: string;
}

/** Where documents for people are. */
const FOLDERS = ["", "docs/", "packages/demo-server/"];

export const DOCUMENTS: readonly Document[] = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => ({
      path: `${folder}${file}`,
      text: readFileSync(join(ROOT, folder, file), "utf8"),
    })),
);

const FENCE = /^( *)```(\w*)\n(.*?)^ *```$/gms;

export function blocksOf({ path, text }: Document): readonly Block[] {
  return [...text.matchAll(FENCE)].map(([, indent = "", language = "", body = ""]) => ({
    path,
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }));
}

/** A document's text without its blocks. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(FENCE, "");
}
