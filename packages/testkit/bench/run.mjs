import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { splitCores } from "./cores.mjs";
import { MEASURES } from "./measures.mjs";
import { asText, missedGoals, rounded } from "./print.mjs";

const USAGE = `Usage: npm run bench -- [options]
  --only <names>  some measures only: ${Object.keys(MEASURES).join(",")}
  --rounds <n>    repetitions of what is repeated, at least 10 (default: 300)
  --json          print the figures as one line of JSON
  --strict        exit 1 when a goal is missed
  --smoke         a few of everything, to see that it works: the figures say nothing
`;
const folder = import.meta.dirname;
let interrupted = false;
let stopChild = () => {};
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    interrupted = true;
    stopChild();
  });
}
process.exitCode = await run(readSettings(process.argv.slice(2)));

function readSettings(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: "string", default: Object.keys(MEASURES).join(",") },
        rounds: { type: "string", default: "300" },
        json: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) leave(process.stdout, USAGE, 0);
    const names = values.only.split(",");
    const unknown = names.find((name) => !Object.hasOwn(MEASURES, name));
    if (unknown !== undefined) throw new Error(`--only: there is no measure "${unknown}"`);
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 10) {
      throw new Error("--rounds wants a whole number of at least 10");
    }
    return { ...values, names, rounds };
  } catch (error) {
    return leave(process.stderr, `bench: ${error.message}\n${USAGE}`, 2);
  }
}

function leave(stream, text, code) {
  stream.write(text);
  process.exit(code);
}

async function run({ names, json, strict, ...options }) {
  const bundles = makeFolder();
  const all = {};
  let missed = 0;
  try {
    await bundle(names, bundles);
    for (const name of names) {
      const measure = MEASURES[name];
      const figures = rounded(await measureApart(name, bundles, options));
      Object.assign(all, figures);
      missed += missedGoals(measure, figures).length;
      if (!json) process.stdout.write(`${name}: ${asText(measure, figures)}`);
    }
    if (json) process.stdout.write(`${JSON.stringify(all)}\n`);
  } catch (error) {
    if (interrupted) return 130;
    throw error;
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
  return strict && missed > 0 ? 1 : 0;
}

/** In here, what is not bundled is still found. */
function makeFolder() {
  const cache = join(folder, "../../../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, "vigil-bench-"));
}

/** Bundled first, as the probe is deployed: transpilation and module look-ups are not its cost. */
async function bundle(names, outdir) {
  await build({
    entryPoints: names.map((name) => join(folder, MEASURES[name].module)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    external: ["dynalite", "esbuild", "jiti"],
    banner: {
      js: "import{createRequire as benchRequire}from'node:module';const require=benchRequire(import.meta.url);",
    },
  });
}

/** Runs one measure in a new process, pinned to a core where it should be; it does not outlive us. */
async function measureApart(name, bundles, { rounds, smoke }) {
  const { module, measure, pinned = false } = MEASURES[name];
  const cores = pinned ? splitCores() : null;
  const command = [process.execPath, join(folder, "child.mjs")];
  const [program, ...args] = cores === null ? command : ["taskset", "-c", cores.own, ...command];
  if (interrupted) throw new Error("bench: interrupted");
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  stopChild = () => child.kill();
  const ended = once(child, "exit");
  let figures = null;
  child.once("message", (message) => {
    figures = message;
  });
  child.send({
    bundle: join(bundles, module.replace(/\.m?[jt]s$/u, ".mjs")),
    measure,
    options: { folder, rounds, smoke, serverCores: cores?.others ?? null },
  });
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`bench: ${name} ended with ${signal ?? `exit code ${code}`}`);
  return pinned ? { ...figures, pinned: cores !== null } : figures;
}
