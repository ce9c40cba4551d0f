import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../src/redact.ts";
import { base64, ENCODER_ROWS, redacted } from "./spellings.ts";

describe("whatever the secret", () => {
  const secret = fc
    .string({ minLength: 4, maxLength: 40, unit: "grapheme" })
    .filter((text) => text.trim() === text && [...text].length >= 4)
    .filter((text) => !/^(?:basic|bearer|token|apikey)\s/i.test(text));
  const around = fc.string({ maxLength: 60, unit: "grapheme" });
  const encoder = fc.constantFrom(...ENCODER_ROWS);

  it("no encoding of it survives, in any position", () => {
    fc.assert(
      fc.property(secret, around, around, encoder, (planted, before, after, { encode }) => {
        const written = encode(planted);
        const out = redacted([planted, "another-one"], `${before}${written}${after}`);
        expect(out.includes(written)).toBe(false);
        expect(out).toMatch(/\[redacted\]|\*\*\*/);
      }),
      { numRuns: 500 },
    );
  });

  it("base64 of a text around it no longer tells it", () => {
    fc.assert(
      fc.property(secret, around, around, (planted, before, after) => {
        const out = redacted(planted, base64(before + planted + after));
        const settled = Math.floor((Buffer.byteLength(planted) * 8) / 6) - 1;
        const left = out.replace(/\[redacted\]|\*\*\*/g, "").length;
        expect(base64(before + planted + after).length - left).toBeGreaterThanOrEqual(settled);
      }),
    );
  });

  it("no beginning of six characters survives at a cut", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_\-./+]{7,40}$/);
    fc.assert(
      fc.property(token, around, fc.nat(), (planted, before, cut) => {
        const length = 1 + (cut % planted.length);
        const out = redacted(planted, before + planted.slice(0, length));
        if (length >= 6) expect(out.endsWith(planted.slice(0, length))).toBe(false);
      }),
    );
  });

  it("redacting twice changes nothing more", () => {
    fc.assert(
      fc.property(secret, around, around, (planted, before, after) => {
        const redact = createRedactor([planted]);
        const once = redact(`${before}${planted}${after}`);
        expect(redact(once)).toBe(once);
      }),
    );
  });
});
