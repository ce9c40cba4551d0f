import {
  type ExtraStep,
  FAILURE_CODES,
  FAILURE_MODES,
  type FailureCode,
  judge,
  listsOf,
  type RunRecord,
  type Target,
  type ToolLists,
} from "@vigil/core";
import { type ProbeDeps, runConfirmed, runProbe } from "@vigil/probe";
import { describe, expect, it } from "vitest";
import { FAULT_NAMES, FAULTS, type FaultName } from "../src/faults/index.ts";
import { FaultSwitch } from "../src/faults/switch.ts";
import { ERAS, type Era, start } from "./harness.ts";
import { DEPS, type Overrides, targetOf } from "./vigil.ts";

/** For faults that end by the client's patience. */
const SHORT_MS = 1_500;
const COLD_START = { delayMs: 15_000, requests: 1 };

/** How a run must look for Vigil to see a fault; a plain run of the target sees most. */
interface Look {
  readonly eras?: readonly Era[];
  readonly target?: Overrides;
  readonly extras?: readonly ExtraStep[];
  /** A failed attempt is repeated, as a watch does. */
  readonly confirm?: boolean;
  /** Held against the tools that the sound server lists. */
  readonly since?: boolean;
  /** Where the code alone does not tell that it is this fault. */
  readonly summary?: RegExp;
}

const PLAIN: Look = {};
const IMPATIENT: Look = { target: { clientTimeoutMs: SHORT_MS } };
const STREAM: Look = {
  extras: ["stream"],
  target: { stream: { tool: "progress", arguments: { steps: 5, delayMs: 200 }, minSpreadMs: 100 } },
};
const CORS: Look = {
  extras: ["cors"],
  target: { expect: { cors: { origin: "https://app.example.com" } } },
};
const ORDERS_TOKEN = "0rders-t0ken-4711";

const LOOKS: Readonly<Record<FaultName, Look>> = {
  "connection-reset": PLAIN,
  "auth-required": PLAIN,
  "http-unauthorized": {
    target: { auth: { type: "bearer", token: { secret: "env:ORDERS_TOKEN" } } },
  },
  "challenge-invalid": {
    target: { expect: { unauthenticated: "challenge" } },
    summary: /401/,
  },
  "http-forbidden": PLAIN,
  "http-not-found": PLAIN,
  "http-throttled": PLAIN,
  "function-error": PLAIN,
  "gateway-timeout": PLAIN,
  "http-server-error": PLAIN,
  "http-unexpected": PLAIN,
  redirected: PLAIN,
  "adapter-missing": PLAIN,
  "lambda-envelope": PLAIN,
  "streaming-off": PLAIN,
  "stream-stalled": IMPATIENT,
  "stream-buffered": STREAM,
  "stream-absent": STREAM,
  "get-stream-failed": {
    eras: ["legacy"],
    extras: ["stream"],
    target: { expect: { getStream: true } },
    summary: /HTTP 500/,
  },
  "response-too-large": PLAIN,
  "empty-response": PLAIN,
  // A target of the modern era is not asked by GET what it is instead.
  "legacy-sse-transport": { eras: ["legacy"] },
  "version-mismatch": PLAIN,
  "era-mismatch": PLAIN,
  "negotiation-rejected": PLAIN,
  "header-mismatch": { eras: ["modern"] },
  "session-lost": { eras: ["legacy"] },
  "malformed-json": PLAIN,
  "invalid-jsonrpc": PLAIN,
  "invalid-result": PLAIN,
  "rpc-error": PLAIN,
  "pagination-loop": PLAIN,
  "tools-empty": PLAIN,
  "tools-missing": PLAIN,
  "tools-drift": { since: true, summary: /language/ },
  "tool-call-failed": PLAIN,
  "tool-permission": PLAIN,
  "tool-result-mismatch": PLAIN,
  "sentinel-unsuitable": PLAIN,
  timeout: IMPATIENT,
  "cold-start": { ...IMPATIENT, confirm: true },
  "cold-start-timeout": { ...IMPATIENT, confirm: true },
  slow: { target: { slowMs: 2_000 } },
  "cors-blocked": CORS,
};

