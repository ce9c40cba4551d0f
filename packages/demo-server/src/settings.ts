import { type AppOptions, ERAS } from "./app.ts";
import { GAP_MS } from "./deployment/play.ts";
import { readFault } from "./faults/index.ts";
import { COLD_START, FaultSwitch } from "./faults/switch.ts";

const DEFAULT_PORT = 8080;

const SESSIONS = ["memory", "stateless", "dynamodb"] as const;
const DEFAULT_LOOKUP_KEY = "id";

/** Who keeps the sessions, and in which table. */
export type SessionSettings =
  | { readonly kind: "memory" | "stateless" }
  | { readonly kind: "dynamodb"; readonly table: string };

/** Where the tool `lookup` reads. */
export interface LookupSettings {
  readonly table: string;
  readonly keyName: string;
}

export interface Settings extends Omit<AppOptions, "now" | "keeping" | "lookup"> {
  readonly sessions: SessionSettings;
  readonly lookup: LookupSettings | null;
  readonly port: number;
  readonly host: string;
  readonly exitWithParent: boolean;
}

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const NO_SESSIONS_TABLE =
  "MCP_SESSIONS is dynamodb, and SESSIONS_TABLE is not set; set it to a table whose partition key is sessionId, a string";

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the environment; every problem is reported at once. An empty variable counts as unset. */
export function readSettings(env: Env): SettingsRead {
  const problems: string[] = [];
  const number = (name: string, otherwise: number, max: number): number => {
    const value = env[name] || String(otherwise);
    if (/^\d+$/.test(value) && Number(value) <= max) return Number(value);
    problems.push(`${name} is ${JSON.stringify(value)}; use a whole number from 0 to ${max}`);
    return otherwise;
  };
  const choice = <T extends string>(name: string, known: readonly [T, ...T[]]): T => {
    const value = env[name] || known[0];
    const found = known.find((one) => one === value);
    if (found === undefined) {
      problems.push(`${name} is ${JSON.stringify(value)}; use one of: ${known.join(", ")}`);
    }
    return found ?? known[0];
  };
  const sessions = (): SessionSettings => {
    const kind = choice("MCP_SESSIONS", SESSIONS);
    if (kind !== "dynamodb") return { kind };
    const table = env.SESSIONS_TABLE || "";
    if (table === "") problems.push(NO_SESSIONS_TABLE);
    return { kind, table };
  };
  const fault = readFault(env.DEMO_FAULT || "none");
  if (!fault.ok) problems.push(`DEMO_FAULT: ${fault.problem}`);
  const coldStart = {
    delayMs: number("DEMO_COLD_MS", COLD_START.delayMs, 900_000),
    requests: number("DEMO_COLD_REQUESTS", COLD_START.requests, 1_000_000),
  };
  const settings: Settings = {
    port: number("PORT", DEFAULT_PORT, 65_535),
    // Also on Lambda: the adapter runs beside the server and calls it by loopback.
    host: env.HOST || "127.0.0.1",
    era: choice("MCP_ERA", ERAS),
    sessions: sessions(),
    lookup: env.LOOKUP_TABLE
      ? { table: env.LOOKUP_TABLE, keyName: env.LOOKUP_KEY || DEFAULT_LOOKUP_KEY }
      : null,
    initType: env.AWS_LAMBDA_INITIALIZATION_TYPE ?? "local",
    inLambda: env.AWS_LAMBDA_FUNCTION_NAME !== undefined,
    exitWithParent: choice("DEMO_EXIT_WITH_PARENT", ["0", "1"]) === "1",
    faults: new FaultSwitch(fault.ok ? fault.fault : null, coldStart),
    deployment: { gapMs: number("DEMO_GAP_MS", GAP_MS, 900_000), coldMs: coldStart.delayMs },
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}
