import { MAX_NAME_LENGTH } from "../config/limits.ts";
import { nameFromUrl, slugOf } from "../config/name-from-url.ts";

interface NameQuestion {
  /** What AWS or the operator calls the server; null when only its address is known. */
  readonly label: string | null;
  readonly url: string;
  readonly taken: ReadonlySet<string>;
}

/** A target's name that no other target has, from whatever the server is called. */
export function proposeName({ label, url, taken }: NameQuestion): string {
  const slug = label === null ? "" : slugOf(label);
  const base = slug === "" ? nameFromUrl(url) : slug;
  for (let n = 1; ; n += 1) {
    const ending = n === 1 ? "" : `-${n}`;
    const name = `${base.slice(0, MAX_NAME_LENGTH - ending.length).replace(/-$/, "")}${ending}`;
    if (!taken.has(name)) return name;
  }
}
