import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The state as Pulumi's file backend keeps it, which sst carries to and from its bucket. */
export function readState(file) {
  if (!existsSync(file)) return [];
  return JSON.parse(readFileSync(file, "utf8")).checkpoint.latest?.resources ?? [];
}

export const emptyState = ({ app, stage }) => ({ app, stage, resources: [] });

export function writeState(file, { app, stage, resources }) {
  const manifest = { time: new Date().toISOString(), magic: "", version: "v3.215.0" };
  const latest = { manifest, resources, metadata: {} };
  const checkpoint = { stack: `organization/${app}/${stage}`, latest };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 3, checkpoint }, null, 1));
}
