import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "no name",
    input: withTarget({ name: undefined }),
    finding: [
      "targets[0].name",
      "is missing",
      'Write 1 to 64 small letters, digits and hyphens, a letter or digit first and last, for example "orders-eu".',
    ],
  },
  {
    name: "a name with capitals and blanks",
    input: withTarget({ name: "Orders EU" }),
    finding: [
      "targets[0].name",
      "is not a valid name",
      'Write 1 to 64 small letters, digits and hyphens, a letter or digit first and last, for example "orders-eu".',
    ],
  },
  {
    name: "a name that ends in a hyphen",
    input: withTarget({ name: "orders-" }),
    finding: [
      "targets[0].name",
      "is not a valid name",
      'Write 1 to 64 small letters, digits and hyphens, a letter or digit first and last, for example "orders-eu".',
    ],
  },
  {
    name: "a name that is too long",
    input: withTarget({ name: "o".repeat(65) }),
    finding: [
      "targets[0].name",
      "is not a valid name",
      'Write 1 to 64 small letters, digits and hyphens, a letter or digit first and last, for example "orders-eu".',
    ],
  },
  {
    name: "an unknown key, nearly right",
    input: withTarget({ runbok: "https://wiki.example.com" }),
    finding: [
      "targets[0].runbok",
      "is an unknown key",
      "Did you mean runbook? Otherwise remove it.",
    ],
  },
  {
    name: "an unknown key in other capitals",
    input: withTarget({ clienttimeoutms: 1_000 }),
    finding: [
      "targets[0].clienttimeoutms",
      "is an unknown key",
      "Did you mean clientTimeoutMs? Otherwise remove it.",
    ],
  },
  {
    name: "an unknown key, like none",
    input: withTarget({ colour: "green" }),
    finding: [
      "targets[0].colour",
      "is an unknown key",
      "Remove it. The keys that belong here: name, url, region, allowSameRegion, tags, owner, severity, runbook, lambda, era, auth, headers, clientTimeoutMs, runTimeoutMs, slowMs, maxResponseBytes, confirm, expect, sentinels, stream, concurrency, maintenance.",
    ],
  },
];

describe("findings of a target", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
