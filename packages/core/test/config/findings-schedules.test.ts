import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/index.ts";
import { asFindings, type BadRow, withTarget } from "./fixtures.ts";

/** One bad config per rule, and the one finding that it yields. */
const ROWS: readonly BadRow[] = [
  {
    name: "a cron expression of six fields",
    input: withTarget({ maintenance: [{ cron: "0 3 ? * SUN *", minutes: 30 }] }),
    finding: [
      "targets[0].maintenance[0].cron",
      "has 6 fields and needs 5",
      'Write minute, hour, day of the month, month and day of the week, in UTC, for example "0 3 * * 0" for Sundays at 03:00.',
    ],
  },
  {
    name: "a cron expression of one field",
    input: withTarget({ maintenance: [{ cron: "daily", minutes: 30 }] }),
    finding: [
      "targets[0].maintenance[0].cron",
      "has 1 field and needs 5",
      'Write minute, hour, day of the month, month and day of the week, in UTC, for example "0 3 * * 0" for Sundays at 03:00.',
    ],
  },
  {
    name: "a cron expression with fields out of range",
    input: withTarget({ maintenance: [{ cron: "60 24 * * 8", minutes: 30 }] }),
    finding: [
      "targets[0].maintenance[0].cron",
      "has a field that cron cannot read: minute (0-59), hour (0-23), day of the week (0-7)",
      'Write minute, hour, day of the month, month and day of the week, in UTC, for example "0 3 * * 0" for Sundays at 03:00.',
    ],
  },
  {
    name: "a cron expression that never comes",
    input: withTarget({ maintenance: [{ cron: "0 3 31 2,4 *", minutes: 30 }] }),
    finding: [
      "targets[0].maintenance[0].cron",
      "names a day that never comes",
      'Write minute, hour, day of the month, month and day of the week, in UTC, for example "0 3 * * 0" for Sundays at 03:00.',
    ],
  },
  {
    name: "maintenance of no length",
    input: withTarget({ maintenance: [{ cron: "0 3 * * 0", minutes: 0 }] }),
    finding: [
      "targets[0].maintenance[0].minutes",
      "is 0; the least allowed is 1",
      "Write how long the window lasts, from 1 to 1440 minutes, for example minutes: 30.",
    ],
  },
  {
    name: "maintenance longer than a day",
    input: withTarget({ maintenance: [{ cron: "0 3 * * 0", minutes: 1_441 }] }),
    finding: [
      "targets[0].maintenance[0].minutes",
      "is 1441; the most allowed is 1440",
      "Write how long the window lasts, from 1 to 1440 minutes, for example minutes: 30.",
    ],
  },
  {
    name: "maintenance that is no list",
    input: withTarget({ maintenance: { cron: "0 3 * * 0", minutes: 30 } }),
    finding: [
      "targets[0].maintenance",
      "must be a list, not an object",
      'Write a list, for example maintenance: [{ cron: "0 3 * * 0", minutes: 30 }].',
    ],
  },
  {
    name: "a maintenance window that is a text",
    input: withTarget({ maintenance: ["0 3 * * 0"] }),
    finding: [
      "targets[0].maintenance[0]",
      "must be an object, not text",
      'Write { cron: "0 3 * * 0", minutes: 30 }.',
    ],
  },
  {
    name: "concurrency without a unit",
    input: withTarget({ concurrency: { every: "60" } }),
    finding: [
      "targets[0].concurrency.every",
      "is not a duration",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "concurrency as a number",
    input: withTarget({ concurrency: { every: 60 } }),
    finding: [
      "targets[0].concurrency.every",
      "must be a duration, not a number",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "concurrency too often",
    input: withTarget({ concurrency: { every: "30s" } }),
    finding: [
      "targets[0].concurrency.every",
      "is not from 1m to 24h",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "concurrency too seldom",
    input: withTarget({ concurrency: { every: "25h" } }),
    finding: [
      "targets[0].concurrency.every",
      "is not from 1m to 24h",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "a stream too often",
    input: withTarget({ stream: { tool: "progress", every: "59s" } }),
    finding: [
      "targets[0].stream.every",
      "is not from 1m to 24h",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "a stream every so many minutes, as a number",
    input: withTarget({ stream: { tool: "progress", every: 10 } }),
    finding: [
      "targets[0].stream.every",
      "must be a duration, not a number",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "CORS too seldom",
    input: withTarget({ expect: { cors: { origin: "https://app.example.com", every: "2d" } } }),
    finding: [
      "targets[0].expect.cors.every",
      "is not a duration",
      'Write a duration from 1m to 24h, for example every: "60m".',
    ],
  },
  {
    name: "concurrency of one client",
    input: withTarget({ concurrency: { clients: 1 } }),
    finding: [
      "targets[0].concurrency.clients",
      "is 1; the least allowed is 2",
      "Write from 2 to 20 clients, for example clients: 3; each opens an environment of the function.",
    ],
  },
  {
    name: "concurrency of a crowd",
    input: withTarget({ concurrency: { clients: 21 } }),
    finding: [
      "targets[0].concurrency.clients",
      "is 21; the most allowed is 20",
      "Write from 2 to 20 clients, for example clients: 3; each opens an environment of the function.",
    ],
  },
  {
    name: "concurrency that is no object",
    input: withTarget({ concurrency: 3 }),
    finding: [
      "targets[0].concurrency",
      "must be an object, not a number",
      'Write { every: "60m", clients: 3 }.',
    ],
  },
];

describe("findings of maintenance and of further steps", () => {
  it.each(ROWS)("$name", ({ input, finding }) => {
    expect(parseConfig(input)).toEqual(asFindings(finding));
  });
});
