import type {
  Auth,
  Clock,
  FailureCode,
  FailureEvidence,
  Sentinel,
  StreamExpectation,
  TargetExpectations,
  ToolLists,
} from "@vigil/core";
import type { Answer } from "./answer.ts";
import type { Spot } from "./moments.ts";
import type { RecordedRequest } from "./request.ts";

/** What a fault needs the target's configuration to say; the rest is {@link targetFor}'s own. */
export interface TargetOverrides {
  readonly clientTimeoutMs?: number;
  readonly slowMs?: number;
  /** `env:` reference of a bearer token. */
  readonly bearer?: string;
  readonly expect?: Partial<TargetExpectations>;
  readonly sentinels?: readonly SentinelOverrides[];
  readonly stream?: Partial<StreamExpectation>;
}

export type SentinelOverrides = Omit<Sentinel, "allowWrites">;

export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** The monitor's own side, where a fault is not the server's. */
export interface MonitorOverrides {
  readonly lookup?: (hostname: string) => Promise<readonly HostAddress[]>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What `clock.now()` starts at. */
  readonly startMs?: number;
  readonly clock?: (real: Clock) => Clock;
  /** The tools that were accepted. */
  readonly accepted?: ToolLists;
  /** Milliseconds from the start to the run's deadline. */
  readonly deadlineMs?: number;
}

/** A fault in play. */
export interface Stage {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** The answer that struck; null when none has yet, or when no request is struck. */
  readonly struck: () => Answer | null;
  /** Connections that the monitor holds open. */
  readonly open: () => number;
  /** Credentials that only the stage can tell, such as an issuer of its own. */
  readonly auth?: Auth;
  /** Requests that reached a server which the operator did not name. */
  readonly stray?: readonly RecordedRequest[];
  readonly close: () => Promise<void>;
}

/** The target, the monitor's secrets and the era are those of the fault, but for what is given. */
export interface Twin {
  readonly start?: (spot: Spot) => Promise<Stage>;
  readonly target?: TargetOverrides;
  readonly monitor?: MonitorOverrides;
}

export interface Fault {
  readonly code: FailureCode;
  readonly title: string;
  readonly spots: readonly Spot[];
  readonly start: (spot: Spot) => Promise<Stage>;
  readonly target?: TargetOverrides;
  readonly monitor?: MonitorOverrides;
  /** How the same stage plays without the fault, where a plain sound server would not show it. */
  readonly twin?: Twin;
  readonly evidence?: (spot: Spot) => Partial<FailureEvidence>;
  /** The evidence is not the struck answer's. */
  readonly shows?: "nothing";
  /** Evidence that depends on how fast bytes came, and is not compared. */
  readonly unchecked?: readonly (keyof FailureEvidence)[];
  /** JSON-RPC methods that must not be called once the fault is seen. */
  readonly forbids?: readonly string[];
  /** Keeps the machine busy, so nothing that is timed may run beside it. */
  readonly heavy?: true;
  /** Shows only when a first attempt failed and its repeat did not. */
  readonly confirmed?: true;
}
