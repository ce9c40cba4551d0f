import { parseArgs } from "node:util";
import { callAdmin, DEMO_PORT, portOf } from "./admin-call.ts";
import { ALIAS, FUNCTION_NAME } from "./deployment/play.ts";

const USAGE = `Plays a deployment of the demo server that \`npm start\` runs: its alias moves to a new version whose
provisioned concurrency is not ready yet, and clients meet cold environments until it is.

  npm run demo:deploy                 a gap that closes by itself
  npm run demo:deploy -- --hold       one that stays open, past what pages wait for
  npm run demo:deploy -- --release    closes a held one
  npm run demo:deploy -- --status     how far it is

Options:
  --port N   where the demo server listens (default ${DEMO_PORT})
`;

function complain(text: string): number {
  process.stderr.write(`demo:deploy: ${text}\n`);
  return 2;
}

const OPTIONS = {
  hold: { type: "boolean" },
  release: { type: "boolean" },
  status: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  port: { type: "string" },
} as const;

type Flags = ReturnType<typeof read>["values"];

function read(args: string[]) {
  return parseArgs({ args, options: OPTIONS });
}

/** Null for more than one of them. */
function actionOf({
  hold,
  release,
  status,
}: Flags): "start" | "hold" | "release" | "status" | null {
  const asked = [hold && "hold", release && "release", status && "status"] as const;
  const [first = "start", ...more] = asked.filter((one) => typeof one === "string");
  return more.length > 0 ? null : first;
}

interface Told {
  readonly version?: number;
  readonly status?: string | null;
  readonly held?: boolean;
  readonly gapMs?: number;
  readonly coldMs?: number;
}

const seconds = (ms = 0) => `${Math.round(ms / 1_000)} s`;

function textOf({ version = 0, status, held, gapMs, coldMs }: Told): string {
  const what = `Alias ${ALIAS} of ${FUNCTION_NAME} is at version ${version}`;
  if (status === "READY") return `${what}, and its provisioned concurrency is ready.`;
  const until = held
    ? "until you say --release"
    : `for ${seconds(gapMs)} from the move to this version on`;
  return `${what} without ready provisioned concurrency, ${until}: whoever comes anew waits ${seconds(coldMs)} for a cold environment.`;
}

async function main(argv: string[]): Promise<number> {
  let values: Flags;
  try {
    ({ values } = read(argv));
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const port = portOf(values.port);
  if (port === null) return complain(`--port ${values.port}: use a number from 1 to 65535`);
  const action = actionOf(values);
  if (action === null) return complain("give one of --hold, --release and --status");
  const body = action === "status" ? null : { action };
  const called = await callAdmin({ port, path: "/admin/deployment", body, member: "version" });
  if (!called.ok) return complain(called.problem);
  process.stdout.write(`${textOf(called.answer)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
