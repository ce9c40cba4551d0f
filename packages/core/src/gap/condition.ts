import type { GapState, Provisioned, Seen, WindowExposure } from "./types.ts";

/** What one look says of those who come now. */
export type Condition =
  | { readonly kind: "ready"; readonly requested: number }
  | { readonly kind: "gap"; readonly exposure: WindowExposure; readonly reason: string | null }
  /** More or less was asked for, of what was ready and serves on. */
  | { readonly kind: "scaling" }
  /** Some version that takes traffic has no provisioned concurrency. */
  | { readonly kind: "missing" }
  | { readonly kind: "unknown" };

export interface Shares {
  readonly version: string;
  readonly weights: Readonly<Record<string, number>>;
}

/** Versions that take traffic, the most of it first. */
export function trafficVersions({ version, weights }: Shares): readonly string[] {
  return [[version, mainShare(weights)] as const, ...Object.entries(weights)]
    .filter(([, share]) => share > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([name]) => name);
}

/** Weights are sums of floats: a whole may come out a hair below. */
const WHOLE = 0.999_999;

function mainShare(weights: Readonly<Record<string, number>>): number {
  const others = Object.values(weights).reduce((sum, share) => sum + share, 0);
  return others > WHOLE ? 0 : 1 - others;
}

/** `before` tells scaling from a first allocation. */
export function conditionOf(seen: Seen, shares: Shares, before: GapState): Condition {
  if (seen.provisioned === null) return { kind: "unknown" };
  const alias = seen.provisioned.find((one) => one.alias !== null);
  const found = alias === undefined ? ofVersions(seen.provisioned, shares) : ofAlias(alias, shares);
  const isScaled =
    found.kind === "gap" &&
    found.exposure === "exposed" &&
    before.open === null &&
    before.serving?.version === seen.version &&
    before.serving.codeSha256 === seen.codeSha256 &&
    before.readyRequested !== null &&
    seen.provisioned[0]?.requested !== before.readyRequested;
  return isScaled ? { kind: "scaling" } : found;
}

/** AWS itself holds traffic on the old version, by weights, until an alias's allocation is ready. */
function ofAlias(alias: Provisioned, { weights }: Shares): Condition {
  const isHeld = mainShare(weights) === 0;
  switch (alias.status) {
    case "failed":
      return { kind: "gap", exposure: "failed", reason: alias.reason };
    case "in-progress":
      return { kind: "gap", exposure: isHeld ? "shielded" : "exposed", reason: null };
    case "ready":
      return isHeld
        ? { kind: "gap", exposure: "shielded", reason: null }
        : { kind: "ready", requested: alias.requested };
    default:
      return alias.status satisfies never;
  }
}

/** Nothing holds traffic back from a version that is not ready. */
function ofVersions(provisioned: readonly Provisioned[], shares: Shares): Condition {
  const own = trafficVersions(shares).map((name) =>
    provisioned.find(({ version }) => version === name),
  );
  const failed = own.find((one) => one?.status === "failed");
  if (failed !== undefined) return { kind: "gap", exposure: "failed", reason: failed.reason };
  if (own.some((one) => one?.status === "in-progress")) {
    return { kind: "gap", exposure: "exposed", reason: null };
  }
  const [first] = own;
  return first === undefined || own.includes(undefined)
    ? { kind: "missing" }
    : { kind: "ready", requested: first.requested };
}
