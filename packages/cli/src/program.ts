import { Command, Option } from "commander";
import { type ExitCode, FAIL_ON } from "./exit-codes.ts";
import {
  type AckFlags,
  type BaselineFlags,
  type CheckFlags,
  type CostFlags,
  collect,
  DEFAULT_DATA,
  type DoctorFlags,
  ERA_FLAGS,
  type GapsFlags,
  HISTORY_BY,
  type HistoryFlags,
  type IncidentsFlags,
  type InitFlags,
  type MuteFlags,
  type PageFlags,
  type PlaceFlags,
  parseClientTimeout,
  parseInterval,
  parseLimit,
  parseMinTools,
  parsePort,
  parseSlo,
  parseWait,
  parseWebhook,
  type ReportFlags,
  type SloFlags,
  type WatchFlags,
} from "./flags.ts";
import * as help from "./help.ts";
import type { Io } from "./io.ts";
import { ackCommand, muteCommand, pageCommand, unmuteCommand } from "./program-paging.ts";
import { withPlace } from "./program-place.ts";

/** What the commands do, loaded only when one is called: `--help` must not wait for a probe. */
export interface Handlers {
  check(targets: readonly string[], flags: CheckFlags): Promise<ExitCode>;
  watch(flags: WatchFlags): Promise<ExitCode>;
  history(target: string, flags: HistoryFlags): Promise<ExitCode>;
  slo(target: string, flags: SloFlags): Promise<ExitCode>;
  incidents(target: string, flags: IncidentsFlags): Promise<ExitCode>;
  gaps(target: string, flags: GapsFlags): Promise<ExitCode>;
  mute(scope: string | undefined, flags: MuteFlags): Promise<ExitCode>;
  unmute(id: string, flags: PlaceFlags): Promise<ExitCode>;
  ack(target: string, flags: AckFlags): Promise<ExitCode>;
  page(flags: PageFlags): Promise<ExitCode>;
  baselineShow(target: string, flags: BaselineFlags): Promise<ExitCode>;
  baselineAccept(target: string, flags: BaselineFlags): Promise<ExitCode>;
  cost(flags: CostFlags): Promise<ExitCode>;
  doctor(target: string, flags: DoctorFlags): Promise<ExitCode>;
  report(flags: ReportFlags): Promise<ExitCode>;
  init(flags: InitFlags): Promise<ExitCode>;
}

interface ProgramOptions {
  readonly io: Io;
  readonly version: string;
  readonly handlers: Handlers;
  readonly onExit: (code: ExitCode) => void;
}

export function createProgram(options: ProgramOptions): Command {
  const program = withSettings(new Command("vigil"), options);
  for (const command of commandsOf(options)) {
    command.copyInheritedSettings(program);
    command.showHelpAfterError(`vigil ${command.name()} --help shows what it takes.`);
    for (const inner of command.commands) {
      inner.copyInheritedSettings(command);
    }
    program.addCommand(command);
  }
  return program.showHelpAfterError("vigil --help shows the commands.");
}

function withSettings(program: Command, { io, version }: ProgramOptions): Command {
  return program
    .description(help.DESCRIPTION)
    .version(version, "-V, --version", "print the version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      outputError: (text, write) => write(text.replace(/^error: /u, "vigil: ")),
      getOutHasColors: () => io.outColour,
      getErrHasColors: () => io.errColour,
      getOutHelpWidth: () => io.columns(),
      getErrHelpWidth: () => io.columns(),
    })
    .addHelpText("after", help.MAIN);
}

