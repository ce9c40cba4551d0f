import {
  isSchema,
  mapIn,
  own,
  type Schema,
  type Side,
  schemasIn,
  textIn,
  textsIn,
} from "./json-schema.ts";
import type { Steps } from "./steps.ts";

const ALTERNATIVES = ["allOf", "anyOf", "oneOf"] as const;
const CONDITIONS = ["if", "then", "else", "not"] as const;

interface PlaceInput {
  readonly roots: readonly unknown[];
  readonly side: Side;
  readonly steps: Steps;
  readonly depth?: number;
}

/**
 * A place in the arguments, with every schema that the old document has for it, on whatever branch:
 * what is named by none of them is a name that no caller knows.
 */
export class Place {
  /** How many steps into the arguments it is. */
  readonly depth: number;
  readonly #side: Side;
  readonly #steps: Steps;
  readonly #roots: readonly unknown[];
  #schemas: readonly Schema[] | null = null;

  constructor({ roots, side, steps, depth = 0 }: PlaceInput) {
    this.#roots = roots;
    this.#side = side;
    this.#steps = steps;
    this.depth = depth;
  }

  /** Whether some schema says something of this property by its name. */
  names(property: string): boolean {
    return this.schemas().some(
      (schema) =>
        Object.hasOwn(mapIn(schema, "properties"), property) ||
        textsIn(schema, "required").includes(property),
    );
  }

  hasPatterns(): boolean {
    return this.schemas().some((one) => Object.keys(mapIn(one, "patternProperties")).length > 0);
  }

  property(name: string): Place {
    return this.#below((schema) => {
      const properties = mapIn(schema, "properties");
      const patterns = Object.values(mapIn(schema, "patternProperties"));
      return [own(properties, name), ...patterns, own(schema, "additionalProperties")];
    });
  }

  /** Any property that has no name of its own. */
  anyProperty(): Place {
    return this.#below((schema) => [
      ...Object.values(mapIn(schema, "properties")),
      ...Object.values(mapIn(schema, "patternProperties")),
      own(schema, "additionalProperties"),
    ]);
  }

  items(): Place {
    return this.#below((schema) => [
      own(schema, "items"),
      own(schema, "additionalItems"),
      ...schemasIn(schema, "items"),
      ...schemasIn(schema, "prefixItems"),
    ]);
  }

  #below(pick: (schema: Schema) => readonly unknown[]): Place {
    const roots = this.schemas().flatMap(pick);
    const [side, steps] = [this.#side, this.#steps];
    return new Place({ roots: [...new Set(roots)], side, steps, depth: this.depth + 1 });
  }

  schemas(): readonly Schema[] {
    this.#schemas ??= this.#gather();
    return this.#schemas;
  }

  #gather(): readonly Schema[] {
    const found = new Set<Schema>();
    const open = [...this.#roots];
    while (open.length > 0) {
      const schema = open.pop();
      if (!isSchema(schema) || found.has(schema) || !this.#steps.take()) continue;
      found.add(schema);
      open.push(...inPlace(schema, this.#side));
    }
    return [...found];
  }
}

function inPlace(schema: Schema, side: Side): readonly unknown[] {
  const ref = textIn(schema, "$ref");
  return [
    ref === null ? undefined : side.resolve(ref),
    ...ALTERNATIVES.flatMap((keyword) => schemasIn(schema, keyword)),
    ...CONDITIONS.map((keyword) => own(schema, keyword)),
    ...Object.values(mapIn(schema, "dependentSchemas")),
    ...Object.values(mapIn(schema, "dependencies")),
  ];
}
