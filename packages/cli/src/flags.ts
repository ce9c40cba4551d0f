import { isLoopback, MAX_SLO, MIN_SLO, parseUrl } from "@vigil/core";
import { InvalidArgumentError } from "commander";
import type { FailOn } from "./exit-codes.ts";
import { parseDuration } from "./time.ts";

/** Flags as commander hands them over. */
export interface CheckFlags {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly deep?: boolean;
  readonly waitReady?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly tool?: string;
  readonly args?: string;
  readonly contains?: string;
  readonly allowWrites?: boolean;
  readonly era?: EraFlag;
  readonly clientTimeout?: number;
  readonly minTools?: number;
  readonly header?: readonly string[];
  /** False for `--no-confirm`. */
  readonly confirm: boolean;
  readonly failOn: FailOn;
  readonly config?: string;
}

export interface WatchFlags {
  readonly config?: string;
  readonly interval?: number;
  readonly data: string;
  readonly demoPort: number;
  readonly host: string;
  readonly port?: number;
  readonly json?: boolean;
  readonly webhook?: readonly string[];
}

/** The folder that holds history when no other is named. */
export const DEFAULT_DATA = ".vigil";

/** Where history is read: a folder of this machine, or a deployment's table. */
export interface PlaceFlags {
  readonly data: string;
  readonly stage?: string;
  readonly region?: string;
  /** Tells the deployment's home region. */
  readonly config?: string;
}

export const HISTORY_BY = ["run", "hour", "day"] as const;
/** What one row of the history is. */
export type HistoryBy = (typeof HISTORY_BY)[number];

export interface HistoryFlags extends PlaceFlags {
  readonly since?: string;
  readonly by?: HistoryBy;
  readonly vantage?: string;
  readonly limit?: number;
  readonly json?: boolean;
}

export interface SloFlags extends PlaceFlags {
  readonly slo?: number;
  readonly vantage?: string;
  readonly json?: boolean;
}

export interface IncidentsFlags extends PlaceFlags {
  readonly since?: string;
  readonly vantage?: string;
  readonly json?: boolean;
}

export interface GapsFlags extends PlaceFlags {
  readonly since?: string;
  readonly json?: boolean;
}

export interface MuteFlags extends PlaceFlags {
  /** Milliseconds. */
  readonly for?: number;
  readonly reason?: string;
  readonly by?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export interface AckFlags extends PlaceFlags {
  readonly by?: string;
}

export interface PageFlags extends PlaceFlags {
  readonly test?: boolean;
  readonly by?: string;
  readonly webhook?: readonly string[];
}

export interface ReportFlags extends PlaceFlags {
  readonly out: string;
}

export interface BaselineFlags extends PlaceFlags {
  readonly json?: boolean;
}

export interface DoctorFlags {
  readonly config?: string;
  readonly json?: boolean;
}

export interface CostFlags {
  readonly config?: string;
  readonly json?: boolean;
}

export interface InitFlags {
  readonly region?: readonly string[];
  readonly url?: readonly string[];
  readonly out?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export const ERA_FLAGS = ["auto", "legacy", "modern", "both"] as const;
type EraFlag = (typeof ERA_FLAGS)[number];

const SECOND = 1_000;
const MIN_INTERVAL_MS = SECOND;
const MAX_INTERVAL_MS = 24 * 60 * 60 * SECOND;
const MAX_WAIT_MS = 60 * 60 * SECOND;
/** As in the config: a run is over within its minute. */
const MAX_CLIENT_TIMEOUT_MS = 59_998;
const MAX_LIMIT = 100_000;

/** A whole number within limits, as an option's parser; commander wants a throw. */
function whole(min: number, max: number, what: string): (text: string) => number {
  return (text) => {
    const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidArgumentError(`Write ${what} from ${min} to ${max}.`);
    }
    return value;
  };
}

export const parseClientTimeout = whole(1, MAX_CLIENT_TIMEOUT_MS, "milliseconds, a whole number");
export const parseMinTools = whole(0, 10_000, "a whole number");
export const parseLimit = whole(1, MAX_LIMIT, "a whole number");
export const parsePort = whole(0, 65_535, "a port (0 picks a free one),");

export function parseSlo(text: string): number {
  const percent = /^\d+(?:\.\d+)?$/u.test(text) ? Number(text) : Number.NaN;
  if (!(percent >= MIN_SLO && percent <= MAX_SLO)) {
    throw new InvalidArgumentError(
      `Write a percentage from ${MIN_SLO} to ${MAX_SLO}, such as 99.9.`,
    );
  }
  return percent;
}

export function parseInterval(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < MIN_INTERVAL_MS || ms > MAX_INTERVAL_MS) {
    throw new InvalidArgumentError("Write a duration from 1s to 24h, such as 60s or 5m.");
  }
  return ms;
}

export function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < SECOND || ms > MAX_WAIT_MS) {
    throw new InvalidArgumentError("Write a duration from 1s to 1h, such as 90s or 10m.");
  }
  return ms;
}

const MIN_MUTE_MS = 60 * SECOND;
const MAX_MUTE_MS = 7 * 24 * 60 * 60 * SECOND;

export function parseMuteFor(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < MIN_MUTE_MS || ms > MAX_MUTE_MS) {
    throw new InvalidArgumentError("Write a duration from 1m to 7d, such as 30m or 2h.");
  }
  return ms;
}

/** What a page or a list shows of it is one line. */
const MAX_REASON = 200;

export function parseReason(text: string): string {
  const reason = text.trim();
  if (reason === "" || reason.length > MAX_REASON) {
    throw new InvalidArgumentError(`Write why, in 1 to ${MAX_REASON} characters.`);
  }
  return reason;
}

/** An address that pages are posted to. */
export function parseWebhook(value: string, before: readonly string[] = []): readonly string[] {
  const problem = webhookProblem(value);
  if (problem !== null) throw new InvalidArgumentError(problem);
  return [...before, value];
}

function webhookProblem(value: string): string | null {
  const url = parseUrl(value);
  if (url === null) return "Write an address such as https://hooks.example.com/vigil.";
  if (url.username !== "" || url.password !== "") return "Take user name and password out of it.";
  if (value.includes("#")) return "Take the # and all after it out of it: it is never sent.";
  const isPlain = url.protocol === "http:" && isLoopback(url.hostname);
  return url.protocol === "https:" || isPlain
    ? null
    : "Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].";
}

/** For flags that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
