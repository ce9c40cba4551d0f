import { type AppOptions, ERAS, type ServedEra } from "./app.ts";
import { COLD_START, FaultSwitch, readFault } from "./faults.ts";

export const DEFAULT_PORT = 8080;
/** Where `npm start` runs the demo server, and so where `demo:break` looks for it. */
export const DEMO_PORT = 7331;

export interface Settings extends Omit<AppOptions, "now"> {
  readonly port: number;
  readonly host: string;
  readonly exitWithParent: boolean;
}

export type SettingsRead =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

type Env = Readonly<Record<string, string | undefined>>;

/** Reads the environment; every problem is reported at once. */
export function readSettings(env: Env): SettingsRead {
  const problems: string[] = [];
  const number = (name: string, otherwise: number, max: number): number => {
    const value = env[name];
    if (value === undefined || value === "") return otherwise;
    const read = Number(value);
    if (Number.isInteger(read) && read >= 0 && read <= max) return read;
    problems.push(`${name} is ${JSON.stringify(value)}; use a whole number from 0 to ${max}`);
    return otherwise;
  };
  const fault = readFault(env.DEMO_FAULT ?? "none");
  if (!fault.ok) problems.push(`DEMO_FAULT: ${fault.problem}`);
  const era = ERAS.find((known) => known === (env.MCP_ERA ?? "dual"));
  if (era === undefined) problems.push(`MCP_ERA: use one of: ${ERAS.join(", ")}`);
  const port = number("PORT", DEFAULT_PORT, 65_535);
  const coldStart = {
    delayMs: number("DEMO_COLD_MS", COLD_START.delayMs, 900_000),
    requests: number("DEMO_COLD_REQUESTS", COLD_START.requests, 1_000_000),
  };
  if (problems.length > 0) return { ok: false, problems };
  const faults = new FaultSwitch(fault.ok ? fault.fault : null, coldStart);
  return { ok: true, settings: { ...placeOf(env), port, faults, era: era as ServedEra } };
}

/** On Lambda the adapter reaches the server from outside its loopback, and nobody switches faults. */
function placeOf(env: Env): Omit<Settings, "port" | "faults" | "era"> {
  const inLambda = env.AWS_LAMBDA_FUNCTION_NAME !== undefined;
  return {
    host: env.HOST ?? (inLambda ? "0.0.0.0" : "127.0.0.1"),
    stateless: env.MCP_SESSIONS === "stateless",
    initType: env.AWS_LAMBDA_INITIALIZATION_TYPE ?? "local",
    admin: !inLambda,
    exitWithParent: env.DEMO_EXIT_WITH_PARENT === "1",
  };
}
