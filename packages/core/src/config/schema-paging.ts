import { duration } from "./duration.ts";
import { choice, flag, list, matching, strict, text } from "./leaf.ts";
import { MAX_EVERY_MS, MIN_REMINDER_MS } from "./limits.ts";
import { SEVERITIES } from "./types.ts";
import { url } from "./urls.ts";

const email = text({
  what: "an email address",
  fix: 'Write one address, for example "oncall@example.com".',
  problems: matching(
    /^[^\s@,;<>"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/,
    "is not an email address",
  ),
});

const addresses = {
  email: list(
    email,
    'Write a list of addresses, for example email: ["oncall@example.com"].',
  ).optional(),
  https: list(
    url({
      example: 'an address that takes pages, for example "https://events.example.com/vigil"',
      http: "nowhere",
    }),
    'Write a list of addresses, for example https: ["https://events.example.com/vigil"].',
  ).optional(),
};

const remindEvery = duration({
  minMs: MIN_REMINDER_MS,
  maxMs: MAX_EVERY_MS,
  fix: (span) => `Write a duration from ${span}, for example remindEvery: "30m".`,
});

const words = (what: string, example: string) =>
  list(
    text({ what, fix: `Write a word, for example ${example}.` }),
    `Write a list of words, for example [${example}].`,
  );

const route = strict(
  {
    when: strict(
      {
        severity: list(
          choice("a severity", SEVERITIES),
          'Write a list of severities, for example severity: ["critical"].',
        ).optional(),
        tags: words("a tag", '"payments"').optional(),
        owner: words("a name", '"team-orders"').optional(),
      },
      'Write { owner: ["team-orders"] }.',
    ),
    ...addresses,
  },
  'Write { when: { owner: ["team-orders"] }, email: ["orders@example.com"] }.',
);

export const pagingSchema = strict(
  {
    ...addresses,
    routes: list(
      route,
      'Write a list of routes, for example routes: [{ when: { owner: ["team-orders"] }, email: ["orders@example.com"] }].',
    ).optional(),
    remindEvery: remindEvery.optional(),
    degraded: flag(
      "Write degraded: true to page for targets that are only degraded too; otherwise leave it out.",
    ).optional(),
    deadman: url({
      example: 'the address to ping, for example "https://pings.example.com/vigil"',
      http: "loopback",
    }).optional(),
  },
  'Write { email: ["oncall@example.com"] }.',
);
