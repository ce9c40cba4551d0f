export type Json = "null" | "a list" | "an object" | "text" | "a number" | "a boolean";

/** What kind of JSON a value is, for people. */
function kindOf(value: unknown): Json | "missing" {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "number":
      return "a number";
    case "boolean":
      return "a boolean";
    default:
      return "an object";
  }
}

/** The complaint that a value is of another kind than it must be; none when it is of that kind. */
export function complaints(path: string, value: unknown, wanted: Json): readonly string[] {
  const kind = kindOf(value);
  if (kind === wanted) return [];
  return [`${path} is ${kind}${kind === "missing" ? "" : `, not ${wanted}`}`];
}
