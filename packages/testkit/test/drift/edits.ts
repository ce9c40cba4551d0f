import { FRESH, type Node } from "./schemas.ts";

/** Picks `n` from a stream of numbers that fast-check shrinks. */
export type Pick = (below: number) => number;

type Members = Record<string, unknown>;
type Edit = (node: Members, pick: Pick, other: Node) => Node;

function pickOf<T>(list: readonly T[], pick: Pick): T | undefined {
  return list[pick(list.length)];
}

const TYPES = ["string", "integer", "number", "boolean", "null", "array", "object"] as const;
const BOUNDS = [
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "minItems",
  "maxItems",
] as const;

/** What a developer does to a schema, at one place of it. */
export const EDITS: Readonly<Record<string, Edit>> = {
  retype: (node, pick) => ({ ...node, type: pickOf(TYPES, pick) }),
  addType: (node, pick) => {
    const types = [node["type"] ?? "string"].flat();
    return { ...node, type: [...new Set([...types, pickOf(TYPES, pick)])] };
  },
  dropType: (node, pick) => {
    const types = [node["type"] ?? []].flat();
    if (types.length < 2) return node;
    const gone = pick(types.length);
    return { ...node, type: types.filter((_, index) => index !== gone) };
  },
  bound: (node, pick) => ({ ...node, [pickOf(BOUNDS, pick) ?? ""]: pick(10) }),
  unbound: (node, pick) => {
    const kept = { ...node };
    delete kept[pickOf(BOUNDS, pick) ?? ""];
    return kept;
  },
  multiple: (node, pick) => ({ ...node, multipleOf: 1 + pick(4) }),
  pattern: (node, pick) => ({ ...node, pattern: pickOf(["^x", "x$", "^y"], pick) }),
  addValue: (node, pick) => ({
    ...node,
    enum: [...new Set([...((node["enum"] as unknown[]) ?? []), pickOf(["x", "y", "z", 1], pick)])],
  }),
  dropValue: (node, pick) => {
    const list = (node["enum"] as unknown[]) ?? [];
    const gone = pick(Math.max(1, list.length));
    return list.length < 2 ? node : { ...node, enum: list.filter((_, index) => index !== gone) };
  },
  constant: (node, pick) => ({ ...node, const: pickOf(["x", "y", 1, null], pick) }),
  unique: (node) => ({ ...node, uniqueItems: true }),
  items: (node, _pick, other) => ({ ...node, items: other }),
  addOptional: (node, pick, other) => ({
    ...node,
    properties: { ...(node["properties"] as Members), [pickOf(FRESH, pick) ?? ""]: other },
  }),
  addRequired: (node, pick, other) => {
    const name = pickOf(FRESH, pick) ?? "";
    const required = [...new Set([...((node["required"] as string[]) ?? []), name])];
    return { ...node, required, properties: { ...(node["properties"] as Members), [name]: other } };
  },
  dropProperty: (node, pick) => {
    const properties = { ...(node["properties"] as Members) };
    const name = pickOf(Object.keys(properties), pick);
    if (name === undefined) return node;
    delete properties[name];
    const required = ((node["required"] as string[]) ?? []).filter((one) => one !== name);
    return { ...node, properties, required };
  },
  require: (node, pick) => {
    const name = pickOf(Object.keys((node["properties"] as Members) ?? {}), pick);
    const required = (node["required"] as string[]) ?? [];
    return name === undefined ? node : { ...node, required: [...new Set([...required, name])] };
  },
  unrequire: ({ required: _, ...node }) => node,
  close: (node) => ({ ...node, additionalProperties: false }),
  open: ({ additionalProperties: _, ...node }) => node,
  typeRest: (node, _pick, other) => ({ ...node, additionalProperties: other }),
  describe: (node) => ({ ...node, description: "Now described.", default: null }),
  orNull: (node) => ({ anyOf: [node, { type: "null" }] }),
  both: (node, _pick, other) => ({ allOf: [node, other] }),
  replace: (_node, _pick, other) => other,
  allowAll: () => true,
  forbid: () => false,
};

/** Harder to compare: branches come and go, and what is not compared in part changes. */
export const BRANCH_EDITS: Readonly<Record<string, Edit>> = {
  addBranch: (node, _pick, other) => {
    const keyword = "anyOf" in node ? "anyOf" : "oneOf";
    return { ...node, [keyword]: [...((node[keyword] as Node[]) ?? []), other] };
  },
  dropBranch: (node, pick) => {
    const keyword = "anyOf" in node ? "anyOf" : "oneOf";
    const list = (node[keyword] as Node[]) ?? [];
    const gone = pick(Math.max(1, list.length));
    return list.length < 2
      ? node
      : { ...node, [keyword]: list.filter((_, index) => index !== gone) };
  },
  one: (node, _pick, other) => ({ oneOf: [node, other] }),
  not: (node, _pick, other) => ({ ...node, not: other }),
  unnot: ({ not: _, ...node }) => node,
  tuple: (node, _pick, other) => ({ ...node, prefixItems: [other] }),
  unevaluated: (node) => ({ ...node, unevaluatedProperties: false }),
  names: (node) => ({ ...node, propertyNames: { maxLength: 1 } }),
  patterned: (node, _pick, other) => ({ ...node, patternProperties: { "^[ab]": other } }),
  depends: (node) => ({ ...node, dependentRequired: { a: ["b"] } }),
  contain: (node, _pick, other) => ({ ...node, contains: other }),
};

/** Applies an edit to one of the schemas within, the whole one included. */
export function editSomewhere(schema: Node, edit: Edit, pick: Pick, other: Node): Node {
  if (typeof schema === "boolean") return edit({}, pick, other);
  const inner = childrenOf(schema);
  const at = pick(inner.length + 1);
  const child = inner[at];
  if (child === undefined) return edit(schema, pick, other);
  return child.put(editSomewhere(child.node, edit, pick, other));
}

interface Child {
  readonly node: Node;
  readonly put: (node: Node) => Members;
}

function childrenOf(schema: Members): readonly Child[] {
  const children: Child[] = [];
  for (const keyword of ["items", "additionalProperties", "not"]) {
    const node = schema[keyword];
    if (isNode(node)) children.push({ node, put: (made) => ({ ...schema, [keyword]: made }) });
  }
  for (const keyword of ["properties", "$defs"]) {
    const map = schema[keyword] as Record<string, Node> | undefined;
    for (const [name, node] of Object.entries(map ?? {})) {
      const put = (made: Node) => ({ ...schema, [keyword]: { ...map, [name]: made } });
      children.push({ node, put });
    }
  }
  for (const keyword of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
    const list = (schema[keyword] as readonly Node[] | undefined) ?? [];
    list.forEach((node, index) => {
      const put = (made: Node) => ({ ...schema, [keyword]: list.with(index, made) });
      children.push({ node, put });
    });
  }
  return children;
}

function isNode(value: unknown): value is Node {
  return typeof value === "boolean" || (typeof value === "object" && value !== null);
}
