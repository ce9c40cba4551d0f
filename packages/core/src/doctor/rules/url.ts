import { lambdaCommand, qualified, remedy } from "../remedy.ts";
import { type DoctorRule, rule } from "../rule.ts";
import { called, urlOf } from "../serving.ts";
import type { AllowFacts, CorsFacts, FunctionSubject, UrlFacts } from "../types.ts";
import { changeUrl } from "./streaming.ts";

interface PageCalls {
  /** Beside what browsers always allow. */
  readonly headers: readonly string[];
  readonly methods: readonly string[];
}

const LEGACY: PageCalls = {
  headers: ["content-type", "mcp-session-id", "mcp-protocol-version"],
  methods: ["GET", "POST", "DELETE"],
};
const MODERN_HEADERS = ["mcp-method", "mcp-name"];

/** What a page's client sends. Where the era is not said it may be the older one alone. */
const SENT: Readonly<Record<FunctionSubject["era"], PageCalls>> = {
  auto: LEGACY,
  legacy: LEGACY,
  modern: {
    headers: ["content-type", "mcp-protocol-version", ...MODERN_HEADERS],
    methods: ["POST"],
  },
  both: { ...LEGACY, headers: [...LEGACY.headers, ...MODERN_HEADERS] },
};
const SESSION_HEADER = "mcp-session-id";

function lacks(given: readonly string[], wanted: readonly string[]): readonly string[] {
  if (given.includes("*")) return [];
  const known = new Set(given.map((one) => one.toLowerCase()));
  return wanted.filter((one) => !known.has(one.toLowerCase()));
}

