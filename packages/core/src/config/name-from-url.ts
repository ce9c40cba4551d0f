import { MAX_NAME_LENGTH } from "./limits.ts";
import { parseUrl } from "./urls.ts";

/** `http://127.0.0.1:3000/mcp` is `127-0-0-1-3000-mcp`. A query, which may hold a key, is left out. */
export function nameFromUrl(url: string): string {
  const parsed = parseUrl(url);
  const slug = parsed === null ? "" : slugOf(`${parsed.host}${parsed.pathname}`);
  return slug === "" ? "target" : slug;
}

/** Small letters, digits and hyphens, as targets' names are; empty when nothing of that is left. */
export function slugOf(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "");
  return words.slice(0, MAX_NAME_LENGTH).replace(/-$/, "");
}
