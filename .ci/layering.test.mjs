import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

/** Shows that the rules of biome.json forbid what they are there to forbid, and nothing else. */
const root = join(import.meta.dirname, "..");
const biome = join(
  dirname(createRequire(import.meta.url).resolve("@biomejs/biome/package.json")),
  "bin/biome",
);

const FORBIDDEN = [
  ["packages/core/src/a.ts", "node:fs"],
  ["packages/core/src/a.ts", "@aws-sdk/client-sns"],
  ["packages/core/src/deep/a.ts", "@vigil/probe"],
  ["packages/core/src/a.ts", "../../probe/src/index.ts"],
  ["packages/probe/src/a.ts", "@vigil/aws"],
  ["packages/probe/src/a.ts", "@vigil/aws/embedded"],
  ["packages/probe/src/a.ts", "../../aws/src/index.ts"],
  ["packages/probe/src/a.ts", "@vigil/testkit"],
  ["packages/aws/src/a.ts", "@vigil/probe"],
  ["packages/aws/src/a.ts", "@vigil/cli"],
  ["packages/page/src/a.ts", "@vigil/aws"],
  ["packages/page/src/a.ts", "node:path"],
  ["packages/functions/src/a.ts", "@vigil/cli"],
  ["packages/cli/src/a.ts", "@vigil/functions"],
  ["packages/cli/src/a.ts", "@vigil/demo-server"],
  ["packages/cli/src/a.ts", "@vigil/testkit"],
  ["packages/demo-server/src/a.ts", "@vigil/core"],
  ["packages/testkit/src/a.ts", "@vigil/probe"],
  ["stacks/a.ts", "@vigil/aws"],
  ["stacks/a.ts", "../packages/functions/src/probe.ts"],
];

const ALLOWED = [
  ["packages/core/src/a.ts", "./b.ts"],
  ["packages/core/src/a.ts", "zod"],
  ["packages/probe/src/a.ts", "@vigil/core"],
  ["packages/probe/src/a.ts", "node:net"],
  ["packages/aws/src/a.ts", "@vigil/core"],
  ["packages/aws/src/a.ts", "@aws-sdk/lib-dynamodb"],
  ["packages/functions/src/a.ts", "@vigil/probe"],
  ["packages/cli/src/a.ts", "@vigil/aws/embedded"],
  ["packages/testkit/src/a.ts", "@vigil/core"],
  ["packages/probe/test/a.test.ts", "@vigil/testkit"],
  ["stacks/a.ts", "@vigil/core"],
];

function lint(file, source) {
  const folder = mkdtempSync(join(tmpdir(), "vigil-layering-"));
  try {
    cpSync(join(root, "biome.json"), join(folder, "biome.json"));
    execFileSync("git", ["init", "-q"], { cwd: folder });
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), source);
    const args = [biome, "lint", "--only=style/noRestrictedImports", file];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: "utf8",
    });
    return { status, output: stdout + stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [file, from] of FORBIDDEN) {
  test(`${file} must not import ${from}`, () => {
    const { status, output } = lint(file, `import { x } from "${from}";\n\nx();\n`);
    assert.equal(status, 1, output);
    assert.match(output, /noRestrictedImports/);
  });
}

for (const [file, from] of ALLOWED) {
  test(`${file} may import ${from}`, () => {
    const { status, output } = lint(file, `import { x } from "${from}";\n\nx();\n`);
    assert.equal(status, 0, output);
  });
}
