import {
  ADAPTER_VERSION,
  ADAPTER_WRAPPER,
  adapterOf,
  adapterStreams,
  currentAdapter,
  hasAdapter,
  modeText,
  STREAMING_MODE,
  wantsAdapter,
} from "../adapter.ts";
import { reconfigure, setVariable, withIac } from "../remedy.ts";
import { type DoctorRule, rule } from "../rule.ts";
import { servingOf, urlOf } from "../serving.ts";
import type { FactParts, FunctionSubject, Remedy } from "../types.ts";

type Parts = Pick<FactParts, "configuration" | "urls">;

/** The current layer in place of whichever is there; the other layers stay. */
function attach({ configuration, urls }: Parts, about: FunctionSubject): Remedy {
  const { layers, architecture } = configuration;
  const own = currentAdapter(architecture, about.region);
  const others = layers.filter((arn) => arn !== adapterOf(layers)?.arn);
  const options = `--layers ${[own, ...others].join(" ")}`;
  return withIac(
    reconfigure(about, options, servingOf(urls, about)),
    "Layers:",
    ...[own, ...others].map((arn) => `  - ${arn}`),
  );
}

export const ADAPTER_RULES = {
  "adapter-missing": rule({
    severity: "error",
    title: "The Web Adapter's layer is missing",
    why: "The function is set up for the Lambda Web Adapter, and nothing brings requests to its HTTP server: clients get an error, a time-out or a body that is not MCP.",
    causes: [
      "not-mcp-response",
      "function-error",
      "timeout",
      "http-server-error",
      "malformed-json",
    ],
    needs: ["configuration", "urls"],
    find(parts, about) {
      const { configuration } = parts;
      if (configuration.packageType === "image" || hasAdapter(configuration)) return null;
      if (!wantsAdapter(configuration)) return null;
      return {
        evidence: "the function has no LambdaAdapterLayer, though its settings ask for it",
        remedy: attach(parts, about),
      };
    },
  }),
  "adapter-wrapper": rule({
    severity: "error",
    title: "The Web Adapter is attached and not in charge",
    why: "Without the wrapper Lambda calls the handler itself, and the adapter never starts.",
    causes: ["not-mcp-response", "lambda-envelope", "function-error", "timeout", "malformed-json"],
    needs: ["configuration", "urls"],
    find({ configuration, urls }, about) {
      const { packageType, settings, runtime } = configuration;
      const wrapper = settings.AWS_LAMBDA_EXEC_WRAPPER;
      // An OS-only runtime has no wrapper: there the bootstrap of the package decides.
      const hasWrapper = packageType === "zip" && !runtime?.startsWith("provided");
      if (!hasWrapper || !hasAdapter(configuration) || wrapper === ADAPTER_WRAPPER) return null;
      const is = wrapper === undefined ? "is not set" : `is ${JSON.stringify(wrapper)}`;
      return {
        evidence: `AWS_LAMBDA_EXEC_WRAPPER ${is}`,
        remedy: setVariable(
          about,
          ["AWS_LAMBDA_EXEC_WRAPPER", ADAPTER_WRAPPER],
          servingOf(urls, about),
        ),
      };
    },
  }),
  "adapter-architecture": rule({
    severity: "error",
    title: "The Web Adapter is built for another architecture",
    why: "A layer for the other architecture cannot be run: the function fails as it starts.",
    causes: ["function-error", "http-server-error", "timeout"],
    needs: ["configuration", "urls"],
    find(parts, about) {
      const { architecture, layers } = parts.configuration;
      const built = adapterOf(layers)?.architecture ?? null;
      if (built === null || built === architecture) return null;
      return {
        evidence: `the function is ${architecture} and the adapter's layer ${built}`,
        remedy: attach(parts, about),
      };
    },
  }),
  "invoke-mode-envelope": rule({
    severity: "error",
    title: "The URL streams and the Web Adapter does not",
    why: "The adapter's buffered answer is a Lambda envelope, which a streaming URL hands to clients as it is.",
    causes: ["lambda-envelope", "not-mcp-response", "empty-stream", "stream-buffered"],
    needs: ["configuration", "urls"],
    find({ configuration, urls }, about) {
      const streams = urlOf(urls, about)?.invokeMode === "RESPONSE_STREAM";
      if (!streams || !hasAdapter(configuration) || adapterStreams(configuration)) return null;
      return {
        evidence: `the URL's InvokeMode is RESPONSE_STREAM, and ${modeText(configuration)}`,
        remedy: setVariable(about, ["AWS_LWA_INVOKE_MODE", STREAMING_MODE], servingOf(urls, about)),
      };
    },
  }),
  "adapter-port": rule({
    severity: "warning",
    title: "The Web Adapter asks at another port than the server may listen on",
    why: "The adapter waits for its own port for ever when the server goes by PORT.",
    causes: ["timeout", "cold-start-timeout", "gateway-timeout", "function-error"],
    needs: ["configuration", "urls"],
    find({ configuration, urls }, about) {
      const { AWS_LWA_PORT: asked, PORT: listens } = configuration.settings;
      if (!hasAdapter(configuration) || asked === undefined || listens === undefined) return null;
      if (asked === listens) return null;
      return {
        evidence: `AWS_LWA_PORT is ${JSON.stringify(asked)} and PORT is ${JSON.stringify(listens)}`,
        remedy: setVariable(about, ["AWS_LWA_PORT", listens], servingOf(urls, about)),
      };
    },
  }),
  "adapter-outdated": rule({
    severity: "warning",
    title: "The Web Adapter is an old one",
    why: "Older layers lack what has been mended since, and the settings of 1.x.",
    causes: ["empty-stream", "stream-buffered", "connection-reset"],
    needs: ["configuration", "urls"],
    find(parts, about) {
      const version = adapterOf(parts.configuration.layers)?.version ?? null;
      if (version === null || version >= ADAPTER_VERSION) return null;
      return {
        evidence: `the adapter's layer is version ${version}; current is ${ADAPTER_VERSION}`,
        remedy: attach(parts, about),
      };
    },
  }),
  "adapter-absent": rule({
    severity: "hint",
    title: "Nothing of the Web Adapter is there",
    why: "That is right for a handler in awslambda.streamifyResponse that speaks HTTP itself. A server that listens on a port is reached by nobody.",
    causes: ["not-mcp-response", "lambda-envelope", "function-error", "malformed-json"],
    needs: ["configuration", "urls"],
    find(parts, about) {
      const { configuration } = parts;
      if (configuration.packageType === "image") return null;
      if (hasAdapter(configuration) || wantsAdapter(configuration)) return null;
      return {
        evidence: "the function has neither the Web Adapter's layer nor its settings",
        remedy: attach(parts, about),
      };
    },
  }),
} as const satisfies Record<string, DoctorRule>;
