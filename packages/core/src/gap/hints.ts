import * as z from "zod";
import { time } from "../invocations.ts";
import type { FollowedTarget } from "./watch.ts";

/** Word from EventBridge that something was changed in a region; the looks are the truth. */
export interface ChangeHint {
  readonly region: string;
  /** When it took place, as its source says. ISO 8601. */
  readonly at: string;
  /** Null: any of the region's. */
  readonly functionName: string | null;
  /** What it made another version serve: an alias, or `$LATEST`; null when it may not have. */
  readonly moved: string | null;
}

export type ReadHint =
  | { readonly kind: "hint"; readonly hint: ChangeHint }
  /** It changed nothing: a call that failed. */
  | { readonly kind: "nothing" }
  | { readonly kind: "bad"; readonly problem: string };

const LATEST = "$LATEST";

const envelope = { time, region: z.string().min(1) };
const text = z.string().min(1);

const codeDeploy = z.object({
  ...envelope,
  source: z.literal("aws.codedeploy"),
  "detail-type": z.literal("CodeDeploy Deployment State-change Notification"),
  detail: z.object({ state: text }),
});

const cloudFormation = z.object({
  ...envelope,
  source: z.literal("aws.cloudformation"),
  "detail-type": z.literal("CloudFormation Stack Status Change"),
  detail: z.object({ "status-details": z.object({ status: text }) }),
});

const cloudTrail = z.object({
  ...envelope,
  source: z.literal("aws.lambda"),
  "detail-type": z.literal("AWS API Call via CloudTrail"),
  detail: z.object({
    eventTime: time,
    eventName: text,
    errorCode: text.nullish(),
    requestParameters: z.object({ functionName: text, name: text.nullish() }),
  }),
});

const changeEvent = z.discriminatedUnion("source", [codeDeploy, cloudFormation, cloudTrail]);

/** What EventBridge sends has a `detail-type`, and nothing else that asks the correlator does. */
export function isChangeEvent(event: unknown): boolean {
  return typeof event === "object" && event !== null && "detail-type" in event;
}

export function readHint(event: unknown): ReadHint {
  const parsed = changeEvent.safeParse(event);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.map(String).join(".") ?? "";
    return { kind: "bad", problem: `${path === "" ? "event" : path}: ${issue?.message}` };
  }
  const { data } = parsed;
  switch (data.source) {
    case "aws.codedeploy":
    case "aws.cloudformation":
      return {
        kind: "hint",
        hint: { region: data.region, at: utc(data.time), functionName: null, moved: null },
      };
    case "aws.lambda":
      return ofCall(data);
    default:
      return data satisfies never;
  }
}

function ofCall({ region, detail }: z.output<typeof cloudTrail>): ReadHint {
  const { eventName, eventTime, errorCode, requestParameters } = detail;
  // Lambda does what it does, or says why it did not.
  if (typeof errorCode === "string") return { kind: "nothing" };
  const functionName = nameOf(requestParameters.functionName);
  const moved = movedBy(eventName, requestParameters.name ?? null);
  return { kind: "hint", hint: { region, at: utc(eventTime), functionName, moved } };
}

/** Names of calls end in the API's date, and in a version: `UpdateFunctionCode20150331v2`. */
function movedBy(eventName: string, alias: string | null): string | null {
  if (/^(?:Update|Create)Alias\d/.test(eventName)) return alias;
  return /^UpdateFunction(?:Code|Configuration)\d/.test(eventName) ? LATEST : null;
}

/** Of an ARN, a part of one, or a name; each may have a qualifier. */
function nameOf(written: string): string {
  const [, name] = /(?:^|function:)([^:]+)(?::[^:]*)?$/.exec(written) ?? [];
  return name ?? written;
}

const utc = (iso: string): string => new Date(iso).toISOString();

/**
 * What a hint is to a target: `moved` says when another version began to serve it, which bounds the
 * start of a gap; `look` only that a look is due; null nothing.
 */
export function hintFor(
  { region, lambda }: Pick<FollowedTarget, "region" | "lambda">,
  hint: ChangeHint,
): "moved" | "look" | null {
  if (region !== hint.region) return null;
  if (hint.functionName !== null && hint.functionName !== lambda.functionName) return null;
  if (hint.moved === lambda.qualifier) return "moved";
  // What happens to other aliases is of no concern; what happens to $LATEST may go on to an alias.
  return hint.moved === null || hint.moved === LATEST ? "look" : null;
}
