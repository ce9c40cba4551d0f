import type { PageSubscription } from "@vigil/aws/pages-topic";
import type { Addresses, Paging } from "@vigil/core";
import { plain } from "../text.ts";

export type Address = Pick<PageSubscription, "protocol" | "endpoint">;

/** Whom pages go to: each once, however many routes it has. */
export function pagedAddresses({ routes, ...everything }: Paging): readonly Address[] {
  const all = [everything, ...routes].flatMap(addressesOf);
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}

export function addressesOf({ email, https }: Addresses): readonly Address[] {
  return [
    ...email.map((endpoint) => ({ protocol: "email", endpoint })),
    ...https.map((endpoint) => ({ protocol: "https", endpoint })),
  ];
}

/** Those of `wanted` that a topic does not know. */
export function forgottenOf(
  wanted: readonly Address[],
  subscriptions: readonly Address[],
): readonly Address[] {
  const known = new Set(subscriptions.map(keyOf));
  return wanted.filter((one) => !known.has(keyOf(one)));
}

function keyOf({ protocol, endpoint }: Address): string {
  return `${protocol} ${protocol === "email" ? endpoint.toLowerCase() : endpoint}`;
}

/** A webhook's path and query may hold a key. */
export function shownAddress({ protocol, endpoint }: Address): string {
  const isHook = protocol.startsWith("http") && URL.canParse(endpoint);
  return `${plain(protocol)} ${isHook ? new URL(endpoint).origin : plain(endpoint)}`;
}
