/** What is said of a key besides its shape, which the schema tells. */
export interface KeyWords {
  /** What the key is for; Markdown. */
  readonly means: string;
  /** What holds where the key is left out; Markdown. */
  readonly fallback?: string;
}

/** A value as it is written in a config; numbers in groups of three. */
export function shown(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean"
    ? value.toLocaleString("en")
    : `\`${JSON.stringify(value).replaceAll(",", ", ")}\``;
}
