import { type FrontDoor, targetFromUrl } from "@vigil/core";
import type { InitFlags } from "../flags.ts";
import { all, bad, ok, type Result } from "../result.ts";
import { plain } from "../text.ts";

/** Everything that may have an MCP server behind it: as named by the operator. */
export function findDoors({ url = [] }: InitFlags): Result<readonly FrontDoor[]> {
  return all([...new Set(url)].map(namedDoor));
}

function namedDoor(url: string): Result<FrontDoor> {
  const made = targetFromUrl(url);
  if (made.ok) {
    const { region } = made.target;
    return ok({ label: null, urls: [url], region, lambda: null, signedFor: null });
  }
  const [finding] = made.findings;
  const label = plain(url.replace(/[?#].*$/su, "").replace(/\/\/[^/]*@/u, "//"), 200);
  return bad(`--url ${label} ${finding?.problem ?? "is wrong"}. ${finding?.fix ?? ""}`);
}