/** In the order in which `--help` lists them. */
function commandsOf({ handlers, onExit }: ProgramOptions): readonly Command[] {
  return [
    checkCommand().action(async (targets, flags) => onExit(await handlers.check(targets, flags))),
    watchCommand().action(async (flags) => onExit(await handlers.watch(flags))),
    historyCommand().action(async (name, flags) => onExit(await handlers.history(name, flags))),
    sloCommand().action(async (name, flags) => onExit(await handlers.slo(name, flags))),
    incidentsCommand().action(async (name, flags) => onExit(await handlers.incidents(name, flags))),
    gapsCommand().action(async (name, flags) => onExit(await handlers.gaps(name, flags))),
    muteCommand().action(async (scope, flags) => onExit(await handlers.mute(scope, flags))),
    unmuteCommand().action(async (id, flags) => onExit(await handlers.unmute(id, flags))),
    ackCommand().action(async (name, flags) => onExit(await handlers.ack(name, flags))),
    pageCommand().action(async (flags) => onExit(await handlers.page(flags))),
    baselineCommand({
      show: async (name, flags) => onExit(await handlers.baselineShow(name, flags)),
      accept: async (name, flags) => onExit(await handlers.baselineAccept(name, flags)),
    }),
    doctorCommand().action(async (name, flags) => onExit(await handlers.doctor(name, flags))),
    costCommand().action(async (flags) => onExit(await handlers.cost(flags))),
    reportCommand().action(async (flags) => onExit(await handlers.report(flags))),
    initCommand().action(async (flags) => onExit(await handlers.init(flags))),
  ];
}

function checkCommand(): Command {
  return new Command("check")
    .summary("probe servers once and say how they are")
    .description(help.CHECK_DESCRIPTION)
    .argument(
      "[targets...]",
      "URLs, or names of targets in the config; none: all of the config's. Without a config, demo is the server of npm start",
    )
    .option("--tool <name>", "call this tool as the sentinel: it must answer without an error")
    .option("--args <json>", "arguments for --tool, a JSON object")
    .option("--contains <text>", "text that the answer of --tool must contain")
    .option("--allow-writes", "call --tool even if it is annotated as one that changes data")
    .option("--min-tools <n>", "how many tools the server must list", parseMinTools)
    .option("--header <header>", "send 'Name: value'; may end in env:NAME; repeatable", collect)
    .addOption(new Option("--era <era>", "protocol era to speak").choices(ERA_FLAGS))
    .option("--client-timeout <ms>", "time a client waits for one answer", parseClientTimeout)
    .option("--deep", "take the further steps too: stream, simultaneous clients, CORS")
    .option("--wait-ready", "after a deploy: wait for provisioned concurrency, and for answers")
    .option("--timeout <duration>", "how long --wait-ready waits (default: 5m)", parseWait)
    .option("--no-confirm", "judge by one attempt; do not repeat a failed one")
    .addOption(
      new Option("--fail-on <status>", "mildest status with a failing exit code")
        .choices(FAIL_ON)
        .default("down"),
    )
    .option("--config <path>", "config that names the targets (default: vigil.config.ts)")
    .option("--json", "print each run as one line of JSON")
    .option("-v, --verbose", "print all evidence")
    .addHelpText("after", help.CHECK);
}

function watchCommand(): Command {
  return new Command("watch")
    .summary("probe the config's targets again and again, keep history")
    .description(help.WATCH_DESCRIPTION)
    .option("--config <path>", "config to watch (default: vigil.config.ts, else the demo server)")
    .option("--interval <duration>", "from start to start (default: 60s; demo: 10s)", parseInterval)
    .option("--data <folder>", "where history is kept", DEFAULT_DATA)
    .option("--demo-port <port>", "port of the demo server", parsePort, 7331)
    .option("--port <port>", "port of the status page (default: 7330, else a free one)", parsePort)
    .option("--host <address>", "where the status page listens", "127.0.0.1")
    .option("--webhook <url>", "post pages there too; repeatable", parseWebhook)
    .option("--json", "print each run as one line of JSON")
    .addHelpText("after", help.WATCH);
}

function historyCommand(): Command {
  return withPlace(
    new Command("history")
      .summary("show what runs found, newest first")
      .description(help.HISTORY_DESCRIPTION)
      .argument("<target>", "name of a target")
      .option("--since <when>", "how long ago (30m, 24h, 7d) or an ISO time")
      .addOption(new Option("--by <what>", "what one row is; see below").choices(HISTORY_BY))
      .option("--vantage <name>", "of this vantage alone (default: all)")
      .option(
        "--limit <n>",
        "at most so many rows (default: 50 runs; all hours or days)",
        parseLimit,
      )
      .option("--json", "print each row as one line of JSON")
      .addHelpText("after", help.HISTORY),
  );
}

