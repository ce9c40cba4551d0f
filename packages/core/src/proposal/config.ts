import type { TargetInput, VigilConfigInput } from "../config/index.ts";
import { awsPlace } from "../config/urls.ts";
import type { FrontDoor } from "./front-door.ts";
import type { SentinelProposal } from "./sentinel.ts";

/** A server that is to be watched. */
export interface TargetProposal extends Pick<FrontDoor, "region" | "lambda" | "signedFor"> {
  readonly name: string;
  readonly url: string;
  readonly sentinel: SentinelProposal | null;
}

interface ConfigProposal {
  readonly vantage: string;
  readonly email: string | null;
  readonly targets: readonly TargetProposal[];
}

/** The config that watches them; what a URL tells by itself is not said again. */
export function proposeConfig({ vantage, email, targets }: ConfigProposal): VigilConfigInput {
  return {
    vantages: [vantage],
    ...(email !== null && { paging: { email: [email] } }),
    targets: targets.map(proposeTarget),
  };
}

/** The target's own part, of which `auth` can be asked for before there is a name for the rest. */
export function proposeTarget(proposal: TargetProposal): TargetInput {
  const { name, url, lambda, sentinel } = proposal;
  const { region, auth } = signing(proposal);
  return {
    name,
    url,
    ...(region !== null && { region }),
    ...(lambda !== null && {
      lambda: {
        functionName: lambda.functionName,
        ...(lambda.qualifier !== null && { qualifier: lambda.qualifier }),
      },
    }),
    ...(auth !== null && { auth }),
    ...(sentinel !== null && {
      sentinels: [
        {
          tool: sentinel.tool,
          ...(Object.keys(sentinel.arguments).length > 0 && { arguments: sentinel.arguments }),
        },
      ],
    }),
  };
}

function signing({ url, region, signedFor }: TargetProposal) {
  const told = awsPlace(url);
  const auth =
    signedFor === null
      ? null
      : ({ type: "sigv4", ...(told === null && { service: signedFor }) } as const);
  return { region: told === null ? region : null, auth };
}
