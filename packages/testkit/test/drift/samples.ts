/** Arguments to try on two schemas: what they allow, what they just do not, and anything else. */
type Members = Readonly<Record<string, unknown>>;

/** A schema and the document that its references are found in. */
export interface Located {
  readonly schema: unknown;
  readonly root: Members;
}

const ANYTHING: readonly unknown[] = [
  null,
  true,
  0,
  2,
  1.5,
  -7,
  "",
  "x",
  "zzz",
  [],
  ["x", "x"],
  {},
  { a: "x" },
  { zz: 5 },
  { zz: "x" },
  { zz: null },
  { zz: true },
  { zz: [] },
];
/** Values of any one part of the arguments, and arguments in all. */
const MAX_PER_PART = 250;
const MAX_SAMPLES = 4_000;
const MAX_DEPTH = 4;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All schemas that look at the same value, over branches and references. */
export function gather(places: readonly Located[]): readonly (Located & { schema: Members })[] {
  const found = new Map<unknown, Located & { schema: Members }>();
  const open = [...places];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { schema, root } = at;
    if (!isMembers(schema) || found.has(schema)) continue;
    found.set(schema, { schema, root });
    const lists = ["anyOf", "oneOf", "allOf"].flatMap((key) => (schema[key] as unknown[]) ?? []);
    const ref = typeof schema["$ref"] === "string" ? [resolve(schema["$ref"], root)] : [];
    open.push(...[...lists, ...ref, schema["not"]].map((inner) => ({ schema: inner, root })));
  }
  return [...found.values()];
}

function resolve(ref: string, root: Members): unknown {
  return (root["$defs"] as Members | undefined)?.[ref.replace("#/$defs/", "")];
}

function numbers(schemas: readonly Members[], keywords: readonly string[]): readonly number[] {
  return schemas.flatMap((schema) => keywords.flatMap((key) => (schema[key] as number) ?? []));
}

/** Values at and around every limit that some schema of the place sets. */
export function candidates(places: readonly Located[], depth = 0): readonly unknown[] {
  const all = gather(places);
  const schemas = all.map(({ schema }) => schema);
  const listed = schemas.flatMap((schema) => [
    ...((schema["enum"] as unknown[]) ?? []),
    ...("const" in schema ? [schema["const"]] : []),
  ]);
  const takes = (...types: readonly string[]) =>
    schemas.some(
      ({ type }) =>
        type === undefined || [type].flat().some((one) => types.includes(one as string)),
    );
  const made = [
    ...usual(all),
    ...listed,
    ...(takes("string") ? texts(schemas) : []),
    ...(takes("integer", "number") ? amounts(schemas) : []),
    ...(takes("array") && depth < MAX_DEPTH ? lists(all, depth) : []),
    ...(takes("object") && depth < MAX_DEPTH ? objects(all, depth) : []),
  ];
  const once = new Map([...ANYTHING, ...made].map((value) => [JSON.stringify(value), value]));
  return [...once.values()].slice(0, depth === 0 ? MAX_SAMPLES : MAX_PER_PART);
}

function texts(schemas: readonly Members[]): readonly string[] {
  const limits = numbers(schemas, ["minLength", "maxLength"]);
  const lengths = new Set(limits.flatMap((n) => [n - 1, n, n + 1]).filter((n) => n >= 0));
  return [...lengths, 4].flatMap((n) => [
    "x".repeat(n),
    `y${"x".repeat(n)}`.slice(0, n),
    `x${"y".repeat(n)}`.slice(0, n),
  ]);
}

function amounts(schemas: readonly Members[]): readonly number[] {
  const limits = numbers(schemas, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]);
  const near = limits.flatMap((n) => [n - 1, n - 0.5, n, n + 0.5, n + 1]);
  return [...near, ...Array.from({ length: 13 }, (_, n) => n), -12, 12, 24];
}

function child(all: readonly Located[], pick: (schema: Members) => readonly unknown[]) {
  return all.flatMap(({ schema, root }) =>
    pick(schema as Members)
      .filter((inner) => inner !== undefined)
      .map((inner) => ({ schema: inner, root })),
  );
}

