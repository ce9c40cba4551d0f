/** A token and how long it may be used. Times are `clock.now()`'s. */
export interface AccessToken {
  readonly value: string;
  /** As the authorization server says; null when it does not. */
  readonly expiresAt: number | null;
  /** From here on a new one is asked for. */
  readonly refreshAt: number;
}

/** Keeps tokens between runs, in memory alone. */
export interface TokenCache {
  get(key: string): AccessToken | null;
  set(key: string, token: AccessToken): void;
  /** Forgets this very token: one that has replaced it meanwhile stays. */
  drop(key: string, value: string): void;
}

export function createTokenCache(): TokenCache {
  const tokens = new Map<string, AccessToken>();
  return {
    get: (key) => tokens.get(key) ?? null,
    set: (key, token) => void tokens.set(key, token),
    drop(key, value) {
      if (tokens.get(key)?.value === value) tokens.delete(key);
    },
  };
}
