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
  $ vigil init
  $ vigil watch
  $ vigil history orders --since 24h
  $ vigil slo all
  $ vigil incidents orders
  $ vigil gaps orders
  $ vigil baseline show orders
  $ vigil doctor orders
  $ vigil cost
  $ vigil report --out report
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
  $ vigil check orders --wait-ready --timeout 10m

--deep sends simultaneous requests on connections of their own in one session, as several clients
do (three, unless the config says otherwise: this is what shows sessions that get lost between a
function's environments), and looks at streaming and CORS as far as the config says what to expect.
--wait-ready is for pipelines, after a deploy. It asks Lambda, with your AWS credentials, until the
config's lambda of the target has ready provisioned concurrency and all its traffic, then probes until
a run does not fail. Past --timeout it probes once and exits 1 when the function is not ready, 4 when
it could not be asked. Progress goes to stderr.
A target that is down and has lambda in the config is held against how its function is set up, with
your AWS credentials, for a likely cause (see vigil doctor); that takes 5 s at most.
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

Deploy it, with a gap that pages wait for; with --hold it outlives that, and pages:
  $ npm run demo:deploy
  $ npm run demo:deploy -- --hold

Pages are printed here, and posted to each --webhook as JSON: what broke, since when, what to do. One
that is not taken is tried again for some minutes. vigil ack and vigil mute silence them. Of targets
with lambda: { … } it follows deployments, with your AWS credentials.

The status page shows every target, live: its address is printed at the start. It also serves
/api/status, /api/targets/NAME, /badge/NAME.svg, /metrics (Prometheus) and /healthz. It listens on
this machine alone: --host 0.0.0.0 shows it to whoever can reach this machine, without a password.

Exit codes: 0 after Ctrl-C, 2 bad usage or config. History survives restarts.
`;

export const HISTORY_DESCRIPTION =
  "Shows a target's past, newest first: its runs, or one row for each hour or day, with uptime and " +
  "latency. Works whether or not a watch uses the folder, and with --stage on a deployment.";

export const HISTORY = `
--by run is usual without --since, up to 6h, and with --json; --by hour up to 3d; --by day beyond.
Runs are kept for 90 days, hours for 13 months. Uptime counts first tries: one that failed is bad,
though a repeat went well; one that could not be judged counts for neither side.

Examples:
  $ vigil history orders
  $ vigil history orders --since 24h
  $ vigil history orders --since 90d --json --by day
  $ vigil history demo --json | jq .failures
  $ vigil history orders --stage production

Exit codes: 0, or 2 when there is no such target or no history; with --stage also 4 when AWS cannot
be asked: denied, expired, or out of reach.
`;

export const SLO_DESCRIPTION =
  "Shows how a target keeps its objective: the share of first tries that were good, how fast its " +
  "error budget burns over 1 h, 6 h, 24 h and 30 d, and what is left of the 30 days' budget.";

export const SLO = `
The objective is --slo, else the config's slo, else 99.9 %. A first try that failed is bad, though a
repeat went well; one that could not be judged is neither. Burning at 1x spends the budget in just
30 d. Minutes without a run count for neither side: they show as coverage.

Examples:
  $ vigil slo orders
  $ vigil slo all --slo 99.5 --json | jq .budget.raw.leftPercent
  $ vigil slo all --stage production

Exit codes: 0 whether or not the objective is kept, 2 bad usage or config, no such target; with
--stage also 4 when AWS cannot be asked: denied, expired, or out of reach.
`;

export const INCIDENTS_DESCRIPTION =
  "Lists when a target was shown as down or degraded, for how long and why: what goes on first, " +
  "then the newest first.";

export const INCIDENTS = `
An incident opens when a failure is confirmed or 3 of 5 runs were not clean, and closes with the
second clean run in a row. Runs that could not judge the target neither open nor close one.
--since also shows those that opened before and went on. Incidents are kept for 13 months.

Examples:
  $ vigil incidents orders
  $ vigil incidents orders --since 30d --json | jq -r .remedy
  $ vigil incidents orders --stage production

Exit codes: 0 whether or not there are incidents, 2 when there is no such target or no history; with
--stage also 4 when AWS cannot be asked: denied, expired, or out of reach.
`;

export const GAPS_DESCRIPTION =
  "Lists when a deployment left a target's clients without ready provisioned concurrency, and what " +
  "the probes met in it: the newest first.";

export const GAPS = `
Shielded: AWS held traffic on the old version. Exposed: clients reached cold environments. A window
is overdue once it outlives its allowance (5 minutes): it holds no pages then. Start and end lie
between two looks, so the duration does too. Windows are kept for 13 months.

Examples:
  $ vigil gaps orders --stage production
  $ vigil gaps orders --since 30d --json | jq .evidence.slowestMs

Exit codes: 0 whether or not there are gap windows, 2 when there is no such target or no history;
with --stage also 4 when AWS cannot be asked: denied, expired, or out of reach.
`;

export const REPORT_DESCRIPTION =
  "Writes the status page into a folder as plain files: an overview, a page for each target, and " +
  "status.json. They need no server and no scripts.";

export const REPORT = `
An earlier report in the folder is written over; a folder that holds anything else is left alone.
Owners, tags and runbooks come from the config, if there is one. Times are in this machine's zone;
set TZ=UTC for another.

Examples:
  $ vigil report --out report
  $ TZ=UTC vigil report --out public --stage production

Exit codes: 0, or 2 when there is no history or the folder cannot be written; with --stage also 4
when AWS cannot be asked: denied, expired, or out of reach.
`;

export const BASELINE_DESCRIPTION =
  "The tools that a target's callers rely on: those of its first good run, until others are accepted. " +
  "A later list that breaks callers degrades the target; what they need not notice is only told.";

export const BASELINE = `
Callers break when a tool or an argument went, when an argument became required, or when it takes
less than before. What cannot be compared, such as a change within \`not\`, counts as breaking.

Examples:
  $ vigil baseline show orders
  $ vigil baseline accept orders
`;

export const BASELINE_SHOW = `
Shows what the last run listed; nothing is probed.

Examples:
  $ vigil baseline show orders
  $ vigil baseline show orders --stage production
  $ vigil baseline show orders --json | jq -r '.changes[] | select(.breaking) | .text'

Exit codes: 0 whether or not anything differs, 2 when there is no such target or no history; with
--stage also 4 when AWS cannot be asked: denied, expired, or out of reach.
`;

export const BASELINE_ACCEPT = `
Takes what the last run listed; nothing is probed. A watch that runs holds its next run against it, a
deployment its runs within 15 minutes.

Examples:
  $ vigil baseline accept orders
  $ vigil baseline accept orders --stage production

Exit codes: 0 (also when there was nothing to accept), 2 when there is no such target, no history,
or no list; with --stage also 4 when AWS cannot be asked: denied, expired, or out of reach.
`;

export const DOCTOR_DESCRIPTION =
  "Reads how the Lambda function behind a target is set up, with your AWS credentials, and holds it " +
  "against rules: adapter, streaming, URL, permissions, CORS, time-outs, concurrency. Changes nothing.";

export const DOCTOR = `
The target needs lambda: { functionName, qualifier } in the config. Each finding has its evidence, the
commands that mend it, and the lines that keep it mended. Of environment variables nothing but the
adapter's settings is looked at. docs/doctor.md has every rule, and the permissions.

Examples:
  $ vigil doctor orders
  $ vigil doctor orders --json | jq '.findings[].rule'

Exit codes: 0 nothing found, or hints alone; 1 an error found; 3 a warning and no error; 4 neither,
but some of it could not be read, or AWS cannot be asked; 2 bad usage or config, no such function.
`;

export const COST_DESCRIPTION =
  "Shows the monthly bill of the config once it is deployed, by line and by target, in the lean and " +
  "in the standard profile. Nothing is asked of AWS.";

export const COST = `
No free tier is counted. What the targets' own functions cost for being asked is among the lines.
Dashboards are told apart. docs/cost.md has the prices, their date, and the arithmetic.

Examples:
  $ vigil cost
  $ vigil cost --config vigil.config.ts
  $ vigil cost --json | jq .bills.lean.totalUsd

Exit codes: 0, or 2 for bad usage or config.
`;

export const INIT_DESCRIPTION =
  "Finds Lambda Function URLs and API Gateway routes in your AWS account, asks each whether it speaks " +
  "MCP, and writes the config that watches those that do.";

export const INIT = `
Your AWS credentials are used as any AWS tool finds them, to list and never to change anything; with
--url and without --region, AWS is not asked at all. A tool is called only if the server annotates it
as read-only, its arguments are known, and you agree. --yes agrees to what is proposed.

Examples:
  $ vigil init
  $ vigil init --region us-east-1 --region eu-central-1
  $ vigil init --url http://localhost:3000/mcp
  $ vigil init --yes --dry-run

Exit codes: 0, 2 when there is nothing to watch, a config is there already, or usage is wrong; 4 when
AWS cannot be asked: denied, expired, or out of reach.
`;
