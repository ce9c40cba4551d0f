import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

/** `npm run bench [-- --json] [-- --rounds N]`: ratios within one run, never absolute promises. */
const { values } = parseArgs({
  options: { json: { type: "boolean" }, rounds: { type: "string", default: "300" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 10) {
  process.stderr.write("bench: --rounds wants a whole number of at least 10\n");
  process.exit(2);
}

/** Bundled first, as the probe is deployed: transpilation and module look-ups are not its cost. */
const folder = mkdtempSync(join(tmpdir(), "vigil-bench-"));
try {
  await build({
    entryPoints: [join(import.meta.dirname, "overhead.ts")],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
  const { measureOverhead } = await import(join(folder, "overhead.mjs"));
  const overhead = await measureOverhead({
    rounds,
    server: join(import.meta.dirname, "server.mjs"),
  });
  process.stdout.write(values.json ? asJson(overhead) : asText(overhead));
} finally {
  rmSync(folder, { recursive: true });
}

function asJson({ ratio, probeMs, fetchMs }) {
  const round = (value) => Math.round(value * 1_000) / 1_000;
  const measured = {
    overheadRatio: round(ratio),
    probeMs: round(probeMs),
    fetchMs: round(fetchMs),
    rounds,
  };
  return `${JSON.stringify(measured)}\n`;
}

function asText({ ratio, probeMs, fetchMs }) {
  const ms = (value) => `${value.toFixed(2)} ms`;
  return (
    `overheadRatio  ${ratio.toFixed(3)}  (goal at most 1.10)\n` +
    `  a full legacy probe       ${ms(probeMs)}  median of ${rounds}\n` +
    `  its four requests, bare   ${ms(fetchMs)}  median of ${rounds}, interleaved\n`
  );
}
