import { FAILURE_CODES } from "@vigil/core";
import { describe, expect, test } from "vitest";
import { FUNCTION_CODES } from "../src/blanks.ts";
import { FAULTS } from "../src/faults/index.ts";
import { type Cell, matrix } from "../src/matrix.ts";

const CELLS = matrix();
const nameOf = ({ code, step, era }: Cell) => `${code} at ${step} (${era})`;

describe("the matrix of code, step and era", () => {
  test("has a cell for each", () => {
    expect(CELLS.length).toBe(FAILURE_CODES.length * 9 * 2);
  });

  test("has a fault for every code", () => {
    const played = new Set([...FAULTS.map(({ code }) => code), ...FUNCTION_CODES]);
    expect(FAILURE_CODES.filter((code) => !played.has(code))).toEqual([]);
  });

  test("has a fault or a reason in every cell", () => {
    const neither = CELLS.filter(({ plays, blank }) => plays.length === 0 && blank === null);
    expect(neither.map(nameOf)).toEqual([]);
  });

  test("has no reason where there is a fault", () => {
    const both = CELLS.filter(({ plays, blank }) => plays.length > 0 && blank !== null);
    expect(both.map(nameOf)).toEqual([]);
  });

  test("names every fault once", () => {
    const names = FAULTS.map(({ code, title }) => `${code}: ${title}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test("plays every fault in some cell", () => {
    const inCells = new Set(CELLS.flatMap(({ plays }) => plays.map(({ fault }) => fault)));
    expect(FAULTS.filter((fault) => !inCells.has(fault))).toEqual([]);
  });
});