function sloCommand(): Command {
  return withPlace(
    new Command("slo")
      .summary("show how targets keep their objective, and what is left of the error budget")
      .description(help.SLO_DESCRIPTION)
      .argument("<target>", "name of a target, or all")
      .option("--slo <percent>", "the objective (default: the config's, else 99.9)", parseSlo)
      .option("--vantage <name>", "of this vantage alone (default: all)")
      .option("--json", "print each target as one line of JSON")
      .addHelpText("after", help.SLO),
  );
}

function incidentsCommand(): Command {
  return withPlace(
    new Command("incidents")
      .summary("list when a target was not well, and why")
      .description(help.INCIDENTS_DESCRIPTION)
      .argument("<target>", "name of a target")
      .option("--since <when>", "how long ago (30m, 24h, 7d) or an ISO time (default: all)")
      .option("--vantage <name>", "of this vantage alone (default: all)")
      .option("--json", "print each incident as one line of JSON")
      .addHelpText("after", help.INCIDENTS),
  );
}

function gapsCommand(): Command {
  return withPlace(
    new Command("gaps")
      .summary("list when deployments left clients without warm environments")
      .description(help.GAPS_DESCRIPTION)
      .argument("<target>", "name of a target")
      .option("--since <when>", "how long ago (30m, 24h, 7d) or an ISO time (default: all)")
      .option("--json", "print each gap window as one line of JSON")
      .addHelpText("after", help.GAPS),
  );
}

type OnBaseline = (target: string, flags: BaselineFlags) => Promise<void>;

interface BaselineActions {
  readonly show: OnBaseline;
  readonly accept: OnBaseline;
}

function baselineCommand({ show, accept }: BaselineActions): Command {
  return new Command("baseline")
    .summary("show or accept the tools that a target's callers rely on")
    .description(help.BASELINE_DESCRIPTION)
    .addCommand(
      baselineAction("show", "show the accepted tools, and what differs now")
        .action(show)
        .addHelpText("after", help.BASELINE_SHOW),
    )
    .addCommand(
      baselineAction("accept", "take what the target lists now as accepted")
        .action(accept)
        .addHelpText("after", help.BASELINE_ACCEPT),
    )
    .addHelpText("after", help.BASELINE);
}

function baselineAction(name: string, description: string): Command {
  return withPlace(
    new Command(name)
      .description(description)
      .argument("<target>", "name of a target")
      .option("--json", "print one line of JSON"),
  );
}

function reportCommand(): Command {
  return withPlace(
    new Command("report")
      .summary("write the status page into a folder, as it is now")
      .description(help.REPORT_DESCRIPTION)
      .requiredOption("--out <folder>", "where it is written")
      .addHelpText("after", help.REPORT),
  );
}

function doctorCommand(): Command {
  return new Command("doctor")
    .summary("hold a target's function against the rules, and say how to mend it")
    .description(help.DOCTOR_DESCRIPTION)
    .argument("<target>", "name of a target that has lambda in the config")
    .option("--config <path>", "config that names it (default: vigil.config.ts)")
    .option("--json", "print the findings as one line of JSON")
    .addHelpText("after", help.DOCTOR);
}

function costCommand(): Command {
  return new Command("cost")
    .summary("show what the config costs in a month on AWS, by line and by target")
    .description(help.COST_DESCRIPTION)
    .option("--config <path>", "config to count (default: vigil.config.ts, else the demo server)")
    .option("--json", "print one line of JSON, unrounded")
    .addHelpText("after", help.COST);
}

function initCommand(): Command {
  return new Command("init")
    .summary("find MCP servers in your AWS account and write the config that watches them")
    .description(help.INIT_DESCRIPTION)
    .option("--region <region>", "look here; repeatable (default: the AWS config's)", collect)
    .option("--url <url>", "an MCP endpoint to add by hand; repeatable", collect)
    .option("--out <path>", "where it is written (default: vigil.config.ts)")
    .option("-y, --yes", "ask nothing and take what is proposed")
    .option("--force", "replace a config that is there")
    .option("--dry-run", "print the config instead of writing it")
    .addHelpText("after", help.INIT);
}
