import type { Auth, HeaderValues, SecretRef, Target } from "./types.ts";

/** Every secret that a target's requests need, once each. */
export function secretReferences(target: Pick<Target, "auth" | "headers">): readonly string[] {
  const refs = [...inAuth(target.auth), ...inHeaders(target.headers)];
  return [...new Set(refs.map(({ secret }) => secret))];
}

function inAuth(auth: Auth): readonly SecretRef[] {
  switch (auth.type) {
    case "none":
    case "sigv4":
      return [];
    case "bearer":
      return [auth.token];
    case "headers":
      return inHeaders(auth.headers);
    case "oauthClientCredentials":
      return [auth.clientSecret];
    default:
      return auth satisfies never;
  }
}

function inHeaders(headers: HeaderValues): readonly SecretRef[] {
  return Object.values(headers).filter((value) => typeof value !== "string");
}
