import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { ConfigError, loadConfig } from "../config.ts";
import { HOME, SMALL, TARGET_REGION } from "./configs.ts";
import { writeConfig } from "./operator.ts";

const root = join(import.meta.dirname, "../..");

async function refusal(config: unknown): Promise<string> {
  writeConfig(config);
  const error = await loadConfig().catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error(`not refused: ${String(error)}`);
  return error.message;
}

const [ORDERS] = SMALL.targets;

describe("a config that cannot be deployed", () => {
  it.each([
    [
      "a vantage in its target's region",
      { ...SMALL, vantages: [HOME, TARGET_REGION] },
      `targets[0].url: is in us-east-1, as vantages[1] is: an outage of that region would silence its own alarm
  Probe from a vantage in another region, or set allowSameRegion: true on this target.`,
    ],
    [
      "an unknown region",
      { ...SMALL, vantages: ["eu-wets-1"] },
      `vantages[0]: is not an AWS region
  Did you mean "eu-west-1"? Write an AWS region, for example "eu-west-1", or "local" for one machine.`,
    ],
    [
      "two targets of one name",
      { ...SMALL, targets: [ORDERS, ORDERS] },
      `targets[1].name: is the name of targets[0] too
  Give each target a name of its own: history, metrics and alarms are kept by it.`,
    ],
    [
      "no vantage",
      { targets: SMALL.targets },
      `vantages[0]: is "local", which it is also when nothing is written, and no region to deploy to
  Write the regions to probe from, home first, for example vantages: ["eu-west-1"].`,
    ],
  ])("is refused, %s", async (_, config, findings) => {
    expect(await refusal(config)).toBe(`vigil.config.ts cannot be deployed:\n${findings}`);
  });
});

/** Bundles stacks/config.ts as SST does, beside the files that are given, and runs it. */
function loadBeside(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "vigil-config-"));
  mkdirSync(join(folder, "stacks"));
  cpSync(join(root, "stacks/config.ts"), join(folder, "stacks/config.ts"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const entry = join(folder, "entry.ts");
  writeFileSync(
    entry,
    `import { loadConfig } from "./stacks/config.ts";
loadConfig().then(({ vantages }) => console.log(vantages[0]), ({ name, message }) => console.log(name, message));`,
  );
  const outfile = join(folder, "out/bundle.mjs");
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    alias: { "@vigil/core": join(root, "packages/core/src/index.ts") },
    nodePaths: [join(root, "packages/core/node_modules"), join(root, "node_modules")],
  });
  try {
    return execFileSync(process.execPath, [outfile], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("vigil.config.ts", () => {
  it("is read where it is", () => {
    const text = `import { defineConfig } from "@vigil/core";
export default defineConfig(${JSON.stringify(SMALL)});`;
    expect(loadBeside({ "vigil.config.ts": text })).toBe(HOME);
  });

  it("is asked for, with one to begin with, where it is not", () => {
    expect(
      loadBeside({}),
    ).toBe(`ConfigError There is no vigil.config.ts beside sst.config.ts. Write one:
  import { defineConfig } from "@vigil/core";
  export default defineConfig({
    vantages: ["eu-west-1"],
    targets: [{ name: "orders", url: "https://…/mcp", region: "us-east-1" }],
  });`);
  });

  it("says itself what it throws", () => {
    const text = 'throw new Error("no such environment");\nexport default {};';
    expect(loadBeside({ "vigil.config.ts": text })).toBe("Error no such environment");
  });
});
