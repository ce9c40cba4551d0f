import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@vigil/core";
import { expect, test } from "vitest";
import { loadModule } from "../src/load-config.ts";

const PAGE = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");

test("the config page's example is loaded as an operator's file is, and has no mistake", async () => {
  const example = /```ts\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "vigil-config-page-"));
  try {
    const path = join(folder, "vigil.config.ts");
    writeFileSync(path, example);
    const loaded = await loadModule(folder, path);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded));
    const read = parseConfig(loaded.value.value);
    expect(read.ok ? read.config.targets.map(({ name }) => name) : read.findings).toEqual([
      "orders",
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
