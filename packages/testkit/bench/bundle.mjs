import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "@vigil/core";
import { bundle, bytesAtStart } from "../../functions/bundle.mjs";

const CLIENTS = `import { Client as Legacy } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as A } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { Client as Modern, StreamableHTTPClientTransport as B } from "@modelcontextprotocol/client";
globalThis.clients = [Legacy, A, Modern, B];
`;
/** One target, as the stack would resolve it. */
function config() {
  const targets = [{ name: "orders", url: "https://orders.example.com/mcp" }];
  const parsed = parseConfig({ vantages: ["eu-west-1"], targets });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  return JSON.stringify(parsed.config);
}

/** The probe function's size, and how long it takes to load beside the two MCP clients alone. */
export async function measure({ folder, rounds, smoke }) {
  const cache = join(folder, "../../../node_modules/.cache");
  const dir = mkdtempSync(join(cache, "vigil-bundle-"));
  try {
    const entryPoints = [join(folder, "../../functions/src/probe.ts")];
    const outputs = await bundle({ entryPoints, outdir: join(dir, "functions") });
    const clients = join(folder, `.clients-${process.pid}.mjs`);
    try {
      writeFileSync(clients, CLIENTS);
      await bundle({ entryPoints: [clients], outdir: join(dir, "clients") });
    } finally {
      rmSync(clients, { force: true });
    }
    writeFileSync(join(dir, "vigil.json"), config());
    const modules = {
      probe: join(dir, "functions/probe.mjs"),
      clients: join(dir, `clients/.clients-${process.pid}.mjs`),
    };
    const took = await timeBoth(modules, { dir, rounds: smoke ? 1 : Math.min(rounds, 15) });
    return {
      bundleKb: bytesAtStart(outputs, "src/probe.ts") / 1_000,
      initRatio: took.probe / took.clients,
      initMs: took,
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function timeBoth(modules, { dir, rounds }) {
  process.stderr.write(`bench: bundle: ${rounds} rounds\n`);
  const samples = { probe: [], clients: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["probe", "clients"])
      samples[name].push(await timeImport(modules[name], dir));
  }
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return { probe: median(samples.probe), clients: median(samples.clients) };
}

/** Milliseconds that a new process needs to import a module. */
async function timeImport(path, dir) {
  const script = `const t = performance.now(); await import(${JSON.stringify(path)}); process.stdout.write(String(performance.now() - t));`;
  const env = {
    ...process.env,
    AWS_REGION: "eu-west-1",
    VIGIL_HOME: "eu-west-1",
    VIGIL_TABLE: "vigil",
    VIGIL_SPILL_QUEUE_URL: "https://example.com/q",
    VIGIL_CONFIG: join(dir, "vigil.json"),
    VIGIL_VERSION: "0",
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
  const args = ["--input-type=module", "-e", script];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`the import of ${path} ended with exit code ${code}`);
  return Number(text);
}
