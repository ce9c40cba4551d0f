import type { Resource } from "./cloud.ts";
import type { Deployment } from "./deploy.ts";

/** A call of AWS as IAM sees it. */
export interface Call {
  /** `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  /** What conditions may look at. */
  readonly context: Readonly<Record<string, string>>;
}

interface Condition {
  readonly test: string;
  readonly variable: string;
  readonly values: readonly string[];
}

interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: readonly Condition[];
}

/** The statements of a role: all of its inline policies. */
export function statementsOf(role: Resource): readonly Statement[] {
  return (role.inputs.inlinePolicies ?? []).flatMap(
    ({ policy }: { policy: string }) => JSON.parse(policy).Statement,
  );
}

/** The role that a function runs as. */
export function roleOf({ resources }: Deployment, functionName: string): Resource {
  const role = resources.find(({ name }) => name === `${functionName}Role`);
  if (role === undefined) throw new Error(`${functionName} has no role`);
  return role;
}

export interface Grant {
  readonly action: string;
  /** With IAM's wildcards. */
  readonly resource: string;
}

/** Each action on each resource that the statements name. */
export function grantsOf(statements: readonly Statement[]): readonly Grant[] {
  return statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
  );
}

export function isUsed({ action, resource }: Grant, calls: readonly Call[]): boolean {
  return calls.some((call) => call.action === action && matches(resource, call.resource));
}

export function allows(statements: readonly Statement[], call: Call): boolean {
  return statements.some(
    ({ effect, actions, resources, conditions = [] }) =>
      effect === "Allow" &&
      actions.includes(call.action) &&
      resources.some((pattern) => matches(pattern, call.resource)) &&
      conditions.every((condition) => holds(condition, call.context)),
  );
}

/** IAM's wildcards: `*` for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}

function holds({ test, variable, values }: Condition, context: Call["context"]): boolean {
  if (test !== "StringEquals") throw new Error(`the tests do not know the condition ${test}`);
  return values.includes(context[variable] ?? "");
}
