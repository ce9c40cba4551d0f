import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Builds what runs as plain JavaScript: the command, what a config imports, and the demo server. */
const packages = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundled CommonJS packages still ask for `require`. */
const REQUIRE =
  "import{createRequire as vigilRequire}from'node:module';const require=vigilRequire(import.meta.url);";

async function bundle(name, entryPoints, options = {}) {
  const outdir = join(packages, name, "dist");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    absWorkingDir: packages,
    entryPoints,
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // Keeps dynamic imports apart, so that `vigil --help` loads no SDK.
    splitting: true,
    legalComments: "none",
    logLevel: "error",
    banner: { js: REQUIRE },
    ...options,
  });
}

await Promise.all([
  bundle(
    "cli",
    { vigil: "cli/src/main.ts", core: "core/src/index.ts", docs: "cli/src/docs.ts" },
    // Native code and a compiler cannot be bundled; node_modules has both.
    { external: ["dynalite", "jiti"] },
  ),
  bundle("demo-server", {
    server: "demo-server/src/server.ts",
    break: "demo-server/src/break.ts",
    pair: "demo-server/src/pair.ts",
  }),
]);
