/** What is wrong at one place of the config, and what to write there instead. Never holds a value. */
export interface Advice {
  readonly problem: string;
  readonly fix: string;
  /** From the value that was looked at down to the mistake; its own place when absent. */
  readonly at?: readonly PropertyKey[];
}

/** Advice with its place in the whole config. */
export interface Found {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
  readonly fix: string;
}

/** zod carries one text per issue, so advice travels through it as JSON. */
export function encodeAdvice(advice: readonly Advice[]): string {
  return JSON.stringify(advice);
}

export function decodeAdvice(message: string): readonly Advice[] {
  return JSON.parse(message) as readonly Advice[];
}

type Kind =
  | "undefined"
  | "boolean"
  | "number"
  | "bigint"
  | "string"
  | "symbol"
  | "function"
  | "object";

const KINDS: Readonly<Record<Kind, string>> = {
  undefined: "nothing",
  boolean: "true or false",
  number: "a number",
  bigint: "a number",
  string: "text",
  symbol: "a symbol",
  function: "a function",
  object: "an object",
};

/** What a value is, in an operator's words; never the value itself. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" && value.trim() === "" ? "empty text" : KINDS[typeof value];
}

/** The problem of a value that is of the wrong kind altogether. */
export function wrongKind(value: unknown, wanted: string): string {
  return value === undefined ? "is missing" : `must be ${wanted}, not ${kindOf(value)}`;
}

/** `a, b or c`. */
export function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
