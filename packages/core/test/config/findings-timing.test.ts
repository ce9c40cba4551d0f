import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, GOOD, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a time-out as a text",
    input: withTarget({ clientTimeoutMs: "10s" }),
    finding: [
      "targets[0].clientTimeoutMs",
      "must be a number of milliseconds, not text",
      "Write how long a client waits for one answer, below a minute, for example clientTimeoutMs: 10_000.",
    ],
  },
  {
    name: "a time-out of part of a millisecond",
    input: withTarget({ clientTimeoutMs: 1_000.5 }),
    finding: [
      "targets[0].clientTimeoutMs",
      "must be a whole number",
      "Write how long a client waits for one answer, below a minute, for example clientTimeoutMs: 10_000.",
    ],
  },
  {
    name: "a time-out of nothing",
    input: withTarget({ clientTimeoutMs: 0 }),
    finding: [
      "targets[0].clientTimeoutMs",
      "is 0; the least allowed is 1",
      "Write how long a client waits for one answer, below a minute, for example clientTimeoutMs: 10_000.",
    ],
  },
  {
    name: "a run of a minute",
    input: withTarget({ runTimeoutMs: 60_000 }),
    finding: [
      "targets[0].runTimeoutMs",
      "is 60000; the most allowed is 59999",
      "Write how long one attempt may take, below a minute because a run starts every minute, for example runTimeoutMs: 15_000.",
    ],
  },
  {
    name: "slow that is no number",
    input: withTarget({ slowMs: null }),
    finding: [
      "targets[0].slowMs",
      "must be a number of milliseconds, not null",
      "Write from how many milliseconds on a run is slow, for example slowMs: 3_000.",
    ],
  },
  {
    name: "no bytes at all",
    input: withTarget({ maxResponseBytes: 0 }),
    finding: [
      "targets[0].maxResponseBytes",
      "is 0; the least allowed is 1",
      "Write how many bytes an answer may have, for example maxResponseBytes: 1048576.",
    ],
  },
  {
    name: "more bytes than a probe can hold",
    input: withTarget({ maxResponseBytes: 200 * 1_048_576 }),
    finding: [
      "targets[0].maxResponseBytes",
      "is 209715200; the most allowed is 104857600",
      "Write how many bytes an answer may have, for example maxResponseBytes: 1048576.",
    ],
  },
  {
    name: "a client that outwaits the run, both of the target",
    input: withTarget({ clientTimeoutMs: 15_000, runTimeoutMs: 15_000 }),
    finding: [
      "targets[0].clientTimeoutMs",
      "is not below runTimeoutMs (15000)",
      "Write clientTimeoutMs below 15000, or runTimeoutMs above 15000.",
    ],
  },
  {
    name: "a client that outwaits the defaults' run",
    input: withTarget({ clientTimeoutMs: 13_000 }, { defaults: { runTimeoutMs: 12_000 } }),
    finding: [
      "targets[0].clientTimeoutMs",
      "is not below runTimeoutMs (12000, from defaults)",
      "Write clientTimeoutMs below 12000, or runTimeoutMs above 13000.",
    ],
  },
  {
    name: "a run shorter than the defaults' client",
    input: withTarget({ runTimeoutMs: 8_000 }, { defaults: { clientTimeoutMs: 9_000 } }),
    finding: [
      "targets[0].runTimeoutMs",
      "is not above clientTimeoutMs (9000, from defaults)",
      "Write clientTimeoutMs below 8000, or runTimeoutMs above 9000.",
    ],
  },
  {
    name: "defaults that clash among themselves",
    input: { ...GOOD, defaults: { clientTimeoutMs: 9_000, runTimeoutMs: 8_000 } },
    finding: [
      "defaults.clientTimeoutMs",
      "is not below runTimeoutMs (8000)",
      "Write clientTimeoutMs below 8000, or runTimeoutMs above 9000.",
    ],
  },
  {
    name: "slow that is never reached",
    input: withTarget({ slowMs: 10_000 }),
    finding: [
      "targets[0].slowMs",
      "is not below clientTimeoutMs (10000, by default)",
      "Write slowMs below 10000, or clientTimeoutMs above 10000.",
    ],
  },
  {
    name: "slow that is never reached within the run",
    input: withTarget({ slowMs: 7_000, runTimeoutMs: 6_000 }),
    finding: [
      "targets[0].slowMs",
      "is not below clientTimeoutMs (5999, by default)",
      "Write slowMs below 5999, or clientTimeoutMs above 7000.",
    ],
  },
  {
    name: "a client less patient than the defaults' slow",
    input: withTarget({ clientTimeoutMs: 2_000 }, { defaults: { slowMs: 2_500 } }),
    finding: [
      "targets[0].clientTimeoutMs",
      "is not above slowMs (2500, from defaults)",
      "Write slowMs below 2000, or clientTimeoutMs above 2500.",
    ],
  },
  {
    name: "waits that are no list",
    input: withTarget({ confirm: { delaysMs: 2_000 } }),
    finding: [
      "targets[0].confirm.delaysMs",
      "must be a list, not a number",
      "Write the wait before each repeat, for example delaysMs: [2_000, 6_000], or [] for no repeat.",
    ],
  },
  {
    name: "a wait below nothing",
    input: withTarget({ confirm: { delaysMs: [-1] } }),
    finding: [
      "targets[0].confirm.delaysMs[0]",
      "is -1; the least allowed is 0",
      "Write the wait before a repeat in milliseconds, for example 2_000.",
    ],
  },
  {
    name: "waits that are not sorted",
    input: withTarget({ confirm: { delaysMs: [6_000, 2_000] } }),
    finding: [
      "targets[0].confirm.delaysMs",
      "has a longer wait before a shorter one",
      "Write delaysMs: [2000, 6000]: each repeat waits at least as long as the one before.",
    ],
  },
  {
    name: "waits that take all the time there is",
    input: withTarget({ confirm: { delaysMs: [5_000, 15_000] } }),
    finding: [
      "targets[0].confirm.delaysMs",
      "waits 20000 ms in all, which is not below withinMs (20000, by default)",
      "Write shorter waits, or withinMs above 20000.",
    ],
  },
  {
    name: "waits beyond any time there can be",
    input: withTarget({ confirm: { delaysMs: [30_000, 30_000] } }),
    finding: [
      "targets[0].confirm.delaysMs",
      "waits 60000 ms in all, which is not below withinMs (20000, by default)",
      "Write shorter waits.",
    ],
  },
  {
    name: "the defaults' waits in too little time",
    input: withTarget(
      { confirm: { withinMs: 12_000 } },
      { defaults: { confirm: { delaysMs: [6_000, 6_000] } } },
    ),
    finding: [
      "targets[0].confirm.withinMs",
      "is not above the waits of delaysMs (12000 ms in all, from defaults)",
      "Write shorter waits, or withinMs above 12000.",
    ],
  },
  {
    name: "too little time to repeat a time-out",
    input: withTarget({ confirm: { withinMs: 11_000 } }),
    finding: [
      "targets[0].confirm.withinMs",
      "leaves no time for a repeat after a time-out at clientTimeoutMs (10000, by default)",
      "Write a withinMs of 12000 or more, a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.",
    ],
  },
  {
    name: "a client too patient for the defaults' confirmation",
    input: withTarget({ clientTimeoutMs: 19_000 }, { defaults: { confirm: { withinMs: 20_000 } } }),
    finding: [
      "targets[0].clientTimeoutMs",
      "leaves no time for a repeat within confirm.withinMs (20000, from defaults)",
      "Write a withinMs of 21000 or more, a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.",
    ],
  },
  {
    name: "a client too patient for any confirmation",
    input: withTarget({ clientTimeoutMs: 58_500 }),
    finding: [
      "targets[0].clientTimeoutMs",
      "leaves no time for a repeat within confirm.withinMs (59999, by default)",
      "Write a shorter clientTimeoutMs, or confirm: { delaysMs: [] } for no repeats.",
    ],
  },
  {
    name: "confirmation of a minute",
    input: withTarget({ confirm: { withinMs: 60_000 } }),
    finding: [
      "targets[0].confirm.withinMs",
      "is 60000; the most allowed is 59999",
      "Write the time for the first attempt and its repeats together, below a minute, for example withinMs: 20_000.",
    ],
  },
  {
    name: "an unknown key of confirm",
    input: withTarget({ confirm: { delays: [2_000] } }),
    finding: [
      "targets[0].confirm.delays",
      "is an unknown key",
      "Did you mean delaysMs? Otherwise remove it.",
    ],
  },
  {
    name: "confirm that is no object",
    input: withTarget({ confirm: false }),
    finding: [
      "targets[0].confirm",
      "must be an object, not true or false",
      "Write { delaysMs: [2_000, 6_000], withinMs: 20_000 }.",
    ],
  },
];

describe("findings of times and sizes", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
