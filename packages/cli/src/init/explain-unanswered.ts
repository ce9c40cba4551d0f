import type { UnansweredCall } from "@vigil/aws/front-doors";
import { credentialTrouble, troubleName } from "../aws-trouble.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import type { Complaint } from "../result.ts";
import { plain } from "../text.ts";

const DENIED = new Set(["AccessDeniedException", "AccessDenied", "HTTP 403"]);
const THROTTLED = new Set(["TooManyRequestsException", "ThrottlingException", "HTTP 429"]);

/** Why AWS has not said what it was asked, for whoever asked. */
export function explainUnanswered(
  { region, action, error }: UnansweredCall,
  env: Io["env"],
): Complaint {
  const trouble = credentialTrouble(error, env);
  if (trouble !== null) {
    const disabled = error.name === "UnrecognizedClientException";
    const more = disabled ? ` Or ${region} is not enabled for this account.` : "";
    return { ...trouble, message: `${trouble.message}${more}` };
  }
  const name = plain(troubleName(error), 80);
  return { message: whatHappened(name, action, region), exit: EXIT.unknown };
}

function whatHappened(name: string, action: string, region: string): string {
  if (DENIED.has(name)) {
    return `${action} is denied in ${region}, so what it would have shown is missing. docs/init.md lists what vigil init needs.`;
  }
  return THROTTLED.has(name)
    ? `${action} is throttled in ${region} (${name}), so some of it is missing. Try again later.`
    : `${action} was not answered in ${region} (${name}), so what it would have shown is missing. Check the network, and try again.`;
}
