import * as z from "zod";
import { type Advice, encodeAdvice, oneOf, wrongKind } from "./advice.ts";
import { nearest } from "./nearest.ts";

/** What each value of the config is, in words; bounds come from the same place as the check's. */
const SHAPES = z.registry<{ readonly shape: string }>();

/** Completes "must be …"; null for a list or an object, whose members have shapes of their own. */
export function shapeOf(schema: z.ZodType): string | null {
  return SHAPES.get(schema)?.shape ?? null;
}

/**
 * One value of the config, `shape` in words, checked by `check`, which says everything that is wrong
 * with it.
 */
export function leaf<T>(
  shape: string,
  check: (value: unknown) => readonly Advice[],
): z.ZodType<T, T> {
  const schema = z.custom<T>().superRefine((value, context) => {
    for (const { at = [], problem, fix } of check(value)) {
      const message = encodeAdvice([{ problem, fix }]);
      context.addIssue({ code: "custom", message, path: [...at] });
    }
  });
  return schema.register(SHAPES, { shape });
}

interface TextOptions {
  /** Completes "must be …". */
  readonly what: string;
  /** What is allowed, where `what` alone does not tell. */
  readonly form?: string;
  readonly fix: string;
  /** Further problems of a text that is not blank. */
  readonly problems?: (text: string) => readonly string[];
}

export function text({ what, form, fix, problems }: TextOptions): z.ZodType<string, string> {
  return leaf(form ?? what, (value) => {
    if (typeof value !== "string" || value.trim() === "") {
      return [{ problem: wrongKind(value, what), fix }];
    }
    return (problems?.(value) ?? []).map((problem) => ({ problem, fix }));
  });
}

/** The `problems` of a text that has to match. */
export function matching(pattern: RegExp, problem: string): (text: string) => readonly string[] {
  return (value) => (pattern.test(value) ? [] : [problem]);
}

interface NumberOptions {
  /** Completes "must be …". */
  readonly what: string;
  readonly min: number;
  readonly max: number;
  readonly fix: string;
  readonly fraction?: boolean;
}

export function number({ what, min, max, fix, fraction = false }: NumberOptions) {
  const shape = `${what}, ${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
  return leaf<number>(shape, (value) => {
    const problem = numberProblem(value, { what, min, max, fraction });
    return problem === null ? [] : [{ problem, fix }];
  });
}

function numberProblem(
  value: unknown,
  { what, min, max, fraction }: Omit<Required<NumberOptions>, "fix">,
): string | null {
  if (typeof value !== "number") return wrongKind(value, what);
  if (!Number.isFinite(value)) return "must be a finite number";
  if (!fraction && !Number.isInteger(value)) return "must be a whole number";
  if (value < min) return `is ${value}; the least allowed is ${min}`;
  return value > max ? `is ${value}; the most allowed is ${max}` : null;
}

/** One of a few words; `what` completes "must be …". */
export function choice<T extends string>(what: string, words: readonly T[]): z.ZodType<T, T> {
  const quoted = words.map((word) => `"${word}"`);
  return leaf(oneOf(quoted), (value) => {
    if (typeof value === "string" && words.some((word) => word === value)) return [];
    const meant = typeof value === "string" ? nearest(value, words) : null;
    const hint = meant === null ? "" : `Did you mean "${meant}"? `;
    const problem = typeof value === "string" ? `is not ${what}` : wrongKind(value, what);
    return [{ problem, fix: `${hint}Write ${oneOf(quoted)}.` }];
  });
}

const FLAG = "true or false";

export function flag(fix: string): z.ZodType<boolean, boolean> {
  return leaf(FLAG, (value) =>
    typeof value === "boolean" ? [] : [{ problem: wrongKind(value, FLAG), fix }],
  );
}

/** An object that takes its own keys and no others. */
export function strict<S extends z.core.$ZodLooseShape>(shape: S, fix: string) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      encodeAdvice(
        issue.code === "unrecognized_keys"
          ? issue.keys.map((key) => unknownKey(key, known))
          : [{ problem: wrongKind(issue.input, "an object"), fix }],
      ),
  });
}

function unknownKey(key: string, known: readonly string[]): Advice {
  const meant = nearest(key, known);
  const fix =
    meant === null
      ? `Remove it. The keys that belong here: ${known.join(", ")}.`
      : `Did you mean ${meant}? Otherwise remove it.`;
  return { at: [key], problem: "is an unknown key", fix };
}

export function list<T extends z.ZodType>(item: T, fix: string) {
  return listOf(item, fix).readonly();
}

interface SomeOptions {
  readonly fix: string;
  /** The problem of an empty list. */
  readonly empty: string;
}

/** A list with one item at least. */
export function someOf<T extends z.ZodType>(item: T, { fix, empty }: SomeOptions) {
  const error = () => encodeAdvice([{ problem: empty, fix }]);
  return listOf(item, fix).min(1, { error }).readonly();
}

function listOf<T extends z.ZodType>(item: T, fix: string) {
  const error = ({ input }: { input?: unknown }) =>
    encodeAdvice([{ problem: wrongKind(input, "a list"), fix }]);
  return z.array(item, { error });
}
