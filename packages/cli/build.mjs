import { rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Builds what runs as plain JavaScript: the command, what a config imports, and the demo server. */
const packages = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundled CommonJS packages still ask for `require`. */
const REQUIRE =
  "import{createRequire as vigilRequire}from'node:module';const require=vigilRequire(import.meta.url);";

async function bundle(name, entryPoints, options = {}) {
  const outdir = options.outdir ?? join(packages, name, "dist");
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

/** For Lambda, behind the Web Adapter: small, for the sake of its cold starts, and with its start. */
async function demoOnLambda() {
  const outdir = join(packages, "demo-server/dist/lambda");
  await bundle(
    "demo-server",
    { server: "demo-server/src/server.ts" },
    { outdir, minify: true, outExtension: { ".js": ".mjs" } },
  );
  writeFileSync(join(outdir, "run.sh"), "#!/bin/sh\nexec node server.mjs\n", { mode: 0o755 });
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
    deploy: "demo-server/src/deploy.ts",
    pair: "demo-server/src/pair.ts",
  }).then(demoOnLambda),
]);
