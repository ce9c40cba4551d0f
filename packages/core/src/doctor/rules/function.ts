import { lambdaCommand, reconfigure, remedy, setVariable, withIac } from "../remedy.ts";
import { type DoctorRule, rule } from "../rule.ts";
import { currentRuntime, deprecatedSince } from "../runtimes.ts";
import { servingOf } from "../serving.ts";
import type { AllowFacts } from "../types.ts";

const MEMORY_MB = 1_024;
/** Below this a server in Node is slow to start, and slow. */
const LEAST_MEMORY_MB = 512;
const MB = 1_000_000;
const MOST_CODE_BYTES = 20 * MB;
const COLD = ["cold-start-timeout", "transient-timeout", "timeout", "slow"] as const;

const EDGE_SERVICES = ["edgelambda.amazonaws.com", "replicator.lambda.amazonaws.com"];

function isForEdge(policy: readonly AllowFacts[]): boolean {
  return policy.some(({ principals }) => principals.some((one) => EDGE_SERVICES.includes(one)));
}

export const FUNCTION_RULES = {
  "function-failed": rule({
    severity: "error",
    title: "Lambda cannot run the function",
    why: "Requests fail, or are answered by the code before the last update.",
    causes: ["function-error", "http-server-error", "http-unexpected"],
    needs: ["configuration"],
    find({ configuration: { failure } }, about) {
      if (failure === null) return null;
      return {
        evidence: `Lambda says ${failure}`,
        remedy: remedy([
          lambdaCommand(
            about,
            "get-function-configuration",
            "--query '[State,StateReason,LastUpdateStatus,LastUpdateStatusReason]'",
          ),
        ]),
      };
    },
  }),
  "edge-function": rule({
    severity: "error",
    title: "Lambda@Edge cannot host an MCP server",
    why: "It has no streaming, a body of 1 MB at most, 30 s at most, no environment variables and no VPC. CloudFront belongs in front of a regional function's URL.",
    causes: ["function-error", "gateway-timeout", "http-server-error", "empty-stream", "timeout"],
    needs: ["configuration", "policy"],
    find({ configuration, policy }, about) {
      if (!configuration.isEdgeReplica && !isForEdge(policy)) return null;
      return {
        evidence: configuration.isEdgeReplica
          ? "the function is a replica at CloudFront's edge"
          : "the function's policy lets CloudFront replicate it to its edge",
        remedy: remedy(
          [
            lambdaCommand(
              about,
              "create-function-url-config",
              "--auth-type NONE --invoke-mode RESPONSE_STREAM",
            ),
          ],
          ["FunctionUrlConfig:", "  AuthType: NONE", "  InvokeMode: RESPONSE_STREAM"],
        ),
      };
    },
  }),
  "timeout-short": rule({
    severity: "warning",
    title: "The function is ended before its clients give up",
    why: "Lambda stops it in the middle of an answer: clients see a 502 or a stream that breaks off.",
    causes: ["function-error", "timeout", "connection-reset", "stream-stalled", "empty-stream"],
    needs: ["configuration", "urls"],
    find({ configuration: { timeoutSeconds }, urls }, about) {
      const waits = Math.ceil(about.clientTimeoutMs / 1_000);
      if (timeoutSeconds >= waits) return null;
      const wanted = Math.max(30, waits);
      return {
        evidence: `the function's time-out is ${timeoutSeconds} s, and a client waits ${waits} s`,
        remedy: withIac(
          reconfigure(about, `--timeout ${wanted}`, servingOf(urls, about)),
          `Timeout: ${wanted}`,
        ),
      };
    },
  }),
  "timeout-over-gateway": rule({
    severity: "warning",
    title: "API Gateway gives up before the function ends",
    why: "Clients get a 504 while the function runs on, and is paid for, for nobody.",
    causes: ["gateway-timeout", "http-server-error", "timeout"],
    needs: ["configuration", "gateway", "urls"],
    find({ configuration: { timeoutSeconds }, gateway, urls }, about) {
      if (gateway === null || timeoutSeconds * 1_000 <= gateway.timeoutMs) return null;
      const wanted = Math.max(1, Math.floor(gateway.timeoutMs / 1_000));
      return {
        evidence: `the function's time-out is ${timeoutSeconds} s, and API Gateway waits ${gateway.timeoutMs / 1_000} s`,
        remedy: withIac(
          reconfigure(about, `--timeout ${wanted}`, servingOf(urls, about)),
          `Timeout: ${wanted}`,
        ),
      };
    },
  }),
  "memory-low": rule({
    severity: "warning",
    title: "The function has little memory, and so little CPU",
    why: "CPU goes with memory: cold starts and every answer take longer. 1,024 MB suit most servers.",
    causes: [...COLD, "function-error"],
    needs: ["configuration", "urls"],
    find({ configuration: { memoryMb }, urls }, about) {
      if (memoryMb >= LEAST_MEMORY_MB) return null;
      return {
        evidence: `the function has ${memoryMb} MB of memory`,
        remedy: withIac(
          reconfigure(about, `--memory-size ${MEMORY_MB}`, servingOf(urls, about)),
          `MemorySize: ${MEMORY_MB}`,
        ),
      };
    },
  }),
  "runtime-deprecated": rule({
    severity: "warning",
    title: "The runtime gets no security updates any more",
    why: "AWS neither patches nor supports it, and in the end refuses to update functions that use it.",
    causes: [],
    needs: ["configuration", "urls"],
    find({ configuration: { runtime }, urls }, about) {
      const since = runtime === null ? null : deprecatedSince(runtime);
      if (runtime === null || since === null || Date.parse(since) > Date.parse(about.readAt)) {
        return null;
      }
      const wanted = currentRuntime(runtime);
      return {
        evidence: `the runtime is ${runtime}, deprecated since ${since}`,
        remedy: withIac(
          reconfigure(about, `--runtime ${wanted}`, servingOf(urls, about)),
          `Runtime: ${wanted}`,
        ),
      };
    },
  }),
  "sessions-in-memory": rule({
    severity: "warning",
    title: "Sessions are kept in one environment's memory",
    why: "Requests of one session reach any environment: the others do not know it. Seen where MCP_SESSIONS says so, as the demo server's does; `vigil check --deep` shows it of any server.",
    causes: ["session-lost"],
    needs: ["configuration", "urls", "reserved"],
    find({ configuration: { settings }, urls, reserved }, about) {
      if (settings.MCP_SESSIONS !== "memory" || reserved === 1) return null;
      return {
        evidence: "MCP_SESSIONS is memory, and the function may have several environments",
        remedy: setVariable(about, ["MCP_SESSIONS", "stateless"], servingOf(urls, about)),
      };
    },
  }),
  "bundle-large": rule({
    severity: "hint",
    title: "The code is large",
    why: "Each cold start loads it. Bundle with tree-shaking (esbuild --bundle --minify), and leave out what the runtime brings.",
    causes: COLD,
    needs: ["configuration"],
    find({ configuration: { packageType, codeBytes } }) {
      if (packageType === "image" || codeBytes <= MOST_CODE_BYTES) return null;
      return {
        evidence: `the code is ${Math.round(codeBytes / MB)} MB, compressed`,
        remedy: remedy(
          ["npx esbuild src/server.ts --bundle --minify --platform=node --outfile=dist/server.js"],
          ["Metadata:", "  BuildMethod: esbuild", "  BuildProperties:", "    Minify: true"],
        ),
      };
    },
  }),
  "architecture-x86": rule({
    severity: "hint",
    title: "arm64 would be cheaper",
    why: "The same memory costs a fifth less on arm64, and a server in Node or Python runs there unchanged unless it brings native code.",
    causes: [],
    needs: ["configuration"],
    find({ configuration: { architecture } }) {
      if (architecture !== "x86_64") return null;
      return {
        evidence: "the function is x86_64",
        remedy: remedy([], ["Architectures: [arm64]", "# with the adapter's layer for arm64"]),
      };
    },
  }),
} as const satisfies Record<string, DoctorRule>;