/** AWS replaces the whole of a URL's CORS: what is not given again is lost. */
function allCors(about: FunctionSubject, url: UrlFacts, changes: Partial<CorsFacts>): string {
  const read = lambdaCommand(
    about,
    "get-function-url-config",
    [qualified(url.qualifier), "--query Cors --output json"].filter(Boolean).join(" "),
  );
  const set = Object.entries(changes).map(([field, values]) => {
    const name = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}`;
    return `"${name}": ${JSON.stringify(values)}`;
  });
  return `${read} | jq -c '. + {${set.join(", ")}}' | ${changeUrl(about, url, "--cors file:///dev/stdin")}`;
}

/** What else a statement may ask for, such as an address, is not known here. */
function allows(
  policy: readonly AllowFacts[],
  action: string,
  [key, wanted]: readonly [key: string, wanted: string],
): boolean {
  return policy.some(({ principals, actions, conditions }) => {
    const asked = conditions[key] ?? [wanted];
    return (
      principals.includes("*") &&
      actions.some((one) => fits(one, action)) &&
      asked.some((one) => one.toLowerCase() === wanted.toLowerCase())
    );
  });
}

/** IAM's `*` in an action. */
function fits(pattern: string, action: string): boolean {
  const [before = "", ...rest] = pattern.toLowerCase().split("*");
  const name = action.toLowerCase();
  return rest.length === 0 ? name === before : name.startsWith(before);
}

const grant = (about: FunctionSubject, url: UrlFacts, rest: string): string =>
  lambdaCommand(
    about,
    "add-permission",
    [qualified(url.qualifier), "--principal '*'", rest].filter((part) => part !== "").join(" "),
  );

export const URL_RULES = {
  "url-other-function": rule({
    severity: "error",
    title: "The target's URL is not this function's",
    why: "What is read here is of another function than the one that answers; metrics and deployments are too.",
    causes: ["http-forbidden", "http-not-found"],
    needs: ["urls"],
    find({ urls }, about) {
      if (about.door !== "function-url" || urlOf(urls, about) !== null) return null;
      const has = urls.map(({ host }) => host).join(", ");
      return {
        evidence: `${about.functionName} has ${has === "" ? "no Function URL" : `the URL ${has}`}, and the target's is ${about.host}`,
        remedy: remedy(
          [
            lambdaCommand(
              about,
              "list-function-url-configs",
              "--query 'FunctionUrlConfigs[].FunctionUrl'",
            ),
          ],
          ['lambda: { functionName: "the function behind the url" },'],
        ),
      };
    },
  }),
  "url-permission": rule({
    severity: "error",
    title: "Nobody may call the Function URL",
    why: "A public URL takes two permissions on the qualifier that it serves. Without the first one every request gets 403, and the function's log has nothing of it.",
    causes: ["http-forbidden", "http-unauthorized"],
    needs: ["urls", "policy"],
    find({ urls, policy }, about) {
      const url = urlOf(urls, about);
      if (url?.authType !== "NONE") return null;
      const type = ["lambda:functionurlauthtype", "NONE"] as const;
      if (allows(policy, "lambda:InvokeFunctionUrl", type)) return null;
      const rest =
        "--statement-id PublicUrl --action lambda:InvokeFunctionUrl --function-url-auth-type NONE";
      return {
        evidence: `the policy of ${called(url.qualifier)} lets nobody do lambda:InvokeFunctionUrl`,
        remedy: remedy(
          [grant(about, url, rest)],
          [
            "Type: AWS::Lambda::Permission",
            "Properties:",
            "  Action: lambda:InvokeFunctionUrl",
            '  Principal: "*"',
            "  FunctionUrlAuthType: NONE",
          ],
        ),
      };
    },
  }),
  "url-invoke-permission": rule({
    severity: "error",
    title: "The Function URL may not invoke the function",
    why: "A public URL takes two permissions on the qualifier that it serves. Without the second one every request gets 403, and the function's log has nothing of it.",
    causes: ["http-forbidden", "http-unauthorized"],
    needs: ["urls", "policy"],
    find({ urls, policy }, about) {
      const url = urlOf(urls, about);
      if (url?.authType !== "NONE") return null;
      const viaUrl = ["lambda:invokedviafunctionurl", "true"] as const;
      if (allows(policy, "lambda:InvokeFunction", viaUrl)) return null;
      const rest =
        "--statement-id PublicInvoke --action lambda:InvokeFunction --invoked-via-function-url";
      return {
        evidence: `the policy of ${called(url.qualifier)} lets nobody do lambda:InvokeFunction by way of the URL`,
        remedy: remedy(
          [grant(about, url, rest)],
          [
            "Type: AWS::Lambda::Permission",
            "Properties:",
            "  Action: lambda:InvokeFunction",
            '  Principal: "*"',
            "  InvokedViaFunctionUrl: true",
          ],
        ),
      };
    },
  }),
  "url-auth": rule({
    severity: "error",
    title: "The URL asks for signed requests, and the target's are not",
    why: "Every request gets 403. Vigil can sign; other clients must too.",
    causes: ["http-forbidden", "http-unauthorized", "auth-required"],
    needs: ["urls"],
    find({ urls }, about) {
      const url = urlOf(urls, about);
      if (url?.authType !== "AWS_IAM" || about.auth === "sigv4") return null;
      return {
        evidence: "the URL's AuthType is AWS_IAM, and the target's auth is not sigv4()",
        remedy: remedy([], ["auth: sigv4(),"]),
      };
    },
  }),
  "url-qualifier": rule({
    severity: "warning",
    title: "The config watches another qualifier than the URL serves",
    why: "Metrics, deployments and gap windows are then of something that clients never reach.",
    causes: [],
    needs: ["urls"],
    find({ urls }, about) {
      const url = urlOf(urls, about);
      if (url === null || url.qualifier === about.qualifier) return null;
      return {
        evidence: `the URL serves ${called(url.qualifier)}, and lambda.qualifier is ${about.qualifier}`,
        remedy: remedy(
          [],
          [
            `lambda: { functionName: ${JSON.stringify(about.functionName)}, qualifier: ${JSON.stringify(url.qualifier)} },`,
          ],
        ),
      };
    },
  }),
  "cors-session-header": rule({
    severity: "warning",
    title: "Browsers may not read the session's id",
    why: "A page's client needs the Mcp-Session-Id of the answer, which browsers hide unless it is exposed.",
    causes: ["cors-blocked"],
    needs: ["urls"],
    find({ urls }, about) {
      const url = urlOf(urls, about);
      const cors = url?.cors ?? null;
      if (url === null || cors === null || about.era === "modern") return null;
      if (lacks(cors.exposeHeaders, [SESSION_HEADER]).length === 0) return null;
      const exposed = cors.exposeHeaders.join(", ");
      return {
        evidence: `the URL's CORS exposes ${exposed === "" ? "no header" : exposed}, and Mcp-Session-Id is not among them`,
        remedy: remedy(
          [allCors(about, url, { exposeHeaders: [...cors.exposeHeaders, "Mcp-Session-Id"] })],
          ["Cors:", "  ExposeHeaders: [Mcp-Session-Id]"],
        ),
      };
    },
  }),
  "cors-request": rule({
    severity: "warning",
    title: "Browsers may not send what MCP sends",
    why: "The browser asks before each request, and refuses what the URL's CORS does not allow.",
    causes: ["cors-blocked"],
    needs: ["urls"],
    find({ urls }, about) {
      const url = urlOf(urls, about);
      const cors = url?.cors ?? null;
      if (url === null || cors === null) return null;
      const sent = SENT[about.era];
      const headers = lacks(cors.allowHeaders, sent.headers);
      const methods = lacks(cors.allowMethods, sent.methods);
      if (headers.length + methods.length === 0) return null;
      const changes = {
        ...(headers.length > 0 && { allowHeaders: [...cors.allowHeaders, ...headers] }),
        ...(methods.length > 0 && { allowMethods: [...cors.allowMethods, ...methods] }),
      };
      return {
        evidence: `the URL's CORS does not allow ${[...methods, ...headers].join(", ")}`,
        remedy: remedy(
          [allCors(about, url, changes)],
          [
            "Cors:",
            `  AllowHeaders: [${[...cors.allowHeaders, ...headers].join(", ")}]`,
            `  AllowMethods: [${[...cors.allowMethods, ...methods].join(", ")}]`,
          ],
        ),
      };
    },
  }),
} as const satisfies Record<string, DoctorRule>;
