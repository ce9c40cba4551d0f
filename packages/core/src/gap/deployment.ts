import { type Condition, type Shares, trafficVersions } from "./condition.ts";
import type { Deployment, DeploymentExposure, GapState, Seen } from "./types.ts";

/** What a look adds up to, with what was known before. */
export interface Sight {
  readonly before: GapState;
  readonly seen: Seen;
  readonly shares: Shares;
  readonly condition: Condition;
}

/** Null when the same versions serve as before, with the same code, or when nobody knows of a before. */
export function deploymentOf({ before, seen, shares, condition }: Sight): Deployment | null {
  const { serving, seenAt } = before;
  if (serving === null) return null;
  const to = changedTo(serving, seen, shares);
  if (to === null) return null;
  const [most = serving.version] = trafficVersions(serving);
  // A move that is taken back in its middle: traffic never left the old version.
  const from = most === to ? serving.version : most;
  return {
    at: seen.at,
    between: { notBefore: seenAt, notAfter: seen.at },
    from: { version: from, codeSha256: from === serving.version ? serving.codeSha256 : null },
    to: { version: to, codeSha256: to === seen.version ? seen.codeSha256 : null },
    exposure: exposureOf(condition, before),
  };
}

function changedTo(
  serving: NonNullable<GapState["serving"]>,
  { version, codeSha256 }: Seen,
  shares: Shares,
): string | null {
  const known = new Set([serving.version, ...Object.keys(serving.weights)]);
  const appeared = [version, ...Object.keys(shares.weights)].find((one) => !known.has(one));
  if (appeared !== undefined) return appeared;
  if (serving.version === version) return serving.codeSha256 === codeSha256 ? null : version;
  // A canary that is done was seen when it began; a move that is taken back is news.
  return trafficVersions(serving).includes(serving.version) ? null : version;
}

function exposureOf(condition: Condition, { configured }: GapState): DeploymentExposure {
  switch (condition.kind) {
    case "unknown":
      return "unknown";
    case "ready":
    case "scaling":
      return "covered";
    case "gap":
      return condition.exposure;
    case "missing":
      return configured === true ? "exposed" : "unprovisioned";
    default:
      return condition satisfies never;
  }
}
