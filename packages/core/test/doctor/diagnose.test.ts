import { describe, expect, it } from "vitest";
import {
  DOCTOR_RULES,
  diagnose,
  FAILURE_MODES,
  type FactPart,
  likelyCause,
  type RuleId,
  worstFinding,
} from "../../src/index.ts";
import {
  configured,
  factsOf,
  SOUND,
  ADAPTER as SOUND_LAYER,
  withSettings,
  withUrl,
} from "./facts.ts";
import { SEEDS } from "./seeds.ts";

const IDS = Object.keys(DOCTOR_RULES) as RuleId[];
const found = (given: Parameters<typeof factsOf>[0]) => diagnose(factsOf(given)).findings;
const rulesOf = (given: Parameters<typeof factsOf>[0]) => found(given).map(({ rule }) => rule);

const PC = { qualifier: "live", status: "ready", reason: null, requested: 1 } as const;

/** What one mistake brings with it. */
const COMPANIONS: Partial<Record<RuleId, readonly RuleId[]>> = {
  "url-other-function": ["url-other-function"],
  "vpc-cold-start": ["vpc-cold-start", "provisioned-none"],
};

describe("diagnose", () => {
  it("finds nothing in the sound function", () => {
    expect(diagnose(factsOf())).toEqual({ findings: [], unread: [] });
  });

  it.each(IDS)("finds %s alone where it is seeded", (id) => {
    const { evidence, ...given } = SEEDS[id];
    const findings = found(given);
    expect(findings.map(({ rule }) => rule)).toEqual(COMPANIONS[id] ?? [id]);
    const { severity, title, causes } = DOCTOR_RULES[id];
    expect(findings[0]).toMatchObject({ rule: id, severity, title, causes, evidence });
  });

  it("tells of each exactly how to mend it", () => {
    const mended = IDS.map((id) => [id, found(SEEDS[id])[0]?.remedy]);
    expect(Object.fromEntries(mended)).toMatchSnapshot();
  });
});

describe("what is no finding, or another one", () => {
  const otherCopy = "arn:aws:lambda:us-east-1:111122223333:layer:our-lambda-web-adapter:3";
  it.each<readonly [string, Parameters<typeof factsOf>[0], readonly RuleId[]]>([
    [
      "a copy of the adapter in one's own account",
      { parts: configured({ layers: [otherCopy] }) },
      [],
    ],
    [
      "CORS without what the modern era alone sends, where the era is not said",
      { about: { era: "auto" } },
      [],
    ],
    ["the same for a target of the modern era", { about: { era: "modern" } }, ["cors-request"]],
    ["the same for a target of both", { about: { era: "both" } }, ["cors-request"]],
    [
      "CORS without sessions, for a target of the modern era",
      {
        about: { era: "modern" },
        parts: withUrl({
          cors: {
            allowHeaders: ["content-type", "mcp-protocol-version", "mcp-method", "mcp-name"],
            allowMethods: ["POST"],
            exposeHeaders: [],
          },
        }),
      },
      [],
    ],
    ["a newer adapter", { parts: configured({ layers: [SOUND_LAYER.replace(":27", ":31")] }) }, []],
    [
      "an image, whose layers nobody sees",
      { parts: configured({ packageType: "image", layers: [], runtime: null, handler: null }) },
      [],
    ],
    [
      "an image whose adapter buffers",
      {
        parts: withSettings(
          { AWS_LWA_INVOKE_MODE: undefined },
          { packageType: "image", layers: [] },
        ),
      },
      ["invoke-mode-envelope"],
    ],
    [
      "the mode in capitals",
      { parts: withSettings({ AWS_LWA_INVOKE_MODE: "RESPONSE_STREAM" }) },
      [],
    ],
    [
      "an OS-only runtime, which knows no wrapper",
      {
        parts: withSettings({ AWS_LAMBDA_EXEC_WRAPPER: undefined }, { runtime: "provided.al2023" }),
      },
      [],
    ],
    [
      "a handler that streams by itself, behind a buffered URL",
      {
        parts: {
          ...configured({ layers: [], settings: {}, handler: "index.handler" }),
          ...withUrl({ invokeMode: "BUFFERED" }),
        },
      },
      ["streaming-off", "adapter-absent"],
    ],
    [
      "every header exposed",
      {
        parts: withUrl({
          cors: { allowHeaders: ["*"], allowMethods: ["*"], exposeHeaders: ["*"] },
        }),
      },
      [],
    ],
    ["CORS left to the server", { parts: withUrl({ cors: null }) }, []],
    [
      "provisioned concurrency on the version behind the alias",
      { parts: { provisioned: [{ ...PC, qualifier: "1" }] } },
      [],
    ],
    [
      "an unqualified URL beside provisioned concurrency",
      { about: { qualifier: "$LATEST" }, parts: withUrl({ qualifier: "$LATEST" }) },
      ["provisioned-bypassed"],
    ],
    [
      "weights while provisioned concurrency moves",
      {
        parts: {
          alias: { version: "2", weights: { 1: 1 } },
          provisioned: [{ ...PC, status: "in-progress" }],
        },
      },
      [],
    ],
    [
      "a statement that lets anyone do anything",
      { parts: { policy: [{ principals: ["*"], actions: ["lambda:*"], conditions: {} }] } },
      [],
    ],
    [
      "permissions of another account alone",
      { parts: { policy: SOUND.policy.map((one) => ({ ...one, principals: ["111122223333"] })) } },
      ["url-permission", "url-invoke-permission"],
    ],
    [
      "a permission for invocations that are not the URL's",
      {
        parts: {
          policy: SOUND.policy.map((one) => ({
            ...one,
            conditions: { "lambda:invokedviafunctionurl": ["false"] },
          })),
        },
      },
      ["url-invoke-permission"],
    ],
    [
      "a signed target behind a URL that asks for it",
      { about: { auth: "sigv4" }, parts: { ...withUrl({ authType: "AWS_IAM" }), policy: [] } },
      [],
    ],
    [
      "a custom domain before the qualifier's URL",
      { about: { door: "other", host: "mcp.example.com" } },
      [],
    ],
    [
      "a custom domain before a buffered URL",
      {
        about: { door: "other", host: "mcp.example.com" },
        parts: withUrl({ invokeMode: "BUFFERED" }),
      },
      ["url-buffered"],
    ],
    [
      "a runtime before its end",
      {
        about: { readAt: "2026-04-29T00:00:00.000Z" },
        parts: configured({ runtime: "nodejs20.x" }),
      },
      [],
    ],
    ["a runtime that is not known", { parts: configured({ runtime: "nodejs30.x" }) }, []],
    [
      "memory sessions in the one environment there can be",
      { parts: { ...withSettings({ MCP_SESSIONS: "memory" }), reserved: 1, provisioned: [] } },
      ["provisioned-none"],
    ],
    ["a VPC with provisioned environments", { parts: configured({ vpcId: "vpc-1" }) }, []],
    ["a replica at the edge", { parts: configured({ isEdgeReplica: true }) }, ["edge-function"]],
    [
      "a buffered REST API",
      {
        about: { door: "api-gateway", host: "a1.execute-api.us-east-1.amazonaws.com" },
        parts: { urls: [], gateway: { kind: "rest", timeoutMs: 60_000, streams: false } },
      },
      ["gateway-buffered"],
    ],
  ])("%s", (_name, given, rules) => {
    expect(rulesOf(given)).toEqual(rules);
  });

  it("lists errors before warnings before hints", () => {
    const parts = {
      ...configured({ memoryMb: 128, layers: [] }),
      ...withUrl({ cors: { allowHeaders: ["*"], allowMethods: ["*"], exposeHeaders: [] } }),
      provisioned: [],
    };
    expect(found({ parts }).map(({ severity, rule }) => [severity, rule])).toEqual([
      ["error", "adapter-missing"],
      ["warning", "cors-session-header"],
      ["warning", "memory-low"],
      ["hint", "provisioned-none"],
    ]);
    expect(worstFinding(found({ parts }))).toBe("error");
    expect(worstFinding([])).toBeNull();
  });
});

