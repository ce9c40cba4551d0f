import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommanderError } from "commander";
import { createProgram, type Handlers } from "../../src/program.ts";
import { createFakeIo } from "../fake-io.ts";
import { ROOT } from "./documents.ts";
import type { Command } from "./shell.ts";

/** Says what is wrong with the words behind a program's name; null when nothing is. */
type Check = (
  words: readonly string[],
  command: Pick<Command, "isProse">,
) => Promise<string | null>;

const SCRIPTS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(ROOT, "package.json"), "utf8"),
).scripts;

/** Every program that a document may tell to run. */
const PROGRAMS: Readonly<Record<string, Check>> = {
  vigil: vigilFault,
  npm: npmFault,
  npx: async (words, command) => {
    const [program = "", ...rest] = words;
    return NPX.includes(program)
      ? faultOf({ ...command, words })
      : `npx ${program} ${rest.join(" ")}`;
  },
  sst: async ([name = "", ...rest]) => optionsFault(SST[name], rest),
  aws: async ([service, name, ...rest]) => optionsFault(AWS[`${service} ${name}`], rest),
  sam: async ([name = "", ...rest]) => optionsFault(SAM[name], rest),
  cdk: async ([name = "", ...rest]) => optionsFault(CDK[name], rest),
  vitest: async ([name, ...rest]) => (name === "run" ? vitestFault(rest) : `vitest ${name}`),
  curl: async ([url = "", ...rest]) => curlFault(url, rest),
  jq: async (words) => (words.length === 1 ? null : "jq takes a filter"),
  node: async ([file = ""]) => (file === "-e" ? null : fileFault(file)),
  bash: async ([file = ""]) => fileFault(file),
  git: async ([name = ""]) => (name === "clone" ? null : `git ${name}`),
};

const NPX = ["vigil", "sst", "vitest", "cdk"];

/** What AWS's and others' commands take, as their own references say; each that a document uses. */
type Options = Readonly<Record<string, readonly string[]>>;

const SST: Options = {
  deploy: ["--stage"],
  diff: ["--stage"],
  refresh: ["--stage"],
  remove: ["--stage"],
  unlock: ["--stage"],
};

const SAM: Options = {
  build: [],
  deploy: ["--no-confirm-changeset", "--no-fail-on-empty-changeset"],
};

const CDK: Options = { deploy: ["--require-approval"] };

const OF_FUNCTION = ["--region", "--function-name", "--qualifier"];

const AWS: Options = {
  "acm describe-certificate": ["--region", "--certificate-arn", "--query"],
  "cloudtrail get-trail-status": ["--region", "--name"],
  "dynamodb delete-table": ["--region", "--table-name"],
  "dynamodb update-table": ["--region", "--table-name", "--no-deletion-protection-enabled"],
  "lambda add-permission": [
    ...OF_FUNCTION,
    "--statement-id",
    "--action",
    "--principal",
    "--source-arn",
  ],
  "lambda get-alias": ["--region", "--function-name", "--name"],
  "lambda get-function-concurrency": ["--region", "--function-name"],
  "lambda get-function-url-config": OF_FUNCTION,
  "lambda get-policy": OF_FUNCTION,
  "lambda get-provisioned-concurrency-config": OF_FUNCTION,
  "lambda update-function-url-config": [...OF_FUNCTION, "--invoke-mode"],
  "logs tail": ["--region", "--since", "--follow"],
  "sns confirm-subscription": [
    "--region",
    "--topic-arn",
    "--token",
    "--authenticate-on-unsubscribe",
  ],
  "sns subscribe": ["--region", "--topic-arn", "--protocol", "--notification-endpoint"],
  "ssm put-parameter": ["--region", "--type", "--name", "--value"],
  "sso login": ["--profile"],
  "sts get-caller-identity": [],
};

function optionsFault(options: readonly string[] | undefined, words: readonly string[]) {
  if (options === undefined) return "no command that is known here";
  const unknown = words.filter((word) => word.startsWith("--") && !options.includes(word));
  return unknown.length === 0 ? null : `takes no ${unknown.join(", ")}`;
}

/** What is wrong with a command of a document; null when it can be run as it stands. */
export async function faultOf(command: Pick<Command, "words" | "isProse">): Promise<string | null> {
  const [program = "", ...words] = command.words;
  const check = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  return check === undefined ? "a program that is not known here" : check(words, command);
}

