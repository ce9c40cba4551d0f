/**
 * A stand-in for the Pulumi engine, for the tests of deployments: what sst starts as `pulumi`. It
 * runs the program, keeps the state and tells what changed, as the engine does; where the engine
 * would call a cloud, it takes what it is asked for and makes up the rest (echo.mjs).
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emptyState, readState, writeState } from "./checkpoint.mjs";
import { Deployment } from "./deployment.mjs";
import { openEventLog } from "./event-log.mjs";
import { serveMonitor } from "./monitor.mjs";
import { runProgram } from "./program.mjs";

/** What this version of sst asks for. */
const VERSION = "v3.215.0";

function parse([command, ...args]) {
  const option = (name) => args[args.indexOf(name) + 1];
  const config = {};
  args.forEach((arg, at) => {
    if (arg !== "--config") return;
    const [key, ...value] = args[at + 1].split("=");
    config[key] = value.join("=");
  });
  const [, app, stage] = option("--stack").split("/");
  return { command, app, stage, config, eventLog: option("--event-log") };
}

/** Where sst put the program. */
function programOf(folder) {
  return /^main: (.*)$/m.exec(readFileSync(join(folder, "Pulumi.yaml"), "utf8"))[1];
}

async function runUpdate(args) {
  const { app, stage } = args;
  const isPreview = args.command === "preview";
  const file = stateFile({ app, stage });
  const events = openEventLog(args.eventLog);
  const deployment = new Deployment({ ...args, isPreview, old: readState(file), events });
  if (args.command === "destroy") deployment.removeAll();
  else {
    const main = programOf(process.cwd());
    const monitor = await serveMonitor({ modules: dirname(main), deployment, events });
    const code = await runProgram({ ...args, main, address: monitor.address, isPreview });
    monitor.close();
    deployment.finish(code);
  }
  if (!isPreview) writeState(file, { app, stage, resources: deployment.state });
  await events.close(deployment.counts);
  return deployment.hasFailed ? 1 : 0;
}

function stateFile({ app, stage }) {
  const folder = (process.env.PULUMI_BACKEND_URL ?? "").replace(/^file:\/\//, "");
  return join(folder, ".pulumi/stacks", app, `${stage}.json`);
}

async function main([command, ...args]) {
  if (command === "version") process.stdout.write(`${VERSION}\n`);
  else if (command === "stack") {
    const [, app, stage] = args[1].split("/");
    writeState(stateFile({ app, stage }), emptyState({ app, stage }));
  } else if (["up", "preview", "destroy"].includes(command)) {
    return runUpdate(parse([command, ...args]));
  } else throw new Error(`the stand-in for Pulumi's engine does not know "${command}"`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
