import { silenceVersionWarning } from "@vigil/aws/version-warning";
import { CommanderError } from "commander";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { type Io, processIo } from "./io.ts";
import { packageVersion } from "./package-root.ts";
import { createProgram, type Handlers } from "./program.ts";

function createHandlers(io: Io, version: string): Handlers {
  return {
    ...pagingHandlers(io),
    async baselineShow(target, flags) {
      const { runBaselineShow } = await import("./commands/baseline.ts");
      return runBaselineShow(target, flags, { io });
    },
    async baselineAccept(target, flags) {
      const { runBaselineAccept } = await import("./commands/baseline.ts");
      return runBaselineAccept(target, flags, { io });
    },
    async check(targets, flags) {
      const { runCheck } = await import("./commands/check.ts");
      return runCheck(targets, flags, { io, version });
    },
    async watch(flags) {
      const { runWatch } = await import("./commands/watch.ts");
      return runWatch(flags, { io, version });
    },
    async cost(flags) {
      const { runCost } = await import("./commands/cost.ts");
      return runCost(flags, { io });
    },
    async doctor(target, flags) {
      const { runDoctor } = await import("./commands/doctor.ts");
      return runDoctor(target, flags, { io });
    },
    async history(target, flags) {
      const { runHistory } = await import("./commands/history.ts");
      return runHistory(target, flags, { io });
    },
    async incidents(target, flags) {
      const { runIncidents } = await import("./commands/incidents.ts");
      return runIncidents(target, flags, { io });
    },
    async gaps(target, flags) {
      const { runGaps } = await import("./commands/gaps.ts");
      return runGaps(target, flags, { io });
    },
    async report(flags) {
      const { runReport } = await import("./commands/report.ts");
      return runReport(flags, { io, version });
    },
    async init(flags) {
      const { runInit } = await import("./commands/init.ts");
      return runInit(flags, { io, version });
    },
    async slo(target, flags) {
      const { runSlo } = await import("./commands/slo.ts");
      return runSlo(target, flags, { io });
    },
  };
}

/** What people do about pages. */
function pagingHandlers(io: Io): Pick<Handlers, "mute" | "unmute" | "ack" | "page"> {
  return {
    async mute(scope, flags) {
      const { runMute } = await import("./commands/mute.ts");
      return runMute(scope, flags, { io });
    },
    async unmute(id, flags) {
      const { runUnmute } = await import("./commands/mute.ts");
      return runUnmute(id, flags, { io });
    },
    async ack(target, flags) {
      const { runAck } = await import("./commands/ack.ts");
      return runAck(target, flags, { io });
    },
    async page(flags) {
      const { runPage } = await import("./commands/page.ts");
      return runPage(flags, { io });
    },
  };
}

async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const version = packageVersion();
  let code: ExitCode = EXIT.up;
  const program = createProgram({
    io,
    version,
    handlers: createHandlers(io, version),
    onExit: (exitCode) => {
      code = exitCode;
    },
  });
  try {
    await program.parseAsync([...argv]);
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT.up : EXIT.usage;
    }
    return crash(error, io);
  }
}

/** A bug of ours says nothing about any target. */
function crash(error: unknown, io: Io): ExitCode {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  io.err(
    io.env["VIGIL_DEBUG"]
      ? `${stack ?? message}\n`
      : `vigil: this should not have happened: ${name}: ${message}\nVIGIL_DEBUG=1 shows where. Please report it.\n`,
  );
  return EXIT.unknown;
}

silenceVersionWarning();
process.exitCode = await main(process.argv, processIo());
