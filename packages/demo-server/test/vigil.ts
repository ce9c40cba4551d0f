import { type Target, targetFromUrl } from "@vigil/core";
import { systemClock } from "@vigil/probe";

/** What the probe needs, when it is used as a library. */
export const DEPS = {
  vantage: "local",
  clock: systemClock,
  secrets: async () => null,
  version: "0.0.0",
  randomId: () => "0123456789abcdef0123456789abcdef",
};

const SENTINELS = [{ tool: "sentinel", expect: { contains: "ok" } }];

export type Overrides = NonNullable<Parameters<typeof targetFromUrl>[1]>;

/** A target that asks the sentinel, with patience for a busy machine. */
export function targetOf(url: string, overrides: Overrides = {}): Target {
  const clientTimeoutMs = overrides.clientTimeoutMs ?? 15_000;
  const read = targetFromUrl(url, {
    clientTimeoutMs,
    slowMs: clientTimeoutMs - 1,
    runTimeoutMs: 20_000,
    confirm: { delaysMs: [10, 20], withinMs: 30_000 },
    // Who is to be refused calls no tools.
    ...(overrides.expect?.unauthenticated === undefined && { sentinels: SENTINELS }),
    ...overrides,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.findings));
  return read.target;
}
