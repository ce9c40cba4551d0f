import type { Target } from "../config/index.ts";
import type { PageFacts } from "./page-facts.ts";
import { MAX_SMS_CHARS, type PageMessage, pageMessage } from "./page-message.ts";
import { MAX_SUBJECT_CHARS } from "./page-words.ts";
import { asciiLine } from "./safe-text.ts";

/** What subscriptions are filtered by; each a list, for a page may be of several targets. */
export interface PageAttributes {
  readonly kind: "opened" | "worse" | "reminder" | "closed" | "folded" | "budget" | "test";
  readonly target: readonly string[];
  readonly severity: readonly string[];
  readonly owner: readonly string[];
  readonly tags: readonly string[];
}

export interface OutgoingPage extends PageMessage {
  readonly attributes: PageAttributes;
}

/** What of a target a page is routed by. */
export type RoutedTarget = Pick<Target, "name" | "severity" | "owner" | "tags">;

export function attributesOf(
  kind: PageAttributes["kind"],
  targets: readonly RoutedTarget[],
): PageAttributes {
  const each = (values: readonly string[]) => [...new Set(values)].sort();
  return {
    kind,
    target: each(targets.map(({ name }) => name)),
    severity: each(targets.map(({ severity }) => severity)),
    owner: each(targets.flatMap(({ owner }) => owner ?? [])),
    tags: each(targets.flatMap(({ tags }) => tags)),
  };
}

/** A page of one target's alert, ready to be sent. */
export function outgoingPage(facts: PageFacts): OutgoingPage {
  return {
    ...pageMessage(facts),
    attributes: attributesOf(facts.page.kind, [facts.target]),
  };
}

export interface NoticeText {
  /** `ALARM: …`, of any length. */
  readonly headline: string;
  readonly body: string;
  /** What opens and resolves it at whoever takes webhooks. */
  readonly key: string;
  readonly state: "ALARM" | "OK";
  readonly at: string;
  /** For machines, beside what CloudWatch's alarms send. */
  readonly vigil: Readonly<Record<string, unknown>>;
}

/** Whatever else people are told, in the same shape as a page. */
export function notice(text: NoticeText): PageMessage {
  const { headline, body, key, state, at, vigil } = text;
  const subject = asciiLine(headline, MAX_SUBJECT_CHARS);
  const hook = JSON.stringify({
    AlarmName: key,
    AlarmDescription: body,
    NewStateValue: state,
    NewStateReason: subject,
    StateChangeTime: at,
    vigil: { schema: 1, ...vigil },
  });
  const sms = asciiLine(headline, MAX_SMS_CHARS);
  return { subject, message: { default: body, email: body, sms, http: hook, https: hook } };
}

/** `vigil/production/orders`: the same for all pages of a thing, so that its end resolves its beginning. */
export function noticeKey(stage: string | null, ...parts: readonly string[]): string {
  return ["vigil", ...(stage === null ? [] : [stage]), ...parts].join("/");
}