function lists(all: readonly (Located & { schema: Members })[], depth: number): readonly unknown[] {
  const items = child(all, (schema) => [
    schema["items"],
    ...((schema["prefixItems"] as unknown[]) ?? []),
  ]);
  const each = candidates(items, depth + 2);
  const limits = numbers(
    all.map(({ schema }) => schema),
    ["minItems", "maxItems"],
  );
  const lengths = new Set([1, 2, ...limits.flatMap((n) => [n - 1, n, n + 1])]);
  const same = [...lengths]
    .filter((n) => n >= 0)
    .flatMap((n) => each.slice(0, 4).map((one) => Array.from({ length: n }, () => one)));
  const [first] = each;
  return [...same, ...each.flatMap((one) => [[one], [first, one]]), each.slice(0, 3)];
}

function propertiesOf(schema: Members): Members {
  return (schema["properties"] as Members) ?? {};
}

/** Whole ones and bare ones, each with one property changed, missing or more. */
function objects(
  all: readonly (Located & { schema: Members })[],
  depth: number,
): readonly Members[] {
  const names = new Set(all.flatMap(({ schema }) => Object.keys(propertiesOf(schema))));
  const rest = child(all, (schema) => [schema["additionalProperties"]]);
  const tried = ["zz", ...names].flatMap((name) => {
    const own = child(all, (schema) => [propertiesOf(schema)[name]]);
    return candidates([...own, ...rest], depth + 1).map((value) => ({ [name]: value }));
  });
  const usually = usual(all).filter(isMembers);
  const bases = new Map(usually.map((base) => [JSON.stringify(base), base])).values();
  return [...bases].flatMap((base) => [
    ...Object.keys(base).map((gone) => {
      const { [gone]: _, ...kept } = base;
      return kept;
    }),
    ...tried.map((one) => ({ ...base, ...one })),
  ]);
}

/** Values that each schema is likely to allow. */
function usual(all: readonly (Located & { schema: Members })[]): readonly unknown[] {
  return all.flatMap(({ schema, root }) => [
    likely({ schema, root }, true, 0),
    likely({ schema, root }, false, 0),
  ]);
}

/** One value that the schema allows, as far as that is easy to say. */
function likely({ schema, root }: Located, whole: boolean, depth: number): unknown {
  if (!isMembers(schema) || depth > MAX_DEPTH) return "x";
  const inner = (one: unknown) => likely({ schema: one, root }, whole, depth + 1);
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  if (typeof schema["$ref"] === "string") return inner(resolve(schema["$ref"], root));
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    if (Array.isArray(schema[keyword])) return inner(schema[keyword][0]);
  }
  const type = [schema["type"] ?? "string"].flat()[0];
  switch (type) {
    case "object":
      return likelyObject(schema, whole, inner);
    case "array": {
      const least = Math.max((schema["minItems"] as number) ?? 0, whole ? 1 : 0);
      return Array.from({ length: least }, () => inner(schema["items"]));
    }
    case "integer":
    case "number":
      return likelyNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return "x".repeat(Math.max(1, (schema["minLength"] as number) ?? 1));
  }
}

function likelyObject(schema: Members, whole: boolean, inner: (one: unknown) => unknown): Members {
  const required = (schema["required"] as readonly string[]) ?? [];
  const named = Object.entries(propertiesOf(schema));
  const wanted = named.filter(([name]) => whole || required.includes(name));
  return Object.fromEntries(wanted.map(([name, one]) => [name, inner(one)]));
}

function likelyNumber(schema: Members): number {
  const least = (schema["minimum"] as number) ?? ((schema["exclusiveMinimum"] as number) ?? -1) + 1;
  const step = (schema["multipleOf"] as number) ?? 1;
  return Math.ceil(least / step) * step;
}

/** Whether the value holds a property that the old schemas leave open, and only the new ones name. */
export function bearsNewName(
  value: unknown,
  olds: readonly Located[],
  news: readonly Located[],
): boolean {
  const [before, after] = [gather(olds), gather(news)];
  if (Array.isArray(value)) {
    const items = (all: typeof before) =>
      child(all, (schema) => [schema["items"], ...((schema["prefixItems"] as unknown[]) ?? [])]);
    return value.some((one) => bearsNewName(one, items(before), items(after)));
  }
  if (!isMembers(value)) return false;
  return Object.entries(value).some(([name, one]) => {
    const at = (all: typeof before) =>
      child(all, (schema) => [
        propertiesOf(schema)[name],
        schema["additionalProperties"],
        ...Object.values((schema["patternProperties"] as Members) ?? {}),
      ]);
    const named = (all: typeof before) =>
      all.some(({ schema }) => Object.hasOwn(propertiesOf(schema), name));
    const isFree = !named(before) && !at(before).some(({ schema }) => isMembers(schema));
    return (isFree && named(after)) || bearsNewName(one, at(before), at(after));
  });
}
