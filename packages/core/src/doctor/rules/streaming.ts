import { adapterStreams, hasAdapter, modeText, STREAMING_MODE } from "../adapter.ts";
import { lambdaCommand, qualified, remedy, setVariable, withIac } from "../remedy.ts";
import { type DoctorRule, rule } from "../rule.ts";
import { urlOf } from "../serving.ts";
import type { FunctionSubject, Remedy, UrlFacts } from "../types.ts";

const STREAMING_IAC = ["FunctionUrlConfig:", "  InvokeMode: RESPONSE_STREAM"];

/** A change of the URL that serves. */
export function changeUrl(about: FunctionSubject, url: UrlFacts, options: string): string {
  const rest = [qualified(url.qualifier), options].filter((part) => part !== "").join(" ");
  return lambdaCommand(about, "update-function-url-config", rest);
}

function makeStream(about: FunctionSubject, url: UrlFacts): Remedy {
  return remedy([changeUrl(about, url, "--invoke-mode RESPONSE_STREAM")], STREAMING_IAC);
}

export const STREAMING_RULES = {
  "url-buffered": rule({
    severity: "error",
    title: "The Web Adapter streams and the URL does not",
    why: "A BUFFERED URL hands nothing on before the function has ended: a stream arrives empty, or all at once at its end.",
    causes: ["empty-stream", "stream-buffered", "stream-stalled", "empty-response", "timeout"],
    needs: ["configuration", "urls"],
    find({ configuration, urls }, about) {
      const url = urlOf(urls, about);
      if (url?.invokeMode !== "BUFFERED") return null;
      if (!hasAdapter(configuration) || !adapterStreams(configuration)) return null;
      return {
        evidence: "the URL's InvokeMode is BUFFERED",
        remedy: makeStream(about, url),
      };
    },
  }),
  "streaming-off": rule({
    severity: "warning",
    title: "Neither the URL nor the server streams",
    why: "Answers may be 6 MB at most, and whatever the server sends while it works arrives all at once at the end.",
    causes: ["empty-stream", "stream-buffered", "stream-absent", "response-too-large"],
    needs: ["configuration", "urls"],
    find({ configuration, urls }, about) {
      const url = urlOf(urls, about);
      if (url?.invokeMode !== "BUFFERED") return null;
      if (hasAdapter(configuration) && adapterStreams(configuration)) return null;
      const opened = makeStream(about, url);
      if (!hasAdapter(configuration)) {
        return { evidence: "the URL's InvokeMode is BUFFERED", remedy: opened };
      }
      // The server first: a streaming URL before a buffering adapter is worse.
      const server = setVariable(about, ["AWS_LWA_INVOKE_MODE", STREAMING_MODE], url.qualifier);
      return {
        evidence: `the URL's InvokeMode is BUFFERED, and ${modeText(configuration)}`,
        remedy: withIac(
          remedy([...server.commands, ...opened.commands]),
          ...server.iac,
          ...STREAMING_IAC,
        ),
      };
    },
  }),
  "gateway-buffered": rule({
    severity: "warning",
    title: "API Gateway holds answers until they are complete",
    why: "HTTP APIs cannot stream; REST APIs can, where the integration's response transfer mode is STREAM.",
    causes: [
      "empty-stream",
      "stream-buffered",
      "stream-absent",
      "gateway-timeout",
      "response-too-large",
    ],
    needs: ["gateway"],
    find({ gateway }) {
      if (gateway === null || gateway.streams) return null;
      return gateway.kind === "http"
        ? {
            evidence: "the target's URL is an HTTP API's, and those cannot stream",
            remedy: remedy(
              [],
              ["FunctionUrlConfig:", "  AuthType: NONE", "  InvokeMode: RESPONSE_STREAM"],
            ),
          }
        : {
            evidence: "the REST API's response transfer mode is BUFFERED",
            remedy: remedy(
              [],
              ["x-amazon-apigateway-integration:", "  responseTransferMode: STREAM"],
            ),
          };
    },
  }),
} as const satisfies Record<string, DoctorRule>;
