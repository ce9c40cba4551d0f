import type { FailureMode } from "./failure-mode.ts";

/** Works for programs, not for web pages. */
export const BROWSER = {
  "cors-blocked": {
    group: "browser",
    status: "degraded",
    title: "Browsers are kept from using the server",
    cloudwatch: "hidden",
    remedy:
      "Set CORS on the Function URL or the gateway, not in both places: AllowOrigins with your page's origin, AllowMethods GET, POST, DELETE, AllowHeaders content-type, authorization, mcp-session-id, mcp-protocol-version (and mcp-method, mcp-name), ExposeHeaders mcp-session-id. OPTIONS must not need credentials.",
    reference: "https://github.com/modelcontextprotocol/python-sdk/issues/1135",
  },
} as const satisfies Record<string, FailureMode>;
