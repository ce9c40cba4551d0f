import { type Answer, json, text } from "./answer.ts";
import type { RecordedRequest } from "./request.ts";
import type { Script } from "./server.ts";

export interface IssuerOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The token that is given to the n-th request for one, from 1. */
  readonly token: (n: number) => string;
  /** Null: the answer does not say. */
  readonly expiresInS?: number | null;
  readonly authMethod?: "client_secret_basic" | "client_secret_post";
  /** Members of the metadata that differ; `undefined` removes one. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const METADATA_PATH = "/.well-known/oauth-authorization-server";

/** An authorization server that gives tokens to one client, by RFC 8414 and RFC 6749 4.4. */
export function soundIssuer(options: IssuerOptions): Script {
  let given = 0;
  return (request) => {
    if (request.httpMethod === "GET" && request.path === METADATA_PATH) {
      return json(metadataOf(request, options));
    }
    if (request.httpMethod !== "POST" || request.path !== "/token")
      return text("", { status: 404 });
    const refusal = refuse(request, options);
    if (refusal !== null) return refusal;
    given += 1;
    const { token, expiresInS = 3_600 } = options;
    return json({
      access_token: token(given),
      token_type: "Bearer",
      ...(expiresInS !== null && { expires_in: expiresInS }),
    });
  };
}

/** The origin that the client has asked, which is how the issuer names itself. */
function metadataOf({ headers }: RecordedRequest, { authMethod, metadata }: IssuerOptions) {
  const issuer = `http://${headers.host}`;
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    grant_types_supported: ["client_credentials"],
    ...(authMethod !== undefined && { token_endpoint_auth_methods_supported: [authMethod] }),
    ...metadata,
  };
}

function refuse(request: RecordedRequest, options: IssuerOptions): Answer | null {
  const form = new URLSearchParams(request.body);
  const { clientId, clientSecret, authMethod = "client_secret_basic" } = options;
  const basic = `Basic ${btoa(`${clientId}:${clientSecret}`)}`;
  const isClient =
    authMethod === "client_secret_basic"
      ? request.headers.authorization === basic
      : form.get("client_id") === clientId && form.get("client_secret") === clientSecret;
  if (!isClient) return json({ error: "invalid_client" }, { status: 401 });
  return form.get("grant_type") === "client_credentials"
    ? null
    : json({ error: "unsupported_grant_type" }, { status: 400 });
}

/** Lets bearers of the tokens through, and challenges the rest as RFC 6750 says. */
export function guardBearer(accepts: (token: string) => boolean, script: Script): Script {
  return (request) => {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? null;
    if (token !== null && accepts(token)) return script(request);
    const error = token === null ? "" : ' error="invalid_token"';
    return json({ error: "unauthorized" }, { status: 401, headers: challenge(error) });
  };
}

function challenge(error: string) {
  return [["www-authenticate", `Bearer${error}`]] as const;
}
