import { build } from "esbuild";

/**
 * Functions as they are deployed: minified ES modules, split, so that what only trouble or some
 * targets need (the modern client, SQS, the secret stores) is read when it is needed.
 */
export async function bundle({ entryPoints, outdir }) {
  const { metafile } = await build({
    entryPoints,
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    platform: "node",
    format: "esm",
    target: "node20",
    mainFields: ["module", "main"],
    banner: {
      js: "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);",
    },
    logLevel: "error",
  });
  return metafile.outputs;
}

/** Bytes that a module and all that it imports at once are; what it imports later is left out. */
export function bytesAtStart(outputs, entryPoint) {
  const start = Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith(entryPoint));
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path) || outputs[path] === undefined) return 0;
    seen.add(path);
    const imports = outputs[path].imports.filter(({ kind }) => kind === "import-statement");
    return imports.reduce((sum, one) => sum + visit(one.path), outputs[path].bytes);
  };
  return visit(start);
}
