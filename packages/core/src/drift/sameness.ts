import { canonicalJson, MAX_JSON_DEPTH } from "../tools-hash.ts";
import {
  isSchema,
  ONE_SCHEMA,
  own,
  PLAIN,
  SCHEMA_LISTS,
  SCHEMA_MAPS,
  type Schema,
  type Side,
  schemasIn,
  textIn,
} from "./json-schema.ts";

/**
 * Tells whether a schema of one side demands the same as one of the other, word for word, wherever
 * their references lead. Descriptions and other annotations do not count. Equal parts are given one
 * number, so that each is read once, however large the schemas are.
 */
export class Sameness {
  readonly #numbers = new Map<string, number>();
  readonly #numberOf = new WeakMap<object, number>();
  /** By reference: the numbers that hold it. */
  readonly #holders = new Map<string, Set<number>>();
  /** By number: the numbers that it is part of. */
  readonly #parents = new Map<number, Set<number>>();
  readonly #changed = new Set<number>();
  readonly #sides: readonly [before: Side, after: Side];

  constructor(before: Side, after: Side) {
    this.#sides = [before, after];
    this.#number(before.root, 0);
    this.#number(after.root, 0);
    this.#taint();
  }

  same(a: unknown, b: unknown): boolean {
    const number = this.#number(a, 0);
    return number === this.#number(b, 0) && !this.#changed.has(number);
  }

  /** Marks all that leads, over references, to something that changed or cannot be followed. */
  #taint(): void {
    const refsTo = new Map<number, Set<string>>();
    const lost: string[] = [];
    // Targets may hold references of their own; a Map's walk comes to what is added on the way.
    for (const ref of this.#holders.keys()) {
      const target = this.#unchangedTarget(ref);
      if (target === null) lost.push(ref);
      else refsTo.set(target, (refsTo.get(target) ?? new Set()).add(ref));
    }
    const open = lost.flatMap((ref) => [...(this.#holders.get(ref) ?? [])]);
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.#changed.has(at)) continue;
      this.#changed.add(at);
      open.push(...(this.#parents.get(at) ?? []));
      for (const ref of refsTo.get(at) ?? []) open.push(...(this.#holders.get(ref) ?? []));
    }
  }

  /** The number that a reference points to, if that is the same one on both sides. */
  #unchangedTarget(ref: string): number | null {
    const [from, to] = this.#sides.map((side) => side.resolve(ref));
    if (from === undefined || to === undefined) return null;
    const number = this.#number(from, 0);
    return number === this.#number(to, 0) ? number : null;
  }

  #number(value: unknown, depth: number): number {
    if (!isSchema(value)) return this.#intern(value === false ? "false" : "{}", [], []);
    const known = this.#numberOf.get(value);
    if (known !== undefined) return known;
    const children: number[] = [];
    const note = (child: unknown) => {
      const number = this.#number(child, depth + 1);
      children.push(number);
      return number;
    };
    const text = depth >= MAX_JSON_DEPTH ? "…" : wordsOf(value, note);
    const number = this.#intern(text, children, this.#refsIn(value));
    this.#numberOf.set(value, number);
    return number;
  }

  #intern(text: string, children: readonly number[], refs: readonly string[]): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(text, number);
    for (const ref of refs) {
      this.#holders.set(ref, (this.#holders.get(ref) ?? new Set()).add(number));
    }
    for (const child of children) {
      this.#parents.set(child, (this.#parents.get(child) ?? new Set()).add(number));
    }
    return number;
  }

  #refsIn(schema: Schema): readonly string[] {
    const ref = textIn(schema, "$ref");
    const refs = ref === null ? [] : [ref];
    // What is found by name, or lies within a resource of its own, is not followed.
    const isLost =
      textIn(schema, "$dynamicRef") !== null ||
      textIn(schema, "$recursiveRef") !== null ||
      this.#sides.every((side) => side.isOwnResource(schema));
    return isLost ? [...refs, NOT_FOLLOWED] : refs;
  }
}

/** Points nowhere. */
const NOT_FOLLOWED = "";

/** All that restricts, with numbers in place of the schemas within. */
function wordsOf(schema: Schema, note: (child: unknown) => number): string {
  const words: string[] = [];
  for (const keyword of PLAIN) {
    const value = own(schema, keyword);
    if (value !== undefined) words.push(`${keyword}=${canonicalJson(value)}`);
  }
  for (const keyword of ONE_SCHEMA) {
    const value = own(schema, keyword);
    if (value !== undefined && !Array.isArray(value)) words.push(`${keyword}#${note(value)}`);
  }
  for (const keyword of SCHEMA_LISTS) {
    const value = own(schema, keyword);
    if (Array.isArray(value)) words.push(`${keyword}#[${schemasIn(schema, keyword).map(note)}]`);
  }
  for (const keyword of SCHEMA_MAPS) {
    const value = own(schema, keyword);
    if (isSchema(value)) words.push(`${keyword}#{${namedWords(value, note)}}`);
  }
  return words.length === 0 ? "{}" : words.join("\n");
}

function namedWords(map: Schema, note: (child: unknown) => number): string {
  return Object.keys(map)
    .sort()
    .map((name) => {
      const value = map[name];
      // `dependencies` also takes lists of names.
      const said = Array.isArray(value) ? canonicalJson(value) : note(value);
      return `${JSON.stringify(name)}:${said}`;
    })
    .join(",");
}