describe("parts that could not be read", () => {
  it.each<readonly [FactPart, RuleId, RuleId]>([
    ["configuration", "memory-low", "reserved-zero"],
    ["urls", "url-buffered", "reserved-zero"],
    ["policy", "url-permission", "memory-low"],
    ["provisioned", "provisioned-none", "memory-low"],
    ["reserved", "reserved-zero", "memory-low"],
    ["gateway", "timeout-over-gateway", "memory-low"],
    ["alias", "alias-split", "memory-low"],
  ])("without %s %s says nothing, and %s does", (part, silent, speaking) => {
    const why = { code: "denied", permission: "lambda:Something" } as const;
    const given = (id: RuleId) => ({ ...SEEDS[id], unread: { [part]: why } });
    expect(rulesOf(given(silent))).not.toContain(silent);
    expect(rulesOf(given(speaking))).toContain(speaking);
    const { unread } = diagnose(factsOf(given(silent)));
    expect(unread).toMatchObject([{ part, why, rules: expect.arrayContaining([silent]) }]);
    expect(unread[0]?.rules).not.toContain(speaking);
  });
});

describe("likelyCause", () => {
  const because = (modes: readonly (keyof typeof FAILURE_MODES)[], ids: readonly RuleId[]) =>
    likelyCause(
      modes.map((mode) => ({ mode })),
      ids.flatMap((id) => found(SEEDS[id])),
    )?.text ?? null;

  it.each([
    [["empty-stream"], ["url-buffered"], "empty-stream, and the URL's InvokeMode is BUFFERED"],
    [
      ["http-forbidden"],
      ["memory-low", "url-invoke-permission"],
      "http-forbidden, and the policy of alias live lets nobody do lambda:InvokeFunction by way of the URL",
    ],
    [
      ["lambda-envelope"],
      ["invoke-mode-envelope"],
      `lambda-envelope, and the URL's InvokeMode is RESPONSE_STREAM, and AWS_LWA_INVOKE_MODE is "streaming"`,
    ],
    [
      ["http-throttled"],
      ["reserved-zero"],
      "http-throttled, and the function's reserved concurrency is 0",
    ],
    [
      ["tools-empty", "timeout"],
      ["provisioned-none", "timeout-short"],
      "timeout, and the function's time-out is 3 s, and a client waits 10 s",
    ],
    [["tools-empty"], ["url-buffered"], null],
    [[], ["url-buffered"], null],
    [["empty-stream"], [], null],
  ] as const)("of %j with %j", (modes, ids, text) => {
    expect(because(modes, ids)).toBe(text);
  });

  it("has failure modes alone among a rule's causes", () => {
    const causes = IDS.flatMap((id) => [...DOCTOR_RULES[id].causes]);
    expect(causes.filter((code) => !(code in FAILURE_MODES))).toEqual([]);
  });
});
