import {
  type ConfigFinding,
  formatFindings,
  parseConfig,
  type Target,
  type VigilConfig,
} from "@vigil/core";
import { findConfig, loadModule } from "./load-config.ts";
import { bad, ok, type Result } from "./result.ts";
import { count } from "./text.ts";

export interface Configured {
  readonly shownPath: string;
  readonly targets: readonly Target[];
  /** Percent of good runs to be kept. */
  readonly slo: number;
  /** The whole of it. */
  readonly config: VigilConfig;
}

/** The targets of the operator's config; null when there is no config and none was named. */
export async function configuredTargets(
  cwd: string,
  named: string | undefined,
): Promise<Result<Configured | null>> {
  const found = findConfig(cwd, named);
  if (!found.ok || found.value === null) {
    return found.ok ? ok(null) : found;
  }
  const loaded = await loadModule(cwd, found.value);
  if (!loaded.ok) {
    return loaded;
  }
  const { shownPath, value } = loaded.value;
  const parsed = parseSafely(value);
  if (parsed === null) {
    return bad(`${shownPath} throws while it is read. Write plain values, not getters.`);
  }
  return parsed.ok
    ? ok({ shownPath, ...pick(parsed.config) })
    : bad(findingsText(shownPath, parsed.findings));
}

function pick(config: VigilConfig): Omit<Configured, "shownPath"> {
  return { targets: config.targets, slo: config.slo, config };
}

/** Reading the operator's object runs the operator's code, if it has getters. */
function parseSafely(value: unknown): ReturnType<typeof parseConfig> | null {
  try {
    return parseConfig(value);
  } catch {
    return null;
  }
}

function findingsText(shownPath: string, findings: readonly ConfigFinding[]): string {
  return `${shownPath} has ${count(findings.length, "mistake")}:\n${formatFindings(findings)}`;
}
