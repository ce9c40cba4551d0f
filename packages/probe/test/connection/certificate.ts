import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

interface CertificateOptions {
  readonly host?: string;
  readonly notBefore?: string;
  readonly notAfter?: string;
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const ECDSA_WITH_SHA256 = "06082a8648ce3d040302";
const COMMON_NAME = "0603550403";
const SUBJECT_ALT_NAME = "0603551d11";

/** A self-signed certificate, written out in DER: no tool is needed, and any date can be had. */
export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const {
    host = "localhost",
    notBefore = "2020-01-01",
    notAfter = "2049-06-30T12:00:00Z",
  } = options;
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = der(0x30, der(0x31, der(0x30, hex(COMMON_NAME), der(0x0c, Buffer.from(host)))));
  const altNames = der(0x30, der(0x82, Buffer.from(host)));
  const extension = der(0x30, hex(SUBJECT_ALT_NAME), der(0x04, altNames));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    der(0x30, hex(ECDSA_WITH_SHA256)),
    name,
    der(0x30, time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, der(0x30, extension)),
  );
  return {
    key: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    cert: seal(body, privateKey),
  };
}

function seal(body: Buffer, key: KeyObject): string {
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", body, key)]);
  const whole = der(0x30, body, der(0x30, hex(ECDSA_WITH_SHA256)), der(0x03, signature));
  const lines = whole.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}

/** UTCTime: years 1950 to 2049. */
function time(date: string): Buffer {
  const digits = new Date(date).toISOString().replace(/\D/g, "");
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}
