import { readFileSync } from "node:fs";
import type { TlsOptions } from "./server.ts";

const FOLDER = new URL("../fixtures/tls/", import.meta.url);

/** The root that a client must trust to find `sound` sound. */
export const TEST_CA = read("ca.pem");

/** When `sound` ends: a century ahead, so a test that wants it near sets its clock. */
export const SOUND_UNTIL = "2126-01-01T00:00:00.000Z";

export const CERTIFICATES = {
  sound: pair("sound"),
  expired: pair("expired"),
  wrongName: pair("wrong-name"),
  selfSigned: pair("self-signed"),
} as const;

function pair(name: string): TlsOptions {
  return { key: read(`${name}.key.pem`), cert: read(`${name}.pem`) };
}

function read(name: string): string {
  return readFileSync(new URL(name, FOLDER), "utf8");
}
