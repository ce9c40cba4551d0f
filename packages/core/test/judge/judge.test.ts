import { describe, expect, it } from "vitest";
import type { Sentinel } from "../../src/config/index.ts";
import type { Expectations, ProbeRun, StepRecord } from "../../src/index.ts";
import { judge } from "../../src/index.ts";
import {
  callTool,
  EXPECTATIONS,
  exchange,
  leg,
  listTools,
  negotiate,
  result,
  rpcError,
  run,
  step,
  TOOL,
} from "./build.ts";

const SENTINEL: Sentinel = { tool: "lookup", arguments: {}, allowWrites: false, expect: {} };
const WITH_SENTINEL: Expectations = { ...EXPECTATIONS, sentinels: [SENTINEL] };

function called(parts: Parameters<typeof callTool>[0] = {}): ProbeRun {
  return run({ legs: [leg({ steps: [negotiate(), listTools(), callTool(parts)] })] });
}

function call(value: unknown): ProbeRun {
  return called({ reply: result(value) });
}

function text(value: string, isError = false): unknown {
  return { content: [{ type: "text", text: value }], isError };
}

function opened(value: unknown): ProbeRun {
  return run({ legs: [leg({ steps: [negotiate({ reply: result(value) })], tools: null })] });
}

interface Row {
  readonly name: string;
  readonly run: ProbeRun;
  readonly expectations?: Expectations;
  readonly status: string;
  readonly modes: readonly string[];
  readonly depth: string;
}

const expecting = (expect_: Sentinel["expect"]): Expectations => ({
  ...EXPECTATIONS,
  sentinels: [{ ...SENTINEL, expect: expect_ }],
});

const DENIED =
  "User: arn:aws:sts::123456789012:assumed-role/R/F is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/health";

