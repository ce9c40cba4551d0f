import { type Html, html } from "./html.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `412 ms`, `1.24 s`, `10.5 s`; what is not known is a dash that says so. */
export function milliseconds(ms: number | null): Html {
  if (ms === null) return unknown();
  if (ms > 0 && ms < 10) return html`${ms.toFixed(1)} ms`;
  if (ms < SECOND) return html`${Math.round(ms)} ms`;
  return html`${(ms / SECOND).toFixed(ms < 10 * SECOND ? 2 : 1)} s`;
}

/** `99.95 %`: never rounded up to a hundred. */
export function percent(share: number | null): Html {
  if (share === null) return unknown();
  const digits = Math.floor(share * 1e5) / 1e3;
  return html`${digits === 100 ? "100" : String(digits)} %`;
}

function unknown(): Html {
  return html`<span class="none" title="not known yet">–<span class="vh">not known yet</span></span>`;
}

/** `3 s`, `12 min`, `5 h 10 min`, `3 d 4 h`. */
export function span(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.round(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return twoUnits(ms, { big: HOUR, unit: "h", small: MINUTE, smallUnit: "min" });
  return twoUnits(ms, { big: DAY, unit: "d", small: HOUR, smallUnit: "h" });
}

interface Units {
  readonly big: number;
  readonly unit: string;
  readonly small: number;
  readonly smallUnit: string;
}

function twoUnits(ms: number, { big, unit, small, smallUnit }: Units): string {
  const rest = Math.floor((ms % big) / small);
  const first = `${Math.floor(ms / big)} ${unit}`;
  return rest === 0 ? first : `${first} ${rest} ${smallUnit}`;
}

export function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const kept = formatters.get(timeZone);
  if (kept !== undefined) return kept;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  formatters.set(timeZone, made);
  return made;
}

/** `+05:30`: a zone that is known by its offset alone, which not every Intl takes. */
const OFFSET = /^([+-])(\d\d):(\d\d)$/u;

function offsetMs([, sign, hours, minutes]: RegExpExecArray): number {
  const ms = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return sign === "-" ? -ms : ms;
}

function plainText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

/** `2026-11-22 09:00:00 +01:00`; `UTC` where it is that. */
export function stampText(at: number | string, timeZone: string): string {
  const ms = typeof at === "number" ? at : Date.parse(at);
  if (!Number.isFinite(ms)) return "at a time that is none";
  if (timeZone === "UTC") return `${plainText(ms)} UTC`;
  const offset = OFFSET.exec(timeZone);
  if (offset !== null) return `${plainText(ms + offsetMs(offset))} ${timeZone}`;
  const parts = formatterOf(timeZone).formatToParts(ms);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? "";
  const zone = of("timeZoneName").replace("GMT", "") || "UTC";
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")} ${zone}`;
}

/** The same for machines too. */
export function stamp(at: number | string, timeZone: string): Html {
  const ms = typeof at === "number" ? at : Date.parse(at);
  const text = stampText(ms, timeZone);
  if (!Number.isFinite(ms)) return html`${text}`;
  return html`<time datetime="${new Date(ms).toISOString()}">${text}</time>`;
}
