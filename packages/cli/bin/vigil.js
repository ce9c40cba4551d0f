#!/usr/bin/env node
import { existsSync } from "node:fs";

const command = new URL("../dist/vigil.js", import.meta.url);
if (existsSync(command)) {
  await import(command.href);
} else {
  process.stderr.write("vigil: not built yet. Run: npm run build\n");
  process.exitCode = 2;
}
