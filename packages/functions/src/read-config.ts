import { readFileSync } from "node:fs";
import type { Target, VigilConfig } from "@vigil/core";
import { EnvironmentError } from "./environment.ts";

/**
 * The config as the stack resolved it at deploy time: checked there, so only its presence is here.
 * @throws EnvironmentError
 */
export function readConfig(path: string): VigilConfig {
  const config = parse(path);
  const targets: readonly Target[] = config.targets ?? [];
  if (targets.length === 0) throw new EnvironmentError([`${path} names no target`]);
  return config;
}

function parse(path: string): VigilConfig {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no JSON";
    throw new EnvironmentError([`the config ${path} cannot be read (${code})`]);
  }
}
