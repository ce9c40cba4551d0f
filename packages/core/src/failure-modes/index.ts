import { BROWSER } from "./browser.ts";
import { DEPLOYMENT } from "./deployment.ts";
import type { FailureMode } from "./failure-mode.ts";
import { FRONT_DOOR } from "./front-door.ts";
import { HOSTING } from "./hosting.ts";
import { MONITOR } from "./monitor.ts";
import { NETWORK } from "./network.ts";
import { PROTOCOL } from "./protocol.ts";
import { TIME } from "./time.ts";
import { TOOLS } from "./tools.ts";

const REGISTRY = {
  ...NETWORK,
  ...FRONT_DOOR,
  ...HOSTING,
  ...DEPLOYMENT,
  ...PROTOCOL,
  ...TOOLS,
  ...TIME,
  ...BROWSER,
  ...MONITOR,
};

/** A failure mode's public name: stable, part of the contract with whoever reads runs. */
export type FailureCode = keyof typeof REGISTRY;

/** Every way to fail, by code. Types, remedies and docs/failure-modes.md derive from here. */
export const FAILURE_MODES: Readonly<Record<FailureCode, FailureMode>> = REGISTRY;

export const FAILURE_CODES = Object.keys(REGISTRY) as readonly FailureCode[];