/** Words that stand for what a reader fills in, where not any text will do. */
const FILLED: Readonly<Record<string, string>> = { URL: "https://example.com/x" };

/** Read by the command itself, with actions that do nothing. */
async function vigilFault(
  words: readonly string[],
  { isProse }: Pick<Command, "isProse">,
): Promise<string | null> {
  const { io, written } = createFakeIo();
  let called = false;
  const handlers = new Proxy({} as Handlers, {
    get: () => async () => {
      called = true;
      return 0;
    },
  });
  const program = createProgram({ io, version: "1.2.3", handlers, onExit: () => undefined });
  const inner = words.reduce<typeof program | undefined>(
    (at, word) => at?.commands.find((command) => command.name() === word),
    program,
  );
  if (isProse && inner !== undefined) return null;
  try {
    await program.parseAsync(["node", "vigil", ...words.map((word) => FILLED[word] ?? word)]);
    return called ? null : "calls nothing";
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : (written.join("").split("\n")[0] ?? error.message);
  }
}

const LIFE_CYCLE: Readonly<Record<string, readonly string[]>> = {
  start: ["watch"],
  test: [],
};

async function npmFault(words: readonly string[]): Promise<string | null> {
  const [name = "", ...rest] = words;
  if (name === "ci") return rest.length === 0 ? null : "npm ci takes nothing";
  const script = name === "run" ? (rest[0] ?? "") : name;
  const args = words.includes("--") ? words.slice(words.indexOf("--") + 1) : [];
  if (name !== "run" && !Object.hasOwn(LIFE_CYCLE, name)) return `npm ${name}`;
  const line = SCRIPTS[script];
  if (line === undefined) return `package.json has no script ${script}`;
  if (script === "start") return vigilFault(["watch", ...args], { isProse: false });
  return args.length === 0 ? null : toolFault(line, args);
}

/** Read by the tool itself: with `--help` it does nothing else, and refuses what it does not know. */
function toolFault(line: string, args: readonly string[]): string | null {
  const file = /node (\S+)$/.exec(line)?.[1];
  if (file === undefined) return `"${line}" is no tool of ours, and takes nothing`;
  try {
    const help = run(file, [...args, "--help"]);
    const names = namesIn(args).filter((name) => !help.includes(name));
    const more = names.length > 0 && help.includes("--list") ? run(file, ["--list"]) : "";
    const unknown = names.filter((name) => !more.includes(name));
    return unknown.length === 0 ? null : `no ${unknown.join(", ")}`;
  } catch (error) {
    return String((error as { readonly stderr?: unknown }).stderr ?? error).split("\n")[0] ?? "";
  }
}

/** Measures of the bench, and faults of the demo server. */
function namesIn(args: readonly string[]): readonly string[] {
  return args.flatMap((word, index) => {
    if (args[index - 1] === "--only") return word.split(",");
    return /^[a-z]+(?:-[a-z]+)+$/.test(word) ? [word] : [];
  });
}

function run(file: string, args: readonly string[]): string {
  return execFileSync(process.execPath, [join(ROOT, file), ...args], {
    encoding: "utf8",
    stdio: "pipe",
  });
}

function vitestFault(words: readonly string[]): string | null {
  const [path = ""] = words;
  if (words.length === 0) return null;
  if (path === "--project") return words[1] === "stacks" ? null : `no project ${words[1]}`;
  const [folder, name] = [join(ROOT, dirname(path)), basename(path)];
  const isThere = existsSync(folder) && readdirSync(folder).some((file) => file.startsWith(name));
  return isThere ? null : `no file ${path}`;
}

function fileFault(path: string): string | null {
  return existsSync(join(ROOT, path)) ? null : `no file ${path}`;
}

/** Only of the status page on this machine, whose paths another test asks for. */
const PATHS = ["/", "/metrics", "/healthz", "/api/status"];

function curlFault(url: string, rest: readonly string[]): string | null {
  const { host, pathname } = new URL(url);
  if (host !== "127.0.0.1:7330" || rest.length > 0) return "not the status page's address";
  return PATHS.includes(pathname) ? null : `the status page has no ${pathname}`;
}
