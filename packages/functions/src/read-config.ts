import { readFileSync } from "node:fs";
import type { Target, VigilConfig } from "@vigil/core";
import { EnvironmentError } from "./environment.ts";
import { complaints, type Json } from "./kind-of.ts";

/** What every run reads of its target, and no default stands in for. */
const OF_TARGET = {
  name: "text",
  url: "text",
  headers: "an object",
  auth: "an object",
  era: "text",
  clientTimeoutMs: "a number",
  runTimeoutMs: "a number",
  slowMs: "a number",
  maxResponseBytes: "a number",
  confirm: "an object",
  expect: "an object",
  sentinels: "a list",
} as const satisfies Partial<Record<keyof Target, Json>>;

/** A log line may hold 256 kB, and the first mistakes tell enough. */
const MAX_TOLD = 10;

/**
 * The config as the stack resolved it at deploy time. It was checked there by every rule; here only
 * that this file is such a one.
 * @throws EnvironmentError
 */
export function readConfig(path: string): VigilConfig {
  const config = parse(path);
  const problems = problemsOf(config);
  if (problems.length > 0) throw notRead(path, problems);
  return config as VigilConfig;
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no JSON";
    throw notRead(path, [`it cannot be read (${code})`]);
  }
}

function notRead(path: string, problems: readonly string[]): EnvironmentError {
  const more = problems.length - MAX_TOLD;
  const told = [...problems.slice(0, MAX_TOLD), ...(more > 0 ? [`and ${more} more`] : [])];
  return new EnvironmentError([`the config ${path}: ${told.join("; ")}`]);
}

function problemsOf(config: unknown): readonly string[] {
  const problems = complaints("it", config, "an object");
  if (problems.length > 0) return problems;
  const { profile, targets } = config as Readonly<Record<string, unknown>>;
  return [...complaints("profile", profile, "text"), ...problemsOfTargets(targets)];
}

function problemsOfTargets(targets: unknown): readonly string[] {
  if (!Array.isArray(targets)) return complaints("targets", targets, "a list");
  if (targets.length === 0) return ["targets is empty"];
  return targets.flatMap((target, n) => {
    const path = `targets[${n}]`;
    const problems = complaints(path, target, "an object");
    if (problems.length > 0) return problems;
    return Object.entries(OF_TARGET).flatMap(([key, kind]) =>
      complaints(`${path}.${key}`, target[key], kind),
    );
  });
}
