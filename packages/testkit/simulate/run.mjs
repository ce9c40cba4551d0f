import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Loads the simulation, which is TypeScript; nothing is left of its bundle once it runs. */
async function load() {
  const cache = join(import.meta.dirname, "../../../node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "vigil-simulate-"));
  try {
    const outfile = join(folder, "command.mjs");
    await build({
      entryPoints: [join(import.meta.dirname, "command.ts")],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      logLevel: "error",
      external: ["dynalite"],
      banner: {
        js: "import{createRequire as simulateRequire}from'node:module';const require=simulateRequire(import.meta.url);",
      },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { command } = await load();
process.exitCode = command(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
