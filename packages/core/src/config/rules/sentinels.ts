import { query } from "jsonpath-rfc9535";
import { includes } from "../../includes.ts";
import type { Found } from "../advice.ts";
import { isSingularPath } from "../json-path.ts";
import type { SalvagedTarget } from "../salvage.ts";
import { isBroken } from "../salvage.ts";
import type { TargetRule } from "./rule.ts";

type Expect = NonNullable<NonNullable<NonNullable<SalvagedTarget["sentinels"]>[number]>["expect"]>;

/** A rule about what one sentinel expects; paths count from there. */
type ExpectRule = (expect: Expect) => readonly Found[];

const nothingThereHasNoValue: ExpectRule = ({ jsonPath }) => {
  if (jsonPath?.exists !== false || !Object.hasOwn(jsonPath, "equals")) return [];
  return [
    {
      path: ["jsonPath"],
      problem: "wants nothing to be there (exists: false) and a value too (equals)",
      fix: "Remove one of them.",
    },
  ];
};

const equalsHoldsContains: ExpectRule = ({ contains, equals }) => {
  if (contains === undefined || equals === undefined || equals.includes(contains)) return [];
  return [
    {
      path: ["contains"],
      problem: "is no part of equals, so no answer can meet both",
      fix: "Remove one of them, or correct it.",
    },
  ];
};

/** Both look into the structured content, where a singular path has one place. */
const pathAgreesWithStructured: ExpectRule = (expect) => {
  const { structured, jsonPath } = expect;
  if (structured === undefined || jsonPath?.path === undefined) return [];
  if (isBroken(expect, "jsonPath") || !isSingularPath(jsonPath.path)) return [];
  const found = query(structured as Parameters<typeof query>[0], jsonPath.path);
  if (found.length === 0) return [];
  if (jsonPath.exists === false) {
    return [contradiction("wants nothing to be where structured wants a value")];
  }
  const { equals } = jsonPath;
  if (equals === undefined || includes(equals, found[0])) return [];
  return [contradiction("wants another value than structured does in the same place")];
};

function contradiction(problem: string): Found {
  return { path: ["jsonPath"], problem, fix: "Remove one of them, or make them agree." };
}

const EXPECT_RULES: readonly ExpectRule[] = [
  nothingThereHasNoValue,
  equalsHoldsContains,
  pathAgreesWithStructured,
];

/** What one sentinel expects can be met by some answer. */
export const expectationsCanBeMet: TargetRule = ({ target: { sentinels = [] } }) =>
  sentinels.flatMap((sentinel, index) => {
    const expect = sentinel?.expect;
    if (expect === undefined) return [];
    const found = EXPECT_RULES.flatMap((rule) => rule(expect));
    return found.map((one) => ({ ...one, path: ["sentinels", index, "expect", ...one.path] }));
  });
