import type { Facts, Part } from "./facts.ts";
import type { Schema } from "./json-schema.ts";
import type { Place } from "./place.ts";
import type { Sameness } from "./sameness.ts";
import type { Steps } from "./steps.ts";

/** What a change of a schema is about. */
export const CHANGE_KINDS = [
  "property-added",
  "property-removed",
  "property-required",
  "properties-closed",
  "type",
  "values",
  "range",
  "length",
  "pattern",
  "format",
  "items",
  "branches",
  "annotations",
  "unclear",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** A demand of one schema that the other one does not make. */
export interface Finding {
  /** `filter.region`, `ids[]`; empty for the arguments as a whole. */
  readonly path: string;
  readonly kind: ChangeKind;
  /** False for what is worth telling and refuses no value. */
  readonly refuses: boolean;
  /** How to say that the demand is new, and that it is gone. */
  readonly narrowed: string;
  readonly widened: string;
}

/** Where in the arguments: the way there, and what the old schema says of that place. */
export interface At {
  readonly path: string;
  readonly place: Place;
}

export interface Inquiry {
  readonly sameness: Sameness;
  readonly steps: Steps;
  /** Facts about a value that meets the given schemas of the first side, or of the second. */
  first(schemas: readonly unknown[]): Facts;
  second(schemas: readonly unknown[]): Facts;
  /** What `schema`, of the second side, demands beyond the facts, which are of the first. */
  include(facts: Facts, schema: unknown, at: At): readonly Finding[];
}

/** One set of keywords of the second side, held against what is known. */
export interface Look {
  readonly inquiry: Inquiry;
  readonly facts: Facts;
  readonly schema: Schema;
  readonly at: At;
}

export type Rule = (look: Look) => readonly Finding[];

export function holds(findings: readonly Finding[]): boolean {
  return !findings.some(({ refuses }) => refuses);
}

/** The keywords that are known to hold. */
export function known({ parts }: Facts): readonly Schema[] {
  return parts.flatMap((part: Part) => (part.kind === "keywords" ? [part.schema] : []));
}

const MAX_NAME = 60;

export function clip(text: string, max = MAX_NAME): string {
  const characters = [...text.slice(0, 2 * max)];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

export function join(path: string, name: string): string {
  return clip(path === "" ? name : `${path}.${name}`, 3 * MAX_NAME);
}

export function subject(path: string): string {
  return path === "" ? "the arguments object" : JSON.stringify(path);
}

/** What cannot be decided counts as refusing: see `compareTools`. `what` says what stands in the way. */
export function unclear(path: string, what: string): Finding {
  const changed = `${subject(path)} changed`;
  const narrowed = `${changed}, and whether it takes what it took is not clear (${what})`;
  return { path, kind: "unclear", refuses: true, narrowed, widened: `${changed} (${what})` };
}

export function refusal(finding: Omit<Finding, "refuses">): Finding {
  return { ...finding, refuses: true };
}

export function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((one) => [`${one.path}\n${one.narrowed}`, one])).values()];
}
