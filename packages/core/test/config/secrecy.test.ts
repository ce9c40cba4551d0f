import { describe, expect, it } from "vitest";
import { type ConfigFinding, parseConfig } from "../../src/config/index.ts";
import { SECRET } from "./fixtures.ts";
import { FULL, placesOf, replaced } from "./full-config.ts";

const PLANTS: readonly { readonly name: string; readonly plant: unknown }[] = [
  { name: "a literal", plant: SECRET },
  { name: "a bearer's literal", plant: `Bearer ${SECRET}` },
  { name: "a header line", plant: `X-Api-Key: ${SECRET}\r\n` },
  { name: "a reference", plant: { secret: SECRET } },
  { name: "a reference with its prefix", plant: { secret: `env:${SECRET}` } },
  { name: "a URL's password", plant: `https://me:${SECRET}@orders.example.com/mcp` },
  {
    name: "a URL's path, query and fragment",
    plant: `http://x.example.com/${SECRET}?k=${SECRET}#${SECRET}`,
  },
  { name: "a URL's scheme", plant: `${SECRET}://orders.example.com` },
  { name: "a list", plant: [SECRET] },
  { name: "a list of two", plant: [SECRET, SECRET] },
  { name: "a header's value", plant: { Authorization: SECRET } },
  { name: "a header's name", plant: { [`Authorization: Bearer ${SECRET}`]: SECRET } },
  { name: "credentials of another kind", plant: { type: SECRET, password: SECRET } },
  { name: "a bearer", plant: { type: "bearer", token: SECRET } },
];

const PLACES = placesOf(FULL);

const PROBLEM = /^[a-z].{4,}[^.]$/u;
const FIX = /^[A-Z].*\.$/u;

function findingsOf(input: unknown): readonly ConfigFinding[] {
  const read = parseConfig(input);
  return read.ok ? [] : read.findings;
}

describe("findings keep secrets", () => {
  it.each(PLANTS)("wherever $name is planted", ({ plant }) => {
    const told = PLACES.flatMap((place) => findingsOf(replaced(FULL, place, plant)));
    expect(told.length).toBeGreaterThan(PLACES.length / 2);
    expect(told.filter((finding) => JSON.stringify(finding).includes(SECRET))).toEqual([]);
  });
});

describe("anything at any place", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const JUNK: readonly { readonly name: string; readonly junk: unknown }[] = [
    { name: "null", junk: null },
    { name: "a number", junk: -0.5 },
    { name: "no number", junk: Number.NaN },
    { name: "a big number", junk: 10n ** 30n },
    { name: "empty text", junk: "" },
    { name: "text", junk: "__proto__" },
    { name: "true", junk: true },
    { name: "a list", junk: [] },
    { name: "an object", junk: {} },
    { name: "a list of lists", junk: [[], {}] },
    { name: "a date", junk: new Date(0) },
    { name: "a symbol", junk: Symbol("x") },
    { name: "a function", junk: () => FULL },
    { name: "a promise", junk: Promise.resolve(FULL) },
    { name: "a circle", junk: circle },
    { name: "an object without a prototype", junk: Object.create(null) },
    {
      name: "a key that is a trap",
      junk: JSON.parse('{"__proto__": {"type": "bearer"}, "constructor": 1}'),
    },
  ];

  it.each(JUNK)("is accepted or refused in words: $name", ({ junk }) => {
    const told = PLACES.flatMap((place) => findingsOf(replaced(FULL, place, junk)));
    expect(told.length).toBeGreaterThan(PLACES.length / 2);
    expect(told.filter(({ problem, fix }) => !PROBLEM.test(problem) || !FIX.test(fix))).toEqual([]);
  });

  it("is told where it is", () => {
    for (const place of PLACES.filter(({ length }) => length > 0)) {
      const told = findingsOf(replaced(FULL, place, Symbol("junk")));
      expect(told.map(({ path }) => path.split(/[.[]/)[0])).toContain(place[0]);
    }
  });
});