/** Codes that no server can cause at the HTTP level, and whose doing they are. */
const NOT_A_SERVERS = {
  "dns-failure": "the name does not resolve, so no server is asked",
  "connect-refused": "no server listens",
  "connect-timeout": "no server is reached",
  "tls-failure":
    "the demo server speaks plain HTTP; on Lambda the front door holds the certificate",
  "certificate-expiring": "the same",
  "gap-overdue": "the looks at its function, of which no server knows",
  "allocation-failed": "the same",
  "probe-error": "the monitor's own fault",
  "secret-unavailable": "the monitor's own secret",
  "deadline-exhausted": "the monitor's own time",
  "credential-expired": "the monitor's own token has run out",
  "token-request-failed": "the authorization server's answer, not the MCP server's",
} as const satisfies Partial<Record<FailureCode, string>>;

const deps: ProbeDeps = { ...DEPS, secrets: async () => ORDERS_TOKEN };

function seenOf(record: Pick<RunRecord, "status" | "failures">) {
  return {
    status: record.status,
    modes: record.failures.map(({ mode }) => mode),
    summaries: record.failures.map(({ summary }) => summary).join(),
  };
}

const deadlineOf = ({ runTimeoutMs }: Target) => DEPS.clock.monotonic() + runTimeoutMs + 10_000;

const attempt = (target: Target, extras: readonly ExtraStep[] = []) =>
  runProbe(target, deps, {
    runId: DEPS.randomId(),
    deadline: deadlineOf(target),
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
    extras,
  });

/** What a target's first good run leaves for later ones to be held against. */
async function acceptedTools(era: Era): Promise<ToolLists | null> {
  const { url } = await start();
  const run = await attempt(targetOf(url, { era }));
  return listsOf(run.legs, { redact: (text) => text, kept: null });
}

async function look(
  target: Target,
  { extras = [], confirm = false }: Look,
  baseline: ToolLists | null = null,
) {
  if (confirm) {
    const { record } = await runConfirmed(target, deps, {
      kind: "manual",
      scheduledAt: "2026-11-22T08:00:00.000Z",
      deadline: deadlineOf(target),
      eraHint: null,
      extras,
      knownDown: false,
      confirm,
    });
    return seenOf(record);
  }
  return seenOf(judge(await attempt(target, extras), target, { baseline }));
}

const UP = { status: "up", modes: [] };

const CELLS = Object.entries(LOOKS).flatMap(([name, { eras = ERAS, ...rest }]) =>
  eras.map(
    (era) => [FAULTS[name as FaultName].code, era, name as FaultName, rest as Look] as const,
  ),
);

describe("Vigil", () => {
  it.each(CELLS)("says %s in the %s era to: %s", async (code, era, name, plan) => {
    const faults = new FaultSwitch(name, COLD_START);
    const { url } = await start({ faults });
    const baseline = plan.since === true ? await acceptedTools(era) : null;
    const seen = await look(targetOf(url, { era, ...plan.target }), plan, baseline);
    const { status } = FAILURE_MODES[code as FailureCode];
    expect(seen).toMatchObject({ status, modes: [code] });
    expect(seen.summaries).toMatch(plan.summary ?? /./);
    faults.set(null);
    expect(await look(targetOf(url, { era }), {}, baseline)).toMatchObject(UP);
  });

  it.each(ERAS)("finds nothing in a sound server, however closely it looks (%s)", async (era) => {
    const { url } = await start();
    const closely = { era, ...STREAM.target, ...CORS.target, concurrency: { clients: 3 } } as const;
    const extras = ["stream", "concurrency", "cors"] as const;
    expect(await look(targetOf(url, closely), { extras })).toMatchObject(UP);
  });

  it.each(ERAS)("believes a cold start that the server tells of (%s)", async (era) => {
    const faults = new FaultSwitch("cold-start", { delayMs: 50, requests: 1 });
    const { url } = await start({ faults });
    const proven = async () => {
      const target = targetOf(url, { era });
      return judge(await attempt(target), target).coldStart;
    };
    expect([await proven(), await proven()]).toEqual([true, false]);
  });
});

describe("the codes of Vigil's registry", () => {
  const switched = FAULT_NAMES.map((name) => FAULTS[name].code);

  it("have a switch each, or a reason why no server can cause them", () => {
    expect([...switched, ...Object.keys(NOT_A_SERVERS)].sort()).toEqual([...FAILURE_CODES].sort());
  });
});
