import type { Auth, Sentinel, StreamExpectation, Target } from "@vigil/core";
import type { Fault } from "./fault.ts";
import { extrasOf, type Spot } from "./moments.ts";
import { LONG_TIMEOUT_MS } from "./patience.ts";

/** Finds the sound servers in order: every tool that it names is theirs. */
const SENTINEL: Sentinel = {
  tool: "lookup",
  arguments: { key: "health" },
  expect: { contains: "ok" },
  allowWrites: false,
};

/** Half of what the sound servers' streams take, of which any tool's is one. */
const STREAM: StreamExpectation = {
  tool: "echo",
  arguments: { message: "ok" },
  minEvents: 2,
  minSpreadMs: 120,
  allowWrites: false,
  everyMs: 3_600_000,
};

/** The page that the sound servers let in. */
export const CORS = { origin: "https://app.example.com", everyMs: 3_600_000 };
const CONCURRENCY = { clients: 3, everyMs: 3_600_000 };

/** No budget is tight unless a fault is about it. */
const LIMITS = {
  clientTimeoutMs: LONG_TIMEOUT_MS,
  runTimeoutMs: 30_000,
  slowMs: 30_000,
  maxResponseBytes: 1_048_576,
  confirm: { delaysMs: [0], withinMs: 20_000 },
} as const;

/** The target of a play: its server in the spot's era, held to what the fault is about. */
export function targetFor(url: string, spot: Spot, fault?: Pick<Fault, "target">): Target {
  const { era } = spot;
  const { bearer, expect, sentinels, stream, ...limits } = fault?.target ?? {};
  return {
    name: "orders",
    url,
    region: null,
    allowSameRegion: false,
    tags: [],
    owner: null,
    severity: "critical",
    runbook: null,
    lambda: null,
    era,
    auth: authOf(bearer),
    headers: {},
    ...LIMITS,
    ...limits,
    expect: {
      tools: [],
      minTools: 1,
      minProtocolVersion: null,
      cors: extrasOf(spot).includes("cors") ? CORS : null,
      getStream: spot.moment === "getStream",
      unauthenticated: null,
      ...expect,
    },
    sentinels: sentinels?.map((one) => ({ ...one, allowWrites: false })) ?? [SENTINEL],
    stream: spot.moment === "stream" ? { ...STREAM, ...stream } : null,
    concurrency: extrasOf(spot).includes("concurrency") ? CONCURRENCY : null,
    maintenance: [],
  };
}

function authOf(bearer: string | undefined): Auth {
  return bearer === undefined ? { type: "none" } : { type: "bearer", token: { secret: bearer } };
}
