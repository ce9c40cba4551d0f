import { bad, ok, type Result } from "./result.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `412 ms`, `1.24 s`, `10 s`, `2 m 3 s`, `5 h 10 m`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  if (whole < SECOND) {
    return `${whole} ms`;
  }
  const seconds = Math.round(whole / SECOND);
  if (seconds < 60) {
    const exact = (whole / SECOND).toFixed(whole < 10 * SECOND ? 2 : 1);
    return `${exact.replace(/\.0+$/u, "")} s`;
  }
  return inTwoUnits(seconds * SECOND);
}

function inTwoUnits(ms: number): string {
  if (ms < HOUR) {
    return join(Math.floor(ms / MINUTE), "m", Math.floor((ms % MINUTE) / SECOND), "s");
  }
  if (ms < DAY) {
    return join(Math.floor(ms / HOUR), "h", Math.floor((ms % HOUR) / MINUTE), "m");
  }
  return join(Math.floor(ms / DAY), "d", Math.floor((ms % DAY) / HOUR), "h");
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** Milliseconds of `500ms`, `60s`, `5m`, `24h`, `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, digits, unit] = /^(\d{1,9}(?:\.\d+)?)(ms|s|m|h|d)$/u.exec(text.trim()) ?? [];
  const size = UNITS[unit ?? ""];
  return digits === undefined || size === undefined ? null : Math.round(Number(digits) * size);
}

const HOW_SINCE = "Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).";

/** The instant that `--since` names: so long ago, or an ISO 8601 time. It has passed. */
export function parseSince(text: string, now: number): Result<number> {
  const ago = parseDuration(text);
  const instant = ago === null ? isoInstant(text) : now - ago;
  const what = `--since ${JSON.stringify(text)}`;
  if (Number.isNaN(instant)) {
    return bad(`${what} is no time. ${HOW_SINCE}`);
  }
  if (instant >= now) {
    return bad(
      `${what} ${instant === now ? "is now" : "has yet to come"}: no run can be later. ${HOW_SINCE}`,
    );
  }
  return ok(instant);
}

function isoInstant(text: string): number {
  return /^\d{4}-\d{2}-\d{2}/u.test(text) ? Date.parse(text) : Number.NaN;
}

/** Minutes east of UTC at an instant; the default asks the machine's time zone. */
export type ZoneOffset = (epochMs: number) => number;
const localOffset: ZoneOffset = (epochMs) => -new Date(epochMs).getTimezoneOffset();

/** `2026-11-22 09:00:00 +01:00`. */
export function formatTimestamp(epochMs: number, offset: ZoneOffset = localOffset): string {
  const minutes = offset(epochMs);
  const shifted = new Date(epochMs + minutes * MINUTE).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 19)} ${formatOffset(minutes)}`;
}

/** `09:00:00`. */
export function formatTime(epochMs: number, offset: ZoneOffset = localOffset): string {
  return new Date(epochMs + offset(epochMs) * MINUTE).toISOString().slice(11, 19);
}

function formatOffset(minutes: number): string {
  const sign = minutes < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  return `${sign}${hours}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;
}
