import type { Target } from "./config/index.ts";
import { gatewayIdOf } from "./doctor/subject.ts";
import { type FollowedTarget, isFollowed } from "./gap/index.ts";

/** Managed policies that a role may have. Source: IAM and STS quotas. */
export const MAX_ROLE_POLICIES = 10;
/** IAM's quota for a managed policy. */
const MAX_POLICY_CHARACTERS = 6_144;
/** Of a policy, what is not about single functions: the actions, above all. */
const POLICY_FRAME = 900;
/** Of a function whoever looks at it has so many in its policy, and one's worth more of an API before it. */
const FOLLOWED_ARNS = 3;
const ARN_FRAME = 65;

/**
 * Targets whose functions are looked at, in as few groups as let one policy name all functions of a
 * group. Targets of one function are together.
 */
export function policyGroups(targets: readonly Target[]): readonly (readonly FollowedTarget[])[] {
  const functions = new Map<string, FollowedTarget[]>();
  for (const target of targets.filter(isFollowed)) {
    const key = `${target.region} ${target.lambda.functionName}`;
    functions.set(key, [...(functions.get(key) ?? []), target]);
  }
  const groups: FollowedTarget[][] = [];
  let left = 0;
  for (const own of functions.values()) {
    const characters = charactersOf(own);
    if (groups.length === 0 || characters > left) {
      groups.push([]);
      left = MAX_POLICY_CHARACTERS - POLICY_FRAME;
    }
    groups.at(-1)?.push(...own);
    left -= characters;
  }
  return groups;
}

/** Of one function, in a policy. */
function charactersOf(own: readonly FollowedTarget[]): number {
  const apis = new Set(own.flatMap(({ url }) => gatewayIdOf(url) ?? [])).size;
  const name = own[0]?.lambda.functionName ?? "";
  return (FOLLOWED_ARNS + 2 * apis) * (name.length + ARN_FRAME);
}