const ROWS: readonly Row[] = [
  { name: "sound, no sentinel", run: run(), status: "up", modes: [], depth: "tools" },
  {
    name: "sound, with a sentinel",
    run: called(),
    expectations: WITH_SENTINEL,
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "the connection is refused",
    run: run({
      legs: [],
      connect: step("connect", {
        era: null,
        outcome: "failed",
        fault: { kind: "network", error: { phase: "tcp", code: "ECONNREFUSED" } },
      }),
    }),
    status: "down",
    modes: ["connect-refused"],
    depth: "none",
  },
  {
    name: "a name that does not resolve in time",
    run: run({
      legs: [],
      connect: step("connect", { era: null, fault: { kind: "connect-timed-out", phase: "dns" } }),
    }),
    status: "down",
    modes: ["dns-failure"],
    depth: "none",
  },
  {
    name: "a secret that is not there",
    run: run({
      legs: [],
      authorize: step("authorize", {
        era: null,
        fault: { kind: "secret-unavailable", reference: "env:X" },
      }),
    }),
    status: "unknown",
    modes: ["secret-unavailable"],
    depth: "none",
  },
  {
    name: "no time left to begin",
    run: run({
      legs: [],
      connect: step("connect", { era: null, fault: { kind: "deadline-exhausted" } }),
    }),
    status: "unknown",
    modes: ["deadline-exhausted"],
    depth: "none",
  },
  {
    name: "a version that nobody knows",
    run: opened({
      protocolVersion: "1999-01-01",
      capabilities: {},
      serverInfo: { name: "a", version: "1" },
    }),
    status: "down",
    modes: ["protocol-version-mismatch"],
    depth: "none",
  },
  {
    name: "an initialize result without serverInfo",
    run: opened({ protocolVersion: "2025-11-25", capabilities: {} }),
    status: "down",
    modes: ["invalid-result"],
    depth: "none",
  },
  {
    name: "an older version than the target asks for",
    run: run(),
    expectations: {
      ...EXPECTATIONS,
      expect: { ...EXPECTATIONS.expect, minProtocolVersion: "2026-07-28" },
    },
    status: "down",
    modes: ["protocol-version-mismatch"],
    depth: "none",
  },
  {
    name: "no tools",
    run: run({
      legs: [leg({ steps: [negotiate(), listTools({ reply: result({ tools: [] }) })], tools: [] })],
    }),
    status: "down",
    modes: ["tools-empty"],
    depth: "handshake",
  },
  {
    name: "no tools, and none wanted, from a server without the capability",
    run: run({
      legs: [
        leg({
          steps: [
            negotiate({
              reply: result({
                protocolVersion: "2025-11-25",
                capabilities: {},
                serverInfo: { name: "a", version: "1" },
              }),
            }),
            listTools({ reply: rpcError(-32601) }),
          ],
          tools: [],
        }),
      ],
    }),
    expectations: { ...EXPECTATIONS, expect: { ...EXPECTATIONS.expect, minTools: 0 } },
    status: "up",
    modes: [],
    depth: "tools",
  },
  {
    name: "an expected tool and a sentinel's tool are missing, told once",
    run: run({
      legs: [
        leg({
          steps: [
            negotiate(),
            listTools(),
            step("callTool", { outcome: "skipped", skipped: "tool-missing" }),
          ],
        }),
      ],
    }),
    expectations: {
      ...EXPECTATIONS,
      expect: { ...EXPECTATIONS.expect, tools: ["gone"] },
      sentinels: [{ ...SENTINEL, tool: "away" }],
    },
    status: "down",
    modes: ["tools-missing"],
    depth: "handshake",
  },
  {
    name: "a page that is no list",
    run: run({
      legs: [
        leg({ steps: [negotiate(), listTools({ reply: result({ tools: {} }) })], tools: null }),
      ],
    }),
    status: "down",
    modes: ["invalid-result"],
    depth: "handshake",
  },
  {
    name: "a tool error",
    run: call(text("no such table", true)),
    expectations: WITH_SENTINEL,
    status: "down",
    modes: ["tool-call-failed"],
    depth: "tools",
  },
  {
    name: "a permission is lacking",
    run: call(text(DENIED, true)),
    expectations: WITH_SENTINEL,
    status: "down",
    modes: ["tool-permission-denied"],
    depth: "tools",
  },
  {
    name: "AWS's words in a good result are no failure",
    run: call(text(DENIED)),
    expectations: WITH_SENTINEL,
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "a result without content",
    run: call({ foo: 1 }),
    expectations: WITH_SENTINEL,
    status: "down",
    modes: ["invalid-result"],
    depth: "tools",
  },
  {
    name: "a tool that wants input",
    run: call({ resultType: "input_required" }),
    expectations: WITH_SENTINEL,
    status: "unknown",
    modes: ["sentinel-unsuitable"],
    depth: "tools",
  },
  {
    name: "a tool that starts a task",
    run: call({ task: { taskId: "1" } }),
    expectations: WITH_SENTINEL,
    status: "unknown",
    modes: ["sentinel-unsuitable"],
    depth: "tools",
  },
  {
    name: "a tool that asks for sampling and then waits",
    run: called({
      end: "timed-out",
      reply: { kind: "none" },
      contentType: "text/event-stream",
      serverRequests: ["sampling/createMessage"],
    }),
    expectations: WITH_SENTINEL,
    status: "unknown",
    modes: ["sentinel-unsuitable"],
    depth: "tools",
  },
  {
    name: "a destructive tool is not called",
    run: run({
      legs: [
        leg({
          steps: [
            negotiate(),
            listTools(),
            step("callTool", { outcome: "skipped", skipped: "tool-not-read-only" }),
          ],
          tools: [{ ...TOOL, annotations: { destructiveHint: true } }],
        }),
      ],
    }),
    expectations: WITH_SENTINEL,
    status: "unknown",
    modes: ["sentinel-unsuitable"],
    depth: "tools",
  },
  {
    name: "contains",
    run: call(text("all ok here")),
    expectations: expecting({ contains: "ok" }),
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "contains, not",
    run: call(text("bad")),
    expectations: expecting({ contains: "ok" }),
    status: "down",
    modes: ["tool-result-mismatch"],
    depth: "tools",
  },
  {
    name: "equals",
    run: call(text("ok")),
    expectations: expecting({ equals: "ok" }),
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "equals, not",
    run: call(text("ok ")),
    expectations: expecting({ equals: "ok" }),
    status: "down",
    modes: ["tool-result-mismatch"],
    depth: "tools",
  },
  {
    name: "structured content, in part",
    run: call({ content: [], structuredContent: { a: { b: 1, c: 2 } } }),
    expectations: expecting({ structured: { a: { b: 1 } } }),
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "structured content, absent",
    run: call(text("ok")),
    expectations: expecting({ structured: { a: 1 } }),
    status: "down",
    modes: ["tool-result-mismatch"],
    depth: "tools",
  },
  {
    name: "a JSON path into text",
    run: call(text('{"rows":[{"id":7}]}')),
    expectations: expecting({ jsonPath: { path: "$.rows[0].id", equals: 7 } }),
    status: "up",
    modes: [],
    depth: "sentinel",
  },
  {
    name: "a JSON path that finds nothing",
    run: call(text('{"rows":[]}')),
    expectations: expecting({ jsonPath: { path: "$.rows[0].id" } }),
    status: "down",
    modes: ["tool-result-mismatch"],
    depth: "tools",
  },
  {
    name: "the SDK refuses what we can read",
    run: run({
      legs: [
        leg({
          steps: [{ ...negotiate(), fault: { kind: "sdk-refused", name: "ZodError", code: null } }],
          tools: null,
        }),
      ],
    }),
    status: "down",
    modes: ["invalid-result"],
    depth: "none",
  },
  {
    name: "slow",
    run: run({ legs: [leg({ steps: [{ ...negotiate(), durationMs: 3_200 }, listTools()] })] }),
    status: "degraded",
    modes: ["slow"],
    depth: "tools",
  },
  {
    name: "a slow close is nobody's concern",
    run: run({
      legs: [
        leg({
          steps: [negotiate(), listTools(), step("close", { durationMs: 9_000 })],
          sessionLeft: true,
        }),
      ],
    }),
    status: "up",
    modes: [],
    depth: "tools",
  },
  {
    name: "a certificate with 13 days left",
    run: run({
      connect: step("connect", {
        era: null,
        connect: {
          dnsMs: 1,
          tcpMs: 1,
          tlsMs: 1,
          address: "127.0.0.1",
          certificateExpiresAt: "2026-12-05T08:00:00.000Z",
        },
      }),
    }),
    status: "degraded",
    modes: ["certificate-expiring"],
    depth: "tools",
  },
  {
    name: "a followed redirect is judged where it ended",
    run: run({
      legs: [
        leg({
          steps: [
            step("negotiate", {
              exchanges: [
                exchange({ status: 307, reply: { kind: "none" } }),
                ...negotiate().exchanges,
              ],
            }),
            listTools(),
          ],
        }),
      ],
    }),
    status: "up",
    modes: [],
    depth: "tools",
  },
];

