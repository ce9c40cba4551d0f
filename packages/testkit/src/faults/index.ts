import type { Fault } from "../fault.ts";
import { CHALLENGE_FAULTS } from "./challenge.ts";
import { CONNECTION_FAULTS } from "./connections.ts";
import { CORS_FAULTS } from "./cors.ts";
import { CREDENTIAL_FAULTS } from "./credentials.ts";
import { DRIFT_FAULTS } from "./drift.ts";
import { ENVELOPE_FAULTS } from "./envelope.ts";
import { FRONT_DOOR_FAULTS } from "./front-door.ts";
import { HOSTING_FAULTS } from "./hosting.ts";
import { MONITOR_FAULTS } from "./monitor.ts";
import { NEGOTIATION_FAULTS } from "./negotiation.ts";
import { RESET_FAULTS } from "./resets.ts";
import { RESULT_FAULTS } from "./results.ts";
import { STREAM_FAULTS } from "./streams.ts";
import { TIME_FAULTS } from "./time.ts";
import { TOOL_FAULTS } from "./tools.ts";

/** Every fault that can be played, on real sockets but for what only the monitor can break. */
export const FAULTS: readonly Fault[] = [
  ...CONNECTION_FAULTS,
  ...RESET_FAULTS,
  ...FRONT_DOOR_FAULTS,
  ...HOSTING_FAULTS,
  ...ENVELOPE_FAULTS,
  ...NEGOTIATION_FAULTS,
  ...RESULT_FAULTS,
  ...TOOL_FAULTS,
  ...DRIFT_FAULTS,
  ...CORS_FAULTS,
  ...STREAM_FAULTS,
  ...TIME_FAULTS,
  ...MONITOR_FAULTS,
  ...CREDENTIAL_FAULTS,
  ...CHALLENGE_FAULTS,
];
