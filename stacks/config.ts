import { deployFindings, formatFindings, parseConfig, type VigilConfig } from "@vigil/core";

/** The operator's config is wrong, or is not there; said before any resource is made. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(message: string) {
    super(message);
    // It is the config's mistake: SST would print where in our code it was found, and bury it.
    this.stack = `ConfigError: ${message}`;
  }
}

const MISSING =
  "There is no vigil.config.ts beside sst.config.ts. Write one:\n" +
  '  import { defineConfig } from "@vigil/core";\n' +
  "  export default defineConfig({\n" +
  '    vantages: ["eu-west-1"],\n' +
  '    targets: [{ name: "orders", url: "https://…/mcp", region: "us-east-1" }],\n' +
  "  });";

/**
 * `vigil.config.ts`, checked by every rule.
 * @throws ConfigError with all that is wrong.
 */
export async function loadConfig(): Promise<VigilConfig> {
  const parsed = parseConfig(await readFile());
  if (!parsed.ok) throw refuse(parsed.findings);
  const findings = deployFindings(parsed.config);
  if (findings.length > 0) throw refuse(findings);
  return parsed.config;
}

async function readFile(): Promise<unknown> {
  try {
    // SST bundles the file when it is there; in a `try`, esbuild lets it be absent.
    const loaded = await import("../vigil.config.ts");
    return loaded.default;
  } catch (error) {
    throw isMissing(error) ? new ConfigError(MISSING) : error;
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ERR_MODULE_NOT_FOUND" && error.message.includes("vigil.config.ts");
}

function refuse(findings: Parameters<typeof formatFindings>[0]): ConfigError {
  return new ConfigError(`vigil.config.ts cannot be deployed:\n${formatFindings(findings)}`);
}
