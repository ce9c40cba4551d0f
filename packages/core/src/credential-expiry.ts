/** A credential whose end is nearer than this is worth a word. */
export const CREDENTIAL_WARNING_HOURS = 72;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** When the credentials that a run sends come to their end, as far as that is known. */
export interface CredentialExpiry {
  /** ISO 8601. */
  readonly at: string;
  /** From the attempt's start; negative when it is past. */
  readonly leftMs: number;
  /** Who says so: a configured token about itself, or the authorization server about one it gave. */
  readonly of: "bearer" | "oauth";
}

const JWT = /^Bearer +[\w-]+\.([\w-]+)\.[\w-]*$/i;
/** The last day that a `Date` knows. */
const MAX_EPOCH_MS = 8_640_000_000_000_000;

/**
 * The `exp` of a JWT in an Authorization header, in epoch milliseconds; null for anything else. It
 * is read, never verified: it only says whose fault a 401 is, and when to think of a new token.
 */
export function bearerExpiresAt(authorization: string): number | null {
  const payload = JWT.exec(authorization)?.[1];
  const exp = payload === undefined ? null : expOf(payload);
  if (exp === null) return null;
  const at = exp * 1_000;
  return Math.abs(at) <= MAX_EPOCH_MS ? at : null;
}

function expOf(payload: string): number | null {
  try {
    const claims: unknown = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
    const isObject = typeof claims === "object" && claims !== null;
    const exp = isObject && "exp" in claims ? claims.exp : null;
    return typeof exp === "number" && Number.isFinite(exp) ? exp : null;
  } catch {
    return null;
  }
}

/** What an operator should know in time. `worked`: the server took the credential in this run. */
export function expiryNote(expiry: CredentialExpiry | null, worked: boolean): string | null {
  // An authorization server's tokens are short-lived by design, and renewed.
  if (expiry?.of !== "bearer") return null;
  const { at, leftMs } = expiry;
  if (leftMs >= CREDENTIAL_WARNING_HOURS * HOUR_MS) return null;
  if (leftMs > 0) return `the bearer token expires in ${spell(leftMs)}, at ${at}`;
  return worked ? `the bearer token expired at ${at}, and the server still takes it` : null;
}

function spell(ms: number): string {
  return ms >= HOUR_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / MINUTE_MS)} min`;
}
