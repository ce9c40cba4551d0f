import { createRedactor } from "../src/redact.ts";

export function redacted(secrets: string | readonly string[], text: string): string {
  return createRedactor(typeof secrets === "string" ? [secrets] : secrets)(text);
}

export const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
const base64url = (text: string) => Buffer.from(text, "utf8").toString("base64url");
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const hex = (text: string) => Buffer.from(text, "utf8").toString("hex");
const everyUnit = (text: string, write: (unit: string, code: number) => string) =>
  [...text.split("")]
    .map((unit) => (/[A-Za-z0-9]/.test(unit) ? unit : write(unit, unit.charCodeAt(0))))
    .join("");
const everyChar = (text: string, write: (code: number) => string) =>
  [...text]
    .map((char) => (/[A-Za-z0-9]/.test(char) ? char : write(char.codePointAt(0) ?? 0)))
    .join("");
const escapes = (text: string) =>
  everyUnit(text, (_, code) => `\\u${code.toString(16).padStart(4, "0")}`);

/** How programs write a text into answers. Each is exact: what it gives must vanish whole. */
const ENCODERS = {
  "as it is": (text) => text,
  "URL-encoded": encodeURIComponent,
  "URL-encoded in lower case": (text) =>
    encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
  "URL-encoded strictly": (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  "URL-encoded, slashes kept": (text) => encodeURIComponent(text).replaceAll("%2F", "/"),
  "URL-encoded twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  "form-encoded": (text) => new URLSearchParams([["", text]]).toString().slice(1),
  "as JSON": json,
  "as JSON within JSON": (text) => json(json(text)),
  "as JSON within JSON within JSON": (text) => json(json(json(text))),
  "as JSON with escaped slashes": (text) => json(text).replaceAll("/", "\\/"),
  "as JSON with escapes for all but words": escapes,
  "the same in upper case": (text) =>
    everyUnit(text, (_, code) => `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`),
  "the same within JSON": (text) => json(escapes(text)),
  "as JSON, URL-encoded": (text) => encodeURIComponent(json(text)),
  "as JSON within JSON, URL-encoded": (text) => encodeURIComponent(json(json(text))),
  "with escapes for all but words, URL-encoded": (text) => encodeURIComponent(escapes(text)),
  "the same with codes in lower case": (text) =>
    encodeURIComponent(escapes(text)).replace(/%../g, (code) => code.toLowerCase()),
  "the same URL-encoded twice": (text) => encodeURIComponent(encodeURIComponent(escapes(text))),
  "as HTML": (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  "as HTML with decimal codes": (text) => everyChar(text, (code) => `&#${code};`),
  "as HTML with hex codes": (text) => everyChar(text, (code) => `&#x${code.toString(16)};`),
  "as base64": base64,
  "as base64 for URLs": base64url,
  "as base64 in a query": (text) => encodeURIComponent(base64(text)),
  "as hex": hex,
  "as upper-case hex": (text) => hex(text).toUpperCase(),
} as const satisfies Record<string, (text: string) => string>;

export const ENCODER_ROWS = Object.entries(ENCODERS).map(([name, encode]) => ({ name, encode }));
