import { canonicalJson, hashText } from "../tools-hash.ts";
import { type ChangeKind, type Finding, holds } from "./finding.ts";
import { demandsBeyond } from "./include.ts";
import { Side } from "./json-schema.ts";
import { Steps } from "./steps.ts";

/** A tool as it is remembered; of a list too large to be kept, the hashes of its schemas are. */
export type KeptTool =
  | { readonly name: string; readonly inputSchema: unknown }
  | { readonly name: string; readonly schemaHash: string };

export interface SchemaChange {
  /** The argument, as `filter.region` or `ids[]`; empty for the arguments as a whole. */
  readonly path: string;
  readonly kind: ChangeKind;
  readonly breaking: boolean;
  /** One line, such as `the new property "region" is required`. */
  readonly text: string;
}

export interface ToolChange {
  readonly tool: string;
  /** What breaks callers first; at most {@link MAX_CHANGES}. */
  readonly changes: readonly SchemaChange[];
  readonly breaking: boolean;
}

export interface ToolsComparison {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ToolChange[];
  /** A caller whose arguments were valid may now be refused. */
  readonly breaking: boolean;
}

/** Changes that are told of one tool. */
export const MAX_CHANGES = 20;
/** Schemas that one comparison looks at; above it the rest is unclear. */
const MAX_STEPS = 20_000;
/** What any one tool may take of them. */
const MAX_TOOL_STEPS = 5_000;
/** As JSON; a schema above it is not looked into. */
const MAX_SCHEMA_CHARS = 1_000_000;

/**
 * What changed between two lists of tools, and whether it breaks callers. What does not is proven:
 * arguments that were valid still are. A caller is taken to send what the old schema lets through,
 * but for one thing: where it leaves further properties open, nobody sends one of a name that only
 * the new schema knows, so that an optional property can be added.
 *
 * What cannot be decided (a change within `not` or `if`, another pattern that may match, a schema
 * too large) is `unclear` and counts as breaking. It comes up only when a demand itself has changed
 * there, which is rare; it degrades and pages nobody, and one command accepts it. The other way
 * round, a list called unchanged for its callers could not be believed.
 */
export function compareTools(
  before: readonly KeptTool[],
  after: readonly KeptTool[],
): ToolsComparison {
  const [old, now] = [byName(before), byName(after)];
  const removed = [...old.keys()].filter((name) => !now.has(name)).sort();
  const added = [...now.keys()].filter((name) => !old.has(name)).sort();
  const steps = new Budget();
  const changed = [...old.keys()].sort().flatMap((tool) => {
    const [was, is] = [old.get(tool) ?? [], now.get(tool) ?? []];
    return is.length === 0 || sameTools(was, is) ? [] : [toolChange(tool, { was, is, steps })];
  });
  const breaking = removed.length > 0 || changed.some((change) => change.breaking);
  return { added, removed, changed, breaking };
}

class Budget {
  #left = MAX_STEPS;

  lend<T>(use: (steps: Steps) => T): T {
    const lent = Math.min(this.#left, MAX_TOOL_STEPS);
    const steps = new Steps(lent);
    const result = use(steps);
    this.#left -= lent - steps.left;
    return result;
  }
}

type ByName = ReadonlyMap<string, readonly KeptTool[]>;

/** Usually one tool per name. */
function byName(tools: readonly KeptTool[]): ByName {
  const map = new Map<string, KeptTool[]>();
  for (const tool of tools) {
    const known = map.get(tool.name);
    if (known === undefined) map.set(tool.name, [tool]);
    else if (!known.some((one) => hashOf(one) === hashOf(tool))) known.push(tool);
  }
  return map;
}

interface Measured {
  readonly hash: string;
  readonly chars: number;
}
const MEASURED = new WeakMap<KeptTool, Measured>();

function measure(tool: KeptTool): Measured {
  if ("schemaHash" in tool) return { hash: tool.schemaHash, chars: 0 };
  const known = MEASURED.get(tool);
  if (known !== undefined) return known;
  const json = canonicalJson(tool.inputSchema);
  const measured = { hash: hashText(json), chars: json.length };
  MEASURED.set(tool, measured);
  return measured;
}

function hashOf(tool: KeptTool): string {
  return measure(tool).hash;
}

function sameTools(a: readonly KeptTool[], b: readonly KeptTool[]): boolean {
  return canonicalJson(a.map(hashOf).sort()) === canonicalJson(b.map(hashOf).sort());
}

interface Versions {
  readonly was: readonly KeptTool[];
  readonly is: readonly KeptTool[];
  readonly steps: Budget;
}

/** Of tools that share a name, a caller may mean any and be answered by any. */
function toolChange(tool: string, { was, is, steps }: Versions): ToolChange {
  const changes = was.flatMap((before) =>
    is.flatMap((after) => steps.lend((lent) => schemaChanges(before, after, lent))),
  );
  const once = [...new Map(changes.map((change) => [change.text, change])).values()];
  const told = once.sort((a, b) => Number(b.breaking) - Number(a.breaking));
  return {
    tool,
    changes: told.slice(0, MAX_CHANGES),
    breaking: told.some(({ breaking }) => breaking),
  };
}

function unknown(why: string): SchemaChange {
  return { path: "", kind: "unclear", breaking: true, text: `its schema changed, and ${why}` };
}
const NOT_KEPT = unknown("the list was too large for the schemas to be kept");
const TOO_LARGE = unknown("is too large to be compared");
const WORDS_ONLY: SchemaChange = {
  path: "",
  kind: "annotations",
  breaking: false,
  text: "only descriptions, or what else restricts nothing, changed",
};

function schemaChanges(before: KeptTool, after: KeptTool, steps: Steps): readonly SchemaChange[] {
  if (hashOf(before) === hashOf(after)) return [];
  if ("schemaHash" in before || "schemaHash" in after) return [NOT_KEPT];
  if (steps.left === 0) return [TOO_LARGE];
  if (Math.max(measure(before).chars, measure(after).chars) > MAX_SCHEMA_CHARS) return [TOO_LARGE];
  const [old, now] = [new Side(before.inputSchema), new Side(after.inputSchema)];
  const narrowings = demandsBeyond(old, now, steps);
  // What is allowed in addition is only told, so it may cost what is left.
  const widenings = demandsBeyond(now, old, steps).filter((one) => isNews(one, narrowings));
  const changes = [
    ...narrowings.map((one) => changeOf(one, one.narrowed, one.refuses)),
    ...widenings.map((one) => changeOf(one, one.widened, false)),
  ];
  return changes.length === 0 ? [WORDS_ONLY] : changes;
}

function changeOf({ path, kind }: Finding, text: string, breaking: boolean): SchemaChange {
  return { path, kind, breaking, text };
}

/** Not told already from the other side. */
function isNews(widening: Finding, narrowings: readonly Finding[]): boolean {
  if (widening.kind === "unclear") return holds(narrowings);
  return !narrowings.some(
    ({ path, kind }) => path === widening.path && kind === "property-required",
  );
}
