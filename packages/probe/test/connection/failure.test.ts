import { expect, test } from "vitest";
import { codeOf } from "../../src/net/failure.ts";

function coded(code: string): Error {
  return Object.assign(new Error("at 10.0.0.1:443"), { code });
}

const AGGREGATES: readonly (readonly [codes: readonly string[], told: string])[] = [
  [["ENETUNREACH", "ECONNREFUSED"], "ECONNREFUSED"],
  [["ETIMEDOUT", "ECONNREFUSED"], "ECONNREFUSED"],
  [["EADDRNOTAVAIL", "ETIMEDOUT"], "ETIMEDOUT"],
  [["ENETUNREACH", "EHOSTUNREACH"], "EHOSTUNREACH"],
  [["EACCES", "EINVAL"], "EACCES"],
];
for (const [codes, told] of AGGREGATES) {
  test(`of ${codes.join(" and ")} the most telling is ${told}`, () => {
    expect(codeOf(new AggregateError(codes.map(coded)))).toBe(told);
  });
}
