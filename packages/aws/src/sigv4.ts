import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Clock, RequestSigner, SignableRequest } from "@vigil/core";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Gives the credentials of now; rejects when there are none. */
export type CredentialSource = () => Promise<AwsCredentials>;

export interface SignerOptions {
  readonly credentials: CredentialSource;
  readonly clock: Clock;
}

/** The machine's own credentials, as every AWS tool finds them. Loads nothing until they are asked for. */
export function defaultCredentials(): CredentialSource {
  let source: Promise<CredentialSource> | null = null;
  return async () => {
    source ??= import("./default-chain.ts").then(({ createDefaultChain }) => createDefaultChain());
    return (await source)();
  };
}

/** Tracing proxies may rewrite it on the way; the signature must survive that. */
const UNSIGNED_HEADERS = new Set(["traceparent"]);
/** What signing adds; the rest of the request stays the caller's. */
const ADDED_HEADERS = ["authorization", "x-amz-date", "x-amz-security-token"];
const SIGNATURE = /Signature=([0-9a-f]+)$/;

/** AWS Signature Version 4 in the `Authorization` header, over the headers and the body's hash. */
export function createSigner({ credentials, clock }: SignerOptions): RequestSigner {
  return async (request) => {
    const found = await credentials().catch(() => null);
    if (found === null) return { ok: false, reason: "no AWS credentials were found" };
    if (found.expiration !== undefined && found.expiration.getTime() <= clock.now()) {
      return { ok: false, reason: "the AWS credentials have expired" };
    }
    const headers = await sign(request, found, new Date(clock.now()));
    const signature = SIGNATURE.exec(headers.authorization ?? "")?.[1];
    const secrets = [found.accessKeyId, found.sessionToken, signature];
    return { ok: true, headers, secrets: secrets.filter((value) => value !== undefined) };
  };
}

async function sign(
  { method, url, headers, body, service, region }: SignableRequest,
  credentials: AwsCredentials,
  signingDate: Date,
): Promise<Record<string, string>> {
  const { protocol, host, hostname, pathname, searchParams } = new URL(url);
  const signer = new SignatureV4({
    credentials,
    service,
    region,
    sha256: Sha256,
    // The body's hash is signed all the same; only S3 wants it sent too.
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: method.toUpperCase(),
      protocol,
      hostname,
      path: pathname,
      query: queryOf(searchParams),
      headers: { ...headers, host },
      body: body ?? undefined,
    },
    { signingDate, unsignableHeaders: UNSIGNED_HEADERS },
  );
  const added = ADDED_HEADERS.map((name) => [name, signed.headers[name]] as const);
  return Object.fromEntries(added.filter((entry): entry is [string, string] => Boolean(entry[1])));
}

function queryOf(params: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...params.keys()].map((name) => [name, params.getAll(name)]));
}

/** SHA-256, keyed or not, in the shape that the signer takes. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data, "utf8");
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
