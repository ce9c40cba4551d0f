export const DESCRIPTION =
  "Watches MCP servers from outside, by speaking MCP to them, and says by name what is wrong.";

const EXIT_CODES = `
Exit codes:
  0  up (degraded too, with a warning, unless --fail-on degraded)
  1  down
  2  bad usage or config
  3  degraded, with --fail-on degraded
  4  unknown: the monitor or its credentials are at fault, not the target
Several targets: the worst, in the order 2, 1, 4, 3, 0.
`;

export const MAIN = `
Examples:
  $ vigil check https://abc.lambda-url.us-east-1.on.aws/mcp
  $ vigil watch
  $ vigil history orders --since 24h
${EXIT_CODES}
VIGIL_DEBUG=1 shows where an error comes from. NO_COLOR and FORCE_COLOR are respected.
`;

export const CHECK_DESCRIPTION =
  "Probes each server once, as a fresh client would: connects, negotiates, lists every page of tools, " +
  "calls the sentinel tool. A failed attempt is repeated before it is believed.";

export const CHECK = `
Examples:
  $ vigil check http://localhost:3000/mcp
  $ vigil check https://a.example/mcp https://b.example/mcp --json | jq .status
  $ vigil check http://localhost:3000/mcp --tool echo --args '{"message":"hi"}' --contains hi
  $ TOKEN=… vigil check https://a.example/mcp --header 'Authorization: Bearer env:TOKEN'
  $ vigil check orders --config vigil.config.ts --fail-on degraded
  $ vigil check https://a.example/mcp --deep

--deep sends simultaneous requests on connections of their own in one session, as several clients
do (three, unless the config says otherwise: this is what shows sessions that get lost between a
function's environments), and looks at streaming and CORS as far as the config says what to expect.
Header values are never printed. env:NAME keeps them out of your shell's history, too.
Flags apply to every target of the call; for targets of the config they override it.
${EXIT_CODES}`;

export const WATCH_DESCRIPTION =
  "Probes every target of the config once per interval, from start to start, until Ctrl-C. " +
  "Without a config it starts the demo server and watches that.";

export const WATCH = `
Examples:
  $ vigil watch
  $ vigil watch --config vigil.config.ts --interval 30s --data /var/lib/vigil
  $ vigil watch --json >> runs.jsonl

Break the demo server, and see it named:
  $ npm run demo:break -- tools-empty
  $ npm run demo:break -- none

Exit codes: 0 after Ctrl-C, 2 bad usage or config. History survives restarts.
`;

export const HISTORY_DESCRIPTION =
  "Shows a target's past, newest first: its runs, or one row for each hour or day, with uptime and " +
  "latency. Works whether or not a watch uses the folder.";

export const HISTORY = `
--by run is usual without --since, up to 6h, and with --json; --by hour up to 3d; --by day beyond.
Runs are kept for 90 days, hours for 13 months. Uptime counts first tries: one that failed is bad,
though a repeat went well; one that could not be judged counts for neither side.

Examples:
  $ vigil history orders
  $ vigil history orders --since 24h
  $ vigil history orders --since 90d --json --by day
  $ vigil history demo --json | jq .failures

Exit codes: 0, or 2 when there is no such target or no history.
`;
