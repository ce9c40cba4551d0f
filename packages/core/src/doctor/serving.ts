import type { FunctionSubject, ProvisionedFacts, UrlFacts } from "./types.ts";

/** The Function URL that the target's clients come by; null when they come another way. */
export function urlOf(urls: readonly UrlFacts[], about: FunctionSubject): UrlFacts | null {
  const own = urls.find(({ host }) => host === about.host);
  if (own !== undefined || about.door !== "other") return own ?? null;
  // A custom domain stands before the configured qualifier's URL.
  return urls.find(({ qualifier }) => qualifier === about.qualifier) ?? null;
}

/** The qualifier that serves clients: the URL's own, whatever the config watches. */
export function servingOf(urls: readonly UrlFacts[], about: FunctionSubject): string {
  return urlOf(urls, about)?.qualifier ?? about.qualifier;
}

interface Serving {
  readonly qualifier: string;
  /** Behind the qualifier. */
  readonly version: string;
}

/** Those environments that the serving qualifier's requests reach. */
export function reached(
  provisioned: readonly ProvisionedFacts[],
  { qualifier, version }: Serving,
): readonly ProvisionedFacts[] {
  return provisioned.filter((one) => one.qualifier === qualifier || one.qualifier === version);
}

/** How a qualifier is called in a sentence. */
export function called(qualifier: string): string {
  if (qualifier === "$LATEST") return "$LATEST";
  return /^\d+$/.test(qualifier) ? `version ${qualifier}` : `alias ${qualifier}`;
}
