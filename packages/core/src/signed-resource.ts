import { DEFAULTS, type Target } from "./config/index.ts";
import { parseUrl } from "./config/urls.ts";

/** What a target's signed requests call, as IAM names it within region and account. */
export interface SignedResource {
  readonly service: "lambda" | "execute-api";
  readonly region: string;
  readonly name: string;
}

/** Null for a target that does not sign, and for one whose function or API is not named. */
export function signedResource({ auth, lambda, url }: Target): SignedResource | null {
  if (auth.type !== "sigv4") return null;
  const { service, region } = auth;
  if (service === "lambda" && lambda !== null) {
    const { functionName, qualifier } = lambda;
    const suffix = qualifier === DEFAULTS.qualifier ? "" : `:${qualifier}`;
    return { service, region, name: `function:${functionName}${suffix}` };
  }
  const api = /^([a-z0-9]+)\.execute-api\./.exec(parseUrl(url)?.hostname ?? "")?.[1];
  if (service !== "execute-api" || api === undefined) return null;
  return { service, region, name: `${api}/*` };
}
