import type { Fault } from "./fault.ts";
import { FRONT_DOOR } from "./front-door.ts";
import { BROWSER, HOSTING } from "./hosting.ts";
import { nearest } from "./nearest.ts";
import { PROTOCOL } from "./protocol.ts";
import { TIME } from "./time.ts";
import { TOOLS } from "./tools.ts";

const REGISTRY = { ...FRONT_DOOR, ...HOSTING, ...PROTOCOL, ...TOOLS, ...TIME, ...BROWSER };

export type FaultName = keyof typeof REGISTRY;

/** Every switch, by name. Help texts, the README's table and checks of names derive from here. */
export const FAULTS: Readonly<Record<FaultName, Fault>> = REGISTRY;
export const FAULT_NAMES = Object.keys(REGISTRY) as readonly FaultName[];

const namesOf = (group: Partial<typeof REGISTRY>) => Object.keys(group) as readonly FaultName[];

/** The switches under headings, in the order in which a request meets them. */
export const FAULT_GROUPS: Readonly<Record<string, readonly FaultName[]>> = {
  "Network and front door": namesOf(FRONT_DOOR),
  Hosting: namesOf(HOSTING),
  Protocol: namesOf(PROTOCOL),
  Tools: namesOf(TOOLS),
  Time: namesOf(TIME),
  Browser: namesOf(BROWSER),
};

/** The name that clears whatever is switched on. */
export const NO_FAULT = "none";
/** More of an unknown name helps nobody. */
const SHOWN_LENGTH = 60;

export type FaultRead =
  | { readonly ok: true; readonly fault: FaultName | null }
  | { readonly ok: false; readonly problem: string };

/** A switch by its name, or by the code that Vigil has for it. */
export function readFault(value: unknown): FaultRead {
  if (value === NO_FAULT) return { ok: true, fault: null };
  const known = FAULT_NAMES.find((name) => name === value || FAULTS[name].code === value);
  if (known !== undefined) return { ok: true, fault: known };
  return { ok: false, problem: problemOf(value) };
}

function problemOf(value: unknown): string {
  const shown = JSON.stringify(value)?.slice(0, SHOWN_LENGTH) ?? "nothing";
  const meant =
    typeof value === "string"
      ? nearest(value.slice(0, SHOWN_LENGTH), [...FAULT_NAMES, ...codes(), NO_FAULT])
      : undefined;
  const suggestion = meant === undefined ? "" : `; did you mean ${meant}?`;
  return `there is no fault ${shown}${suggestion} (npm run demo:break -- --list tells all)`;
}

const codes = () => FAULT_NAMES.map((name) => FAULTS[name].code);
