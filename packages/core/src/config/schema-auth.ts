import * as z from "zod";
import { encodeAdvice, wrongKind } from "./advice.ts";
import { headerMap } from "./header-map.ts";
import { matching, strict, text } from "./leaf.ts";
import { region } from "./regions.ts";
import { isSecretRef, secretRef } from "./secret-ref.ts";
import { url } from "./urls.ts";

const AUTH_FIX =
  'Write bearer(secret("env:NAME")), headers({ … }), sigv4() or oauthClientCredentials({ … }).';

const issuer = url({
  example: 'the authorization server\'s own URL, for example "https://auth.example.com"',
  http: "loopback",
  shape: "issuer",
});

const tokenEndpoint = url({
  example:
    'the address where the issuer gives tokens, for example "https://login.example.com/oauth2/token"',
  http: "loopback",
});

const clientId = text({
  what: "text",
  fix: "Write the client's id as the authorization server knows it.",
});

const scope = text({
  what: "text",
  fix: 'Write the scopes with one blank between them, for example "mcp:read mcp:call", or leave scope out.',
  problems: matching(
    /^[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*$/,
    "is not a list of OAuth scopes",
  ),
});

const service = text({
  what: "the name of an AWS service",
  fix: 'Write the service that checks the signature: "lambda" for Function URLs, "execute-api" for API Gateway.',
  problems: matching(/^[a-z0-9-]{1,64}$/, "is not the name of an AWS service"),
});

const part = <S extends z.core.$ZodLooseShape>(shape: S) => strict(shape, AUTH_FIX);

export const authSchema = z.discriminatedUnion(
  "type",
  [
    part({ type: z.literal("none") }),
    part({ type: z.literal("bearer"), token: secretRef }),
    part({ type: z.literal("headers"), headers: headerMap }),
    part({ type: z.literal("sigv4"), service: service.optional(), region: region.optional() }),
    part({
      type: z.literal("oauthClientCredentials"),
      issuer,
      clientId,
      clientSecret: secretRef,
      scope: scope.optional(),
      tokenEndpoint: tokenEndpoint.optional(),
    }),
  ],
  {
    error: ({ input }) => encodeAdvice([{ problem: authProblem(input), fix: AUTH_FIX }]),
  },
);

function authProblem(value: unknown): string {
  if (typeof value === "string") return "is a literal value where credentials by reference belong";
  if (isSecretRef(value)) return "is a secret without the way to send it";
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? "is not a kind of credentials that Vigil knows"
    : wrongKind(value, "an object");
}
