import type { Unread } from "@vigil/core";
import { plain } from "./text.ts";

/** Why AWS did not say how a function is set up, as the end of a sentence. */
export function unreadReason(why: Unread): string {
  switch (why.code) {
    case "denied":
      return `${why.permission} is denied`;
    case "absent":
      return "there is no such function, or no such alias of it";
    case "throttled":
      return "AWS has too many requests";
    case "unreachable":
      return why.reason === "CredentialsProviderError"
        ? "no AWS credentials were found"
        : `AWS did not answer (${plain(why.reason, 60)})`;
    default:
      return why satisfies never;
  }
}
