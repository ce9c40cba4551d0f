import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

async function modulesBehind(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return Object.keys(metafile.inputs);
}

it("leaves the embedded database out of what a Lambda loads", async () => {
  const modules = await modulesBehind("../src/index.ts");
  expect(modules).toContain("packages/aws/src/history.ts");
  expect(modules.filter((name) => /embedded|dynalite|level/.test(name))).toEqual([]);
});

it("leaves dynalite and LevelDB to the database's thread", async () => {
  const modules = await modulesBehind("../src/embedded.ts");
  expect(modules).toContain("packages/aws/src/embedded/thread.ts");
  expect(modules.filter((name) => /node_modules\/(dynalite|.*level)/.test(name))).toEqual([]);
});
