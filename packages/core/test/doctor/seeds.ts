import type { FactParts, FunctionSubject, RuleId } from "../../src/index.ts";
import { ADAPTER, configured, SOUND, withCors, withSettings, withUrl } from "./facts.ts";

interface Seed {
  readonly about?: Partial<FunctionSubject>;
  readonly parts?: Partial<FactParts>;
  /** The clause that the finding tells. */
  readonly evidence: string;
}

const LIVE_PC = SOUND.provisioned[0];
const layer = (name: string) => configured({ layers: [name] });

/** One misconfiguration for each rule, and what is said of it: nothing else is. */
export const SEEDS: Readonly<Record<RuleId, Seed>> = {
  "url-other-function": {
    about: { host: "xyz.lambda-url.us-east-1.on.aws" },
    evidence:
      "orders has the URL abc.lambda-url.us-east-1.on.aws, and the target's is xyz.lambda-url.us-east-1.on.aws",
  },
  "url-permission": {
    parts: { policy: SOUND.policy.slice(1) },
    evidence: "the policy of alias live lets nobody do lambda:InvokeFunctionUrl",
  },
  "url-invoke-permission": {
    parts: { policy: SOUND.policy.slice(0, 1) },
    evidence: "the policy of alias live lets nobody do lambda:InvokeFunction by way of the URL",
  },
  "url-auth": {
    parts: { ...withUrl({ authType: "AWS_IAM" }), policy: [] },
    evidence: "the URL's AuthType is AWS_IAM, and the target's auth is not sigv4()",
  },
  "url-qualifier": {
    about: { qualifier: "$LATEST" },
    evidence: "the URL serves alias live, and lambda.qualifier is $LATEST",
  },
  "cors-session-header": {
    parts: withCors({ exposeHeaders: ["X-Request-Id"] }),
    evidence: "the URL's CORS exposes X-Request-Id, and Mcp-Session-Id is not among them",
  },
  "cors-request": {
    parts: withCors({ allowHeaders: ["Content-Type"], allowMethods: ["POST"] }),
    evidence: "the URL's CORS does not allow GET, DELETE, mcp-session-id, mcp-protocol-version",
  },
  "adapter-missing": {
    parts: configured({ layers: [] }),
    evidence: "the function has no LambdaAdapterLayer, though its settings ask for it",
  },
  "adapter-wrapper": {
    parts: withSettings({ AWS_LAMBDA_EXEC_WRAPPER: undefined }),
    evidence: "AWS_LAMBDA_EXEC_WRAPPER is not set",
  },
  "adapter-architecture": {
    parts: layer(ADAPTER.replace("Arm64", "X86")),
    evidence: "the function is arm64 and the adapter's layer x86_64",
  },
  "invoke-mode-envelope": {
    parts: withSettings({ AWS_LWA_INVOKE_MODE: "streaming" }),
    evidence: `the URL's InvokeMode is RESPONSE_STREAM, and AWS_LWA_INVOKE_MODE is "streaming"`,
  },
  "adapter-port": {
    parts: withSettings({ AWS_LWA_PORT: "3000" }),
    evidence: 'AWS_LWA_PORT is "3000" and PORT is "8080"',
  },
  "adapter-outdated": {
    parts: layer(ADAPTER.replace(":27", ":24")),
    evidence: "the adapter's layer is version 24; current is 27",
  },
  "adapter-absent": {
    parts: configured({ layers: [], settings: {}, handler: "index.handler" }),
    evidence: "the function has neither the Web Adapter's layer nor its settings",
  },
  "url-buffered": {
    parts: withUrl({ invokeMode: "BUFFERED" }),
    evidence: "the URL's InvokeMode is BUFFERED",
  },
  "streaming-off": {
    parts: {
      ...withUrl({ invokeMode: "BUFFERED" }),
      ...withSettings({ AWS_LWA_INVOKE_MODE: undefined }),
    },
    evidence: "the URL's InvokeMode is BUFFERED, and AWS_LWA_INVOKE_MODE is not set",
  },
  "gateway-buffered": {
    about: { door: "api-gateway", host: "a1.execute-api.us-east-1.amazonaws.com" },
    parts: { urls: [], gateway: { kind: "http", timeoutMs: 30_000, streams: false } },
    evidence: "the target's URL is an HTTP API's, and those cannot stream",
  },
  "function-failed": {
    parts: configured({ failure: "State Failed (ImageDeleted)" }),
    evidence: "Lambda says State Failed (ImageDeleted)",
  },
  "edge-function": {
    parts: {
      policy: [
        ...SOUND.policy,
        {
          principals: ["replicator.lambda.amazonaws.com"],
          actions: ["lambda:GetFunction"],
          conditions: {},
        },
      ],
    },
    evidence: "the function's policy lets CloudFront replicate it to its edge",
  },
  "timeout-short": {
    parts: configured({ timeoutSeconds: 3 }),
    evidence: "the function's time-out is 3 s, and a client waits 10 s",
  },
  "timeout-over-gateway": {
    about: { door: "api-gateway", host: "a1.execute-api.us-east-1.amazonaws.com" },
    parts: { urls: [], gateway: { kind: "rest", timeoutMs: 29_000, streams: true } },
    evidence: "the function's time-out is 30 s, and API Gateway waits 29 s",
  },
  "memory-low": {
    parts: configured({ memoryMb: 128 }),
    evidence: "the function has 128 MB of memory",
  },
  "runtime-deprecated": {
    parts: configured({ runtime: "nodejs20.x" }),
    evidence: "the runtime is nodejs20.x, deprecated since 2026-04-30",
  },
  "sessions-in-memory": {
    parts: withSettings({ MCP_SESSIONS: "memory" }),
    evidence: "MCP_SESSIONS is memory, and the function may have several environments",
  },
  "vpc-cold-start": {
    parts: { ...configured({ vpcId: "vpc-1" }), provisioned: [] },
    evidence: "the function is in vpc-1 and none of its environments is provisioned",
  },
  "bundle-large": {
    parts: configured({ codeBytes: 45_300_000 }),
    evidence: "the code is 45 MB, compressed",
  },
  "architecture-x86": {
    parts: configured({ architecture: "x86_64", layers: [ADAPTER.replace("Arm64", "X86")] }),
    evidence: "the function is x86_64",
  },
  "reserved-zero": {
    parts: { reserved: 0, provisioned: SOUND.provisioned },
    evidence: "the function's reserved concurrency is 0",
  },
  "reserved-full": {
    parts: { reserved: 1 },
    evidence: "1 of concurrency is reserved, and 1 of it provisioned",
  },
  "provisioned-bypassed": {
    parts: { provisioned: LIVE_PC === undefined ? [] : [{ ...LIVE_PC, qualifier: "blue" }] },
    evidence: "clients reach alias live, and provisioned concurrency is on alias blue",
  },
  "provisioned-failed": {
    parts: {
      provisioned: [
        {
          qualifier: "live",
          status: "failed",
          reason: "FUNCTION_ERROR_INIT_FAILURE",
          requested: 2,
        },
      ],
    },
    evidence: "provisioned concurrency on alias live is FAILED (FUNCTION_ERROR_INIT_FAILURE)",
  },
  "alias-split": {
    parts: { alias: { version: "2", weights: { 1: 1 } } },
    evidence: "alias live sends 100 % to version 1 and the rest to version 2",
  },
  "provisioned-none": {
    parts: { provisioned: [] },
    evidence: "the function has no provisioned concurrency",
  },
};