describe("judge", () => {
  it.each(ROWS)("$name", ({ run: seen, expectations = EXPECTATIONS, status, modes, depth }) => {
    const verdict = judge(withOutcomes(seen, modes), expectations);
    expect({
      status: verdict.status,
      modes: verdict.failures.map(({ mode }) => mode),
      depth: verdict.depth,
    }).toEqual({ status, modes, depth });
  });

  it.each<[string, ProbeRun]>([
    ["no leg", run({ legs: [] })],
    ["a leg without steps", run({ legs: [leg({ steps: [], tools: null })] })],
    [
      "a leg that stopped after a good opening",
      run({ legs: [leg({ steps: [negotiate()], tools: null })] }),
    ],
    [
      "a step for which the run had no time left",
      run({
        legs: [
          leg({
            steps: [
              step("negotiate", { outcome: "not-reached", fault: { kind: "run-timed-out" } }),
            ],
            tools: null,
          }),
        ],
      }),
    ],
  ])("never calls up what it could not look at: %s", (_name, seen) => {
    expect(judge(seen, EXPECTATIONS).status).not.toBe("up");
  });

  it("takes the worse of two eras", () => {
    const modern = leg({ era: "modern", protocolVersion: "2026-07-28", tools: [], steps: [] });
    const failing = leg({ ...modern, steps: [{ ...listTools(), era: "modern" }] });
    const verdict = judge(run({ legs: [leg(), failing] }), EXPECTATIONS);
    expect(verdict).toMatchObject({
      status: "down",
      era: "both",
      failures: [{ mode: "tools-empty", era: "modern", step: "listTools" }],
    });
  });

  it("names the action that a role lacks", () => {
    const verdict = judge(call(text(DENIED, true)), WITH_SENTINEL);
    expect(verdict.failures[0]?.evidence.detail).toBe("dynamodb:GetItem");
    expect(verdict.failures[0]?.summary).toBe(
      'tool "lookup" lacks dynamodb:GetItem on arn:aws:dynamodb:us-east-1:123456789012:table/health',
    );
  });

  it("claims a cold start only on the server's word", () => {
    const said = (word: string) =>
      judge(
        run({ legs: [leg({ steps: [negotiate({ headers: { "x-lambda-init": word } })] })] }),
        EXPECTATIONS,
      ).coldStart;
    expect([said("cold; type=on-demand"), said("warm; type=on-demand")]).toEqual([true, false]);
    expect(judge(run(), EXPECTATIONS).coldStart).toBeNull();
  });

  it("says that a session was left open", () => {
    const seen = run({ legs: [leg({ sessionLeft: true })] });
    expect(judge(seen, EXPECTATIONS).notes).toContain(
      "the session was left open: DELETE got no good answer",
    );
  });

  it("says once what is so in both eras", () => {
    const seen = run({ legs: [leg(), leg({ era: "modern" })] });
    expect(judge(seen, EXPECTATIONS).notes).toHaveLength(1);
  });

  it("says when no tool was called", () => {
    expect(judge(run(), EXPECTATIONS).notes).toEqual([
      "no sentinel is configured, so no tool was called",
    ]);
  });
});

/** The driver marks a failed step; hand-made rows name the failure instead. */
function withOutcomes(seen: ProbeRun, modes: readonly string[]): ProbeRun {
  if (modes.length === 0) return seen;
  const failing = (s: StepRecord, last: boolean): StepRecord =>
    last &&
    s.outcome === "ok" &&
    !modes.includes("slow") &&
    !modes.includes("certificate-expiring") &&
    !modes.includes("protocol-version-mismatch")
      ? { ...s, outcome: "failed" }
      : s;
  return {
    ...seen,
    legs: seen.legs.map((l) => ({
      ...l,
      steps: l.steps.map((s, i) => failing(s, i === l.steps.length - 1)),
    })),
  };
}
