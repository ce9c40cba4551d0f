import type * as z from "zod";
import { LEGACY_VERSIONS, MODERN_VERSION } from "../run.ts";
import { cronProblems } from "./cron.ts";
import { duration } from "./duration.ts";
import { headerMap } from "./header-map.ts";
import { choice, flag, list, matching, number, strict, text } from "./leaf.ts";
import {
  MAX_CLIENTS,
  MAX_EVERY_MS,
  MAX_GAP_ALLOWANCE_MS,
  MAX_NAME_LENGTH,
  MAX_RUN_TIMEOUT_MS,
  MAX_WINDOW_MINUTES,
  MIN_EVERY_MS,
  MIN_GAP_ALLOWANCE_MS,
} from "./limits.ts";
import { region } from "./regions.ts";
import { authSchema } from "./schema-auth.ts";
import { limitShape } from "./schema-limits.ts";
import { sentinelSchema, toolArguments, toolName } from "./schema-sentinel.ts";
import { ERA_CHOICES, SEVERITIES } from "./types.ts";
import { url } from "./urls.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

const name = text({
  what: "a name",
  form: `1 to ${MAX_NAME_LENGTH} of \`a-z 0-9 -\``,
  fix: `Write 1 to ${MAX_NAME_LENGTH} small letters, digits and hyphens, a letter or digit first and last, for example "orders-eu".`,
  problems: (value) =>
    NAME.test(value) && value.length <= MAX_NAME_LENGTH ? [] : ["is not a valid name"],
});

const targetUrl = url({
  example: 'the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp"',
  http: "loopback",
});

const tag = text({ what: "a tag", fix: 'Write a word, for example "payments".' });

const owner = text({
  what: "a name",
  fix: 'Write who answers for the target, for example "team-orders".',
});

const runbook = url({
  example: 'the address of a page, for example "https://wiki.example.com/orders"',
  http: "anywhere",
  shape: "page",
});

const lambda = strict(
  {
    functionName: text({
      what: "a function's name",
      form: "a function's name, without its ARN",
      fix: 'Write the name alone, without its ARN, for example "McpServer".',
      problems: matching(/^[A-Za-z0-9_-]{1,64}$/, "is not a Lambda function's name"),
    }),
    qualifier: text({
      what: "an alias or a version",
      fix: 'Write the alias or version that serves clients, for example "production", "7" or "$LATEST".',
      problems: matching(
        /^(?:\$LATEST|[A-Za-z0-9_-]{1,128})$/,
        "is neither an alias nor a version",
      ),
    }).optional(),
    reportLines: flag(
      "Write reportLines: true to look for proof of cold starts in the function's log; otherwise leave it out.",
    ).optional(),
    logGroup: text({
      what: "a log group",
      fix: 'Write the log group that the function writes to, for example "/aws/lambda/McpServer".',
      problems: matching(/^[A-Za-z0-9_/.#-]{1,512}$/, "is not a log group's name"),
    }).optional(),
    gapAllowance: duration({
      minMs: MIN_GAP_ALLOWANCE_MS,
      maxMs: MAX_GAP_ALLOWANCE_MS,
      fix: (span) =>
        `Write how long pages wait for a deployment's gap to close, from ${span}, for example gapAllowance: "10m".`,
    }).optional(),
  },
  'Write { functionName: "McpServer", qualifier: "production" }.',
);

const minProtocolVersion = choice("a protocol version that Vigil speaks", [
  MODERN_VERSION,
  ...LEGACY_VERSIONS,
]);

/** How often a further step is taken. */
const every = duration({
  minMs: MIN_EVERY_MS,
  maxMs: MAX_EVERY_MS,
  fix: (span) => `Write a duration from ${span}, for example every: "60m".`,
});

const expect = strict(
  {
    tools: list(
      toolName,
      'Write the names of tools, for example tools: ["query_table"].',
    ).optional(),
    minTools: number({
      what: "a number of tools",
      min: 0,
      max: 10_000,
      fix: "Write how many tools the server must list at least, for example minTools: 1.",
    }).optional(),
    minProtocolVersion: minProtocolVersion.optional(),
    cors: strict(
      {
        origin: url({
          example:
            'the origin of the page that uses the server, for example "https://app.example.com"',
          http: "loopback",
          shape: "origin",
        }),
        every: every.optional(),
      },
      'Write { origin: "https://app.example.com" }.',
    ).optional(),
    getStream: flag(
      "Write getStream: true if clients must be able to open the stream that GET offers.",
    ).optional(),
    unauthenticated: choice("an expectation of this kind", ["challenge"]).optional(),
  },
  'Write { tools: ["query_table"], minTools: 1 }.',
);

const stream = strict(
  {
    tool: toolName,
    every: every.optional(),
    arguments: toolArguments.optional(),
    minEvents: number({
      what: "a number of events",
      min: 2,
      max: 1_000,
      fix: "Write minEvents: 2 or more; one event cannot show that events arrive one by one.",
    }).optional(),
    minSpreadMs: number({
      what: "a number of milliseconds",
      min: 1,
      max: MAX_RUN_TIMEOUT_MS,
      fix: "Write the least time from the first to the last event, for example minSpreadMs: 200.",
    }).optional(),
    allowWrites: flag(
      "Write allowWrites: true if the tool may be called although it writes.",
    ).optional(),
  },
  'Write { tool: "progress", arguments: {}, minEvents: 2, minSpreadMs: 200 }.',
);

const concurrency = strict(
  {
    every: every.optional(),
    clients: number({
      what: "a number of clients",
      min: 2,
      max: MAX_CLIENTS,
      fix: `Write from 2 to ${MAX_CLIENTS} clients, for example clients: 3; each opens an environment of the function.`,
    }).optional(),
  },
  'Write { every: "60m", clients: 3 }.',
);

const maintenanceWindow = strict(
  {
    cron: text({
      what: "a cron expression",
      form: "a cron expression of five fields, in UTC",
      fix: 'Write minute, hour, day of the month, month and day of the week, in UTC, for example "0 3 * * 0" for Sundays at 03:00.',
      problems: cronProblems,
    }),
    minutes: number({
      what: "a number of minutes",
      min: 1,
      max: MAX_WINDOW_MINUTES,
      fix: `Write how long the window lasts, from 1 to ${MAX_WINDOW_MINUTES} minutes, for example minutes: 30.`,
    }),
  },
  'Write { cron: "0 3 * * 0", minutes: 30 }.',
);

export const targetSchema = strict(
  {
    name,
    url: targetUrl,
    region: region.optional(),
    allowSameRegion: flag("Write allowSameRegion: true or leave it out.").optional(),
    tags: list(tag, 'Write a list of words, for example tags: ["payments"].').optional(),
    owner: owner.optional(),
    severity: choice("a severity", SEVERITIES).optional(),
    runbook: runbook.optional(),
    lambda: lambda.optional(),
    era: choice("an era", ERA_CHOICES).optional(),
    auth: authSchema.optional(),
    headers: headerMap.optional(),
    ...limitShape,
    expect: expect.optional(),
    sentinels: list(
      sentinelSchema,
      'Write a list, for example sentinels: [{ tool: "ping" }].',
    ).optional(),
    stream: stream.optional(),
    concurrency: concurrency.optional(),
    maintenance: list(
      maintenanceWindow,
      'Write a list, for example maintenance: [{ cron: "0 3 * * 0", minutes: 30 }].',
    ).optional(),
  },
  'Write { name: "orders", url: "https://…/mcp" }.',
);

export type TargetInput = z.input<typeof targetSchema>;
