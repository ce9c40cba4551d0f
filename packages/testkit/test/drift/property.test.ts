import { compareTools, type SchemaChange } from "@vigil/core";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BRANCH_EDITS, EDITS, editSomewhere, type Pick } from "./edits.ts";
import { bearsNewName, candidates, type Located } from "./samples.ts";
import { inputSchema, type Node, nodeOf } from "./schemas.ts";

/** `DRIFT_RUNS=20000 PROPERTY_SEED=$RANDOM npx vitest run …` looks further, and elsewhere. */
const RUNS = Number(process.env["DRIFT_RUNS"] ?? 150);

type Members = Record<string, unknown>;

interface Pair {
  readonly before: Members;
  readonly after: Members;
  readonly edits: readonly string[];
}

interface Grammar {
  readonly branches: boolean;
  readonly edits: Readonly<Record<string, (typeof EDITS)[string]>>;
  readonly most: number;
}

/** A schema and what some edits made of it. */
function pairs({ branches, edits, most }: Grammar): fc.Arbitrary<Pair> {
  const change = fc.record({
    name: fc.constantFrom(...Object.keys(edits)),
    picks: fc.array(fc.nat({ max: 5_039 }), { minLength: 8, maxLength: 8 }),
    other: nodeOf({ branches }, 1),
  });
  return fc
    .tuple(inputSchema({ branches }), fc.array(change, { minLength: 1, maxLength: most }))
    .map(([before, changes]) => {
      const after = changes.reduce<Node>((schema, { name, picks, other }) => {
        const edit = edits[name];
        return edit === undefined ? schema : editSomewhere(schema, edit, picker(picks), other);
      }, before);
      // A tool takes an object, whatever else its schema says.
      const whole = typeof after === "boolean" ? before : after;
      const kept = {
        ...whole,
        type: "object",
        ...("$defs" in before && !("$defs" in whole) ? { $defs: before["$defs"] } : {}),
      };
      return { before, after: kept, edits: changes.map(({ name }) => name) };
    });
}

function picker(picks: readonly number[]): Pick {
  let at = 0;
  return (below) => {
    at += 1;
    return (picks[at % picks.length] ?? 0) % below;
  };
}

const PATIENCE_MS = 120_000 + 100 * RUNS;

const OPTIONS = {
  strict: false,
  validateFormats: false,
  logger: false,
  validateSchema: false,
  addUsedSchema: false,
} as const;

/** Draft-07 knows nothing of `prefixItems` and the like. */
const DIALECTS = [
  {
    name: "2020-12",
    schema: "https://json-schema.org/draft/2020-12/schema",
    validator: new Ajv2020(OPTIONS),
  },
  {
    name: "draft-07",
    schema: "http://json-schema.org/draft-07/schema#",
    validator: new Ajv(OPTIONS),
  },
] as const;

/**
 * Ajv has no opinion of a schema that leads back to itself at the same place, which means nothing
 * (its stack overflows), nor of `unevaluated…` beside some patterns, where its own code breaks.
 */
function orSkip<T>(check: () => T): T {
  try {
    return check();
  } catch {
    return fc.pre(false) as never;
  }
}

interface Outcome {
  readonly breaking: boolean;
  readonly unclear: boolean;
  readonly counterexample: string | null;
  readonly valid: number;
  readonly changes: readonly SchemaChange[];
}

/** Classifies the pair, and looks for arguments that were valid and are not. */
function outcomeOf(pair: Pair, { schema, validator }: (typeof DIALECTS)[number]): Outcome {
  const [before, after] = [pair.before, pair.after].map((one) => ({ $schema: schema, ...one }));
  const tool = (one: unknown) => [{ name: "t", inputSchema: one }];
  const { breaking, changed } = compareTools(tool(before), tool(after));
  const changes = changed.flatMap((change) => change.changes);
  const [wasValid, isValid] = orSkip(
    () => [validator.compile(before ?? {}), validator.compile(after ?? {})] as const,
  );
  const old: Located = { schema: before, root: before ?? {} };
  const now: Located = { schema: after, root: after ?? {} };
  const samples = candidates([old, now]).filter((sample) =>
    orSkip(() => wasValid(sample) === true),
  );
  const refused = samples.find(
    (sample) => orSkip(() => isValid(sample) !== true) && !bearsNewName(sample, [old], [now]),
  );
  return {
    breaking,
    unclear: changes.some(({ kind, breaking: breaks }) => breaks && kind === "unclear"),
    counterexample: refused === undefined ? null : JSON.stringify(refused),
    valid: samples.length,
    changes,
  };
}

interface Tally {
  runs: number;
  breaking: number;
  sound: number;
  refuted: number;
  unclear: number;
  tried: number;
}

function tally(): Tally {
  return { runs: 0, breaking: 0, sound: 0, refuted: 0, unclear: 0, tried: 0 };
}

function count(into: Tally, outcome: Outcome): void {
  into.runs += 1;
  into.tried += outcome.valid;
  if (outcome.unclear) into.unclear += 1;
  if (outcome.breaking) into.breaking += 1;
  else into.sound += 1;
  if (outcome.counterexample !== null) into.refuted += 1;
}

describe.each(DIALECTS)("a comparison of schemas, held against Ajv in $name", (dialect) => {
  it("never calls sound what refuses arguments that were valid", { timeout: PATIENCE_MS }, () => {
    const seen = tally();
    const grammar = { branches: true, edits: { ...EDITS, ...BRANCH_EDITS }, most: 3 };
    fc.assert(
      fc.property(pairs(grammar), (pair) => {
        const outcome = outcomeOf(pair, dialect);
        count(seen, outcome);
        const { breaking, counterexample } = outcome;
        expect({ breaking, counterexample }).toEqual(
          breaking ? { breaking, counterexample } : { breaking: false, counterexample: null },
        );
      }),
      { numRuns: RUNS },
    );
    // What the samples can show, and that they are many.
    expect(seen.sound / seen.runs).toBeGreaterThan(0.15);
    expect(seen.refuted / seen.runs).toBeGreaterThan(0.2);
    expect(seen.tried / seen.runs).toBeGreaterThan(10);
  });

  const title =
    "calls breaking only what refuses arguments that were valid, where it can be decided";
  it(title, { timeout: PATIENCE_MS }, () => {
    const seen = tally();
    fc.assert(
      fc.property(pairs({ branches: false, edits: EDITS, most: 1 }), (pair) => {
        const outcome = outcomeOf(pair, dialect);
        count(seen, outcome);
        const { breaking, unclear, counterexample, changes } = outcome;
        const told = changes.filter((one) => one.breaking).map(({ text }) => text);
        if (unclear) return;
        expect({ told, refuted: counterexample !== null }).toEqual({ told, refuted: breaking });
      }),
      { numRuns: RUNS },
    );
    expect(seen.unclear / seen.runs).toBeLessThan(0.05);
    expect(seen.sound / seen.runs).toBeGreaterThan(0.2);
    expect(seen.refuted / seen.runs).toBeGreaterThan(0.2);
  });
});
