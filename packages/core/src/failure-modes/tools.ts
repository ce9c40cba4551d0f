import type { FailureMode } from "./failure-mode.ts";

const TOOLS_SPEC = "https://modelcontextprotocol.io/specification/2025-11-25/server/tools";

/** The protocol works; what the server is there for does not. */
export const TOOLS = {
  "tools-empty": {
    group: "tools",
    status: "down",
    title: "tools/list returns no tools, or fewer than it should",
    cloudwatch: "hidden",
    remedy:
      "Registration failed silently: look for an error while the tools were loaded (init phase of the log), an environment variable that switches them off, or a per-session server built without its tools. Set expect.minTools: 0 if a server without tools is meant.",
    reference: TOOLS_SPEC,
  },
  "tools-missing": {
    group: "tools",
    status: "down",
    title: "An expected tool is not listed",
    cloudwatch: "hidden",
    remedy:
      "The last deployment removed or renamed it, or its registration failed. Restore it, or take it out of expect.tools and sentinels. A tool that is not listed is not called.",
    reference: TOOLS_SPEC,
  },
  "tools-drift": {
    group: "tools",
    status: "degraded",
    title: "Tools changed in a way that breaks callers",
    cloudwatch: "hidden",
    remedy:
      "`vigil baseline show TARGET` lists every change since the tools were accepted. Restore what callers rely on; or, if the change is meant and they know of it, accept it: `vigil baseline accept TARGET`.",
    reference: TOOLS_SPEC,
  },
  "tool-call-failed": {
    group: "tools",
    status: "down",
    title: "The sentinel tool answers with an error",
    cloudwatch: "partly",
    remedy:
      "The tool itself says why, in the evidence: a dependency is down, an argument of the sentinel is no longer valid, or the code behind it broke. Call it by hand with the same arguments: `vigil check URL --tool NAME --args JSON --verbose`.",
    reference: TOOLS_SPEC,
  },
  "tool-permission-denied": {
    group: "tools",
    status: "down",
    title: "The tool's IAM role lacks a permission",
    cloudwatch: "hidden",
    remedy:
      "Grant the action named in the evidence to the function's execution role, on the resource named there, and check for an explicit deny (SCP, permission boundary, VPC endpoint policy). The other tools may be fine.",
    reference: "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
  },
  "tool-result-mismatch": {
    group: "tools",
    status: "down",
    title: "The sentinel tool answers something else than expected",
    cloudwatch: "hidden",
    remedy:
      "The tool works but its answer is not the expected one: stale or missing data, the wrong stage's table, or an expectation that is out of date. The evidence shows both.",
    reference: TOOLS_SPEC,
  },
} as const satisfies Record<string, FailureMode>;
