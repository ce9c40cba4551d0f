import { createHash, createHmac } from "node:crypto";
import type { Answer } from "./answer.ts";
import { FUNCTION_URL } from "./faults/aws-bodies.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";

export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** What `x-amz-security-token` must be; null when it must not be there. */
  readonly sessionToken: string | null;
  readonly service: string;
  readonly region: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;
const MAX_SKEW_MS = 300_000;

/** Lets through what the key signed, as AWS defines it, and refuses the rest as a Function URL does. */
export function guardSignature(key: SigningKey, script: Script): Script {
  return (request): Answer => (isSigned(request, key) ? script(request) : FUNCTION_URL.forbidden);
}

/** AWS Signature Version 4, worked out anew from the request as it came over the socket. */
export function isSigned(request: RecordedRequest, key: SigningKey): boolean {
  const { headers } = request;
  const read = AUTHORIZATION.exec(headers.authorization ?? "");
  if (read === null) return false;
  const [, id, day = "", region, service, list = "", signature] = read;
  const time = headers["x-amz-date"] ?? "";
  const names = list.split(";");
  const stated =
    id === key.accessKeyId && region === key.region && service === key.service && isNow(time, day);
  const covered = ["host", "x-amz-date", ...sessionNames(key)].every((name) =>
    names.includes(name),
  );
  if (!stated || !covered || (headers["x-amz-security-token"] ?? null) !== key.sessionToken) {
    return false;
  }
  const scope = [day, region, service, "aws4_request"].join("/");
  const canonical = canonicalRequest(request, names);
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  return hmac(signingKey(key, day), toSign).toString("hex") === signature;
}

function sessionNames({ sessionToken }: SigningKey): readonly string[] {
  return sessionToken === null ? [] : ["x-amz-security-token"];
}

function isNow(time: string, day: string): boolean {
  const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  return time.startsWith(day) && Math.abs(Date.parse(iso) - Date.now()) < MAX_SKEW_MS;
}

function canonicalRequest(request: RecordedRequest, names: readonly string[]): string {
  const [path = "", query = ""] = request.path.split("?");
  return [
    request.httpMethod,
    path.split("/").map(encodeURIComponent).join("/"),
    query.split("&").sort().join("&"),
    ...names.map((name) => `${name}:${(request.headers[name] ?? "").trim()}`),
    "",
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

function signingKey({ secretAccessKey, region, service }: SigningKey, day: string): Buffer {
  const parts = [day, region, service, "aws4_request"];
  return parts.reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
