import { parseArgs } from "node:util";
import { callAdmin, DEMO_PORT, portOf } from "./admin-call.ts";
import { FAULT_GROUPS, FAULTS, type FaultName, NO_FAULT, readFault } from "./faults/index.ts";

const USAGE = `Breaks the demo server that \`npm start\` runs, or mends it.

  npm run demo:break -- FAULT      switch a fault on
  npm run demo:break -- none       mend it
  npm run demo:break               tell which fault is on
  npm run demo:break -- --list     tell what each fault is

Options:
  --port N   where the demo server listens (default ${DEMO_PORT})
`;

function complain(text: string): number {
  process.stderr.write(`demo:break: ${text}\n`);
  return 2;
}

/** A switch in two lines; the code that Vigil has for it stands in front, and is a name for it too. */
function rowOf(name: FaultName): string {
  const { code, title, clientSees, cloudWatchShows } = FAULTS[name];
  const named = code === name ? code : `${code} (${name})`;
  return `  ${named}: ${title}\n      client: ${clientSees} · CloudWatch: ${cloudWatchShows}\n`;
}

function list(): string {
  const groups = Object.entries(FAULT_GROUPS).map(
    ([heading, names]) => `${heading}\n${names.map(rowOf).join("")}`,
  );
  return `${LIST_HEAD}\n${groups.join("\n")}\n  ${NO_FAULT}: Mends whatever is broken\n`;
}

const LIST_HEAD =
  "What Vigil will call it (in brackets: the switch, where it has another name), then what it is.\n";

async function call(port: number, fault: string | null): Promise<number> {
  const body = fault === null ? null : { fault };
  const called = await callAdmin({ port, path: "/admin/fault", body, member: "fault" });
  if (!called.ok) return complain(called.problem);
  const now = called.answer["fault"];
  const on = now === NO_FAULT ? "The demo server is whole." : `Broken: ${String(now)}.`;
  process.stdout.write(`${on}\n`);
  return 0;
}

async function main(argv: string[]): Promise<number> {
  let args: ReturnType<typeof read>;
  try {
    args = read(argv);
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  const { values, positionals } = args;
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.list) {
    process.stdout.write(list());
    return 0;
  }
  const port = portOf(values.port);
  if (port === null) return complain(`--port ${values.port}: use a number from 1 to 65535`);
  if (positionals.length > 1) return complain("one fault at a time, please");
  const [fault] = positionals;
  if (fault === undefined) return call(port, null);
  const known = readFault(fault);
  return known.ok ? call(port, fault) : complain(known.problem);
}

function read(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      list: { type: "boolean" },
      help: { type: "boolean", short: "h" },
      port: { type: "string" },
    },
  });
}

process.exitCode = await main(process.argv.slice(2));
