import { parseArgs } from "node:util";
import { FAULT_NAMES, FAULTS, NO_FAULT, readFault } from "./faults.ts";

/** Where `npm start` runs the demo server. */
const DEMO_PORT = 7331;
const USAGE = `Breaks the demo server that \`npm start\` runs, or mends it.

  npm run demo:break -- FAULT      switch a fault on
  npm run demo:break -- none       mend it
  npm run demo:break               tell which fault is on
  npm run demo:break -- --list     tell what each fault is

Options:
  --port N   where the demo server listens (default ${DEMO_PORT})
`;

const ANSWER_WITHIN_MS = 5_000;

function complain(text: string): number {
  process.stderr.write(`demo:break: ${text}\n`);
  return 2;
}

function list(): string {
  const width = Math.max(...FAULT_NAMES.map((name) => name.length));
  const rows = FAULT_NAMES.map((name) => {
    const { title, clientSees, cloudWatchShows } = FAULTS[name];
    const indent = " ".repeat(width + 4);
    return `  ${name.padEnd(width)}  ${title}\n${indent}client:     ${clientSees}\n${indent}CloudWatch: ${cloudWatchShows}\n`;
  });
  return `${rows.join("\n")}\n  ${NO_FAULT.padEnd(width)}  Mends whatever is broken\n`;
}

async function call(port: number, fault: string | null): Promise<number> {
  const url = `http://127.0.0.1:${port}/admin/fault`;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const init =
    fault === null
      ? { signal }
      : {
          signal,
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ fault }),
        };
  try {
    const response = await fetch(url, init);
    const answer = (await response.json()) as { fault?: string; error?: string };
    if (!response.ok || answer.fault === undefined) {
      return complain(answer.error ?? `HTTP ${response.status}: is this the demo server?`);
    }
    const on = answer.fault === NO_FAULT ? "The demo server is whole." : `Broken: ${answer.fault}.`;
    process.stdout.write(`${on}\n`);
    return 0;
  } catch {
    return complain(
      `no demo server answers on port ${port}. Start one with \`npm start\`, or give its port: --port N`,
    );
  }
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
  const port = Number(values.port ?? DEMO_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    return complain(`--port ${values.port}: use a number from 1 to 65535`);
  }
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
