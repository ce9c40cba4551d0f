import { pageBody } from "./page-body.ts";
import { causeLine } from "./page-cause.ts";
import type { PageFacts } from "./page-facts.ts";
import { alarmState, MAX_SUBJECT_CHARS, pageLine } from "./page-words.ts";

/** One text message holds so many; a second one costs again, and may come first. */
export const MAX_SMS_CHARS = 140;
/** SNS's limit for a message, all protocols' texts together. */
export const MAX_MESSAGE_BYTES = 262_144;

/** What SNS is given: `message` for `MessageStructure: "json"`. */
export interface PageMessage {
  readonly subject: string;
  readonly message: Readonly<Record<"default" | "email" | "sms" | "http" | "https", string>>;
}

/** One page as every kind of subscriber gets it. */
export function pageMessage(facts: PageFacts): PageMessage {
  const subject = pageLine(facts, MAX_SUBJECT_CHARS);
  const body = pageBody(facts);
  const hook = JSON.stringify(webhookBody(facts, subject, body));
  const sms = pageLine(facts, MAX_SMS_CHARS);
  return { subject, message: { default: body, email: body, sms, http: hook, https: hook } };
}

/** For machines: what CloudWatch's alarms send, by which PagerDuty opens and resolves, and Vigil's own. */
export interface WebhookBody {
  /** The same for every page of a target, so that its end resolves what its beginning opened. */
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly NewStateValue: "ALARM" | "OK";
  readonly NewStateReason: string;
  readonly StateChangeTime: string;
  readonly vigil: {
    readonly schema: 1;
    readonly kind: PageFacts["page"]["kind"];
    readonly target: string;
    readonly status: "up" | "degraded" | "down";
    readonly modes: readonly string[];
    readonly openedAt: string;
    readonly at: string;
    readonly seenFrom: readonly string[];
    readonly severity: string;
    readonly owner: string | null;
    readonly tags: readonly string[];
    readonly runbook: string | null;
    /** What in the function's setting explains it; null when nothing is known to. */
    readonly likelyCause: string | null;
  };
}

function webhookBody(facts: PageFacts, subject: string, body: string): WebhookBody {
  const { page, target, stage, redact } = facts;
  const { alert, kind, at } = page;
  const { likelyCause: cause } = alert;
  const { name, severity, owner, tags, runbook } = target;
  return {
    AlarmName: stage === null ? `vigil/${name}` : `vigil/${stage}/${name}`,
    AlarmDescription: body,
    NewStateValue: alarmState(facts),
    NewStateReason: subject,
    StateChangeTime: at,
    vigil: {
      schema: 1,
      kind,
      target: name,
      status: kind === "closed" ? "up" : alert.status,
      modes: alert.modes,
      openedAt: alert.openedAt,
      at,
      seenFrom: alert.seenFrom,
      severity,
      owner,
      tags,
      runbook: runbook === null ? null : redact(runbook),
      likelyCause: cause === undefined ? null : causeLine({ text: cause }, redact),
    },
  };
}
