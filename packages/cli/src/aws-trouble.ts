import { EXIT } from "./exit-codes.ts";
import type { Io } from "./io.ts";
import type { Complaint } from "./result.ts";

type Explain = (error: Error, profile: string | undefined) => Complaint;

const expired: Explain = () => ({
  message: "The AWS credentials have expired. Renew them, for example with aws sso login.",
  exit: EXIT.unknown,
});

const notTaken: Explain = ({ name, message }) => ({
  message: `AWS does not take these credentials (${name}: ${firstLine(message)}). Check AWS_PROFILE, the keys, and this machine's clock.`,
  exit: EXIT.unknown,
});

/** What a service, the token service or the SDK calls it: what it means, and whose fault it is. */
const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  CredentialsProviderError: ({ message }, profile) => ({
    message:
      profile === undefined
        ? `No AWS credentials were found (${firstLine(message)}). Sign in with aws sso login, or set AWS_PROFILE or AWS_ACCESS_KEY_ID.`
        : `AWS_PROFILE ${JSON.stringify(profile)} gives no credentials (${firstLine(message)}). Write the name of a profile in ~/.aws/config, or sign in with aws sso login.`,
  }),
  // Services' own name for it is AccessDeniedException; this is that of STS, asked for a profile's role.
  AccessDenied: ({ message }) => ({
    message: `AWS gives these credentials no role (AccessDenied: ${firstLine(message)}). Check AWS_PROFILE and the role's trust policy.`,
    exit: EXIT.unknown,
  }),
  ExpiredTokenException: expired,
  ExpiredToken: expired,
  UnrecognizedClientException: notTaken,
  InvalidSignatureException: notTaken,
  IncompleteSignatureException: notTaken,
  MissingAuthenticationTokenException: notTaken,
  InvalidClientTokenId: notTaken,
  SignatureDoesNotMatch: notTaken,
};

/** What is wrong with the operator's credentials; null when the error is about something else. */
export function credentialTrouble(error: unknown, env: Io["env"]): Complaint | null {
  if (!(error instanceof Error)) return null;
  return EXPLANATIONS[error.name]?.(error, env["AWS_PROFILE"]) ?? null;
}

/** AWS's or Node's word for an error: a network's fault is called `Error`, and has a code. */
export function troubleName(error: Error): string {
  const inner = error.cause instanceof Error && error.name === "TypeError" ? error.cause : error;
  const nameless = inner.name === "Error" || inner.name === "AggregateError";
  return nameless && "code" in inner ? String(inner.code) : inner.name;
}

function firstLine(message: string): string {
  return (message.split("\n")[0] ?? "").replace(/\.$/u, "");
}
