/** Types as they bear on inclusion: every number is either an integer or a fraction. */
export type JsonType = "null" | "boolean" | "object" | "array" | "string" | "integer" | "fraction";

export const ALL_TYPES: ReadonlySet<JsonType> = new Set<JsonType>([
  "null",
  "boolean",
  "object",
  "array",
  "string",
  "integer",
  "fraction",
]);

const BY_NAME: Readonly<Record<string, readonly JsonType[]>> = {
  null: ["null"],
  boolean: ["boolean"],
  object: ["object"],
  array: ["array"],
  string: ["string"],
  integer: ["integer"],
  number: ["integer", "fraction"],
};

/** The types that a `type` keyword allows. */
export function typesNamed(type: unknown): ReadonlySet<JsonType> {
  const names = typeof type === "string" ? [type] : type;
  if (!Array.isArray(names) || !names.every(isTypeName)) return ALL_TYPES;
  return new Set(names.flatMap((name) => BY_NAME[name] ?? []));
}

function isTypeName(name: unknown): name is string {
  return typeof name === "string" && Object.hasOwn(BY_NAME, name);
}

export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    case "number":
      return Number.isInteger(value) ? "integer" : "fraction";
    default:
      return "object";
  }
}

/** Types that every set allows. */
export function common(sets: readonly ReadonlySet<JsonType>[]): ReadonlySet<JsonType> {
  return new Set([...ALL_TYPES].filter((type) => sets.every((set) => set.has(type))));
}

/** As people say it: `string or number`. */
export function typeNames(types: Iterable<JsonType>): string {
  const all = new Set(types);
  const numbers = all.has("integer") && all.has("fraction");
  const names = [...all].flatMap((type) => {
    if (type === "fraction") return numbers ? ["number"] : ["fractions"];
    return type === "integer" && numbers ? [] : [type];
  });
  return names.join(" or ");
}
