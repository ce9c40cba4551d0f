import { describe, expect, it } from "vitest";
import type { Target } from "../../src/config/index.ts";
import {
  budgetMessage,
  foldMessage,
  MAX_SMS_CHARS,
  MAX_SUBJECT_CHARS,
  type OutgoingPage,
  type PageKind,
  testMessage,
} from "../../src/pager/index.ts";

const AT = "2026-11-22T03:14:00.000Z";
const STAGE = "production";
type Routed = Pick<Target, "name" | "severity" | "owner" | "tags">;
const ORDERS: Routed = {
  name: "orders",
  severity: "critical",
  owner: "team-orders",
  tags: ["eu"],
};
const BILLING: Routed = {
  name: "billing",
  severity: "warning",
  owner: null,
  tags: ["eu", "money"],
};
const targets = new Map([
  ["orders", ORDERS],
  ["billing", BILLING],
]);

function folded(kind: PageKind, names: readonly string[] = ["orders", "billing"]) {
  return foldMessage({
    fold: {
      mark: { kind, mode: "tool-permission-denied", region: "us-east-1" },
      lead: { target: "search", at: "2026-11-22T03:12:30.000Z" },
    },
    members: names.map((target) => ({ target, at: "2026-11-22T03:12:41.000Z" })),
    targets,
    at: AT,
    stage: STAGE,
    redact: (text) => text,
  });
}

const burn = { pace: "fast", rate: 33.3, bad: 2, judged: 60 } as const;

const NOTICES: readonly (readonly [name: string, page: OutgoingPage])[] = [
  ["folded-opened", folded("opened")],
  ["folded-closed", folded("closed")],
  ["folded-one-reminder", folded("reminder", ["orders"])],
  [
    "budget",
    budgetMessage({
      page: { kind: "budget", burn, at: AT },
      target: ORDERS,
      objective: 99.9,
      stage: STAGE,
    }),
  ],
  ["test", testMessage({ by: "ada", at: AT, stage: STAGE, targets: 3 })],
];

/** As a person reads it, and as a machine gets it. */
function readable({ subject, message, attributes }: OutgoingPage): string {
  const hook = { ...JSON.parse(message.https), AlarmDescription: "(the body)" };
  return `Subject: ${subject}\n\n${message.email}\n-- sms\n${message.sms}\n\n-- https\n${JSON.stringify(hook, null, 2)}\n\n-- attributes\n${JSON.stringify(attributes, null, 2)}\n`;
}

describe("what people are told besides a target's page", () => {
  it.each(NOTICES)("%s reads as it should", async (name, page) => {
    await expect(readable(page)).toMatchFileSnapshot(`golden/notice-${name}.txt`);
  });

  it.each(NOTICES)("%s fits a subject and a text message of ASCII", (_name, page) => {
    expect(page.subject.length).toBeLessThanOrEqual(MAX_SUBJECT_CHARS);
    expect(page.message.sms.length).toBeLessThanOrEqual(MAX_SMS_CHARS);
    expect(page.subject + page.message.sms).toMatch(/^[\x20-\x7e]+$/);
  });

  it("names fifty targets of a hundred, and says how many more there are", () => {
    const names = Array.from({ length: 100 }, (_, n) => `t${n}`);
    const { subject, message } = folded("opened", names);
    expect(subject).toMatch(/^ALARM: 100 more targets in us-east-1 broke/);
    expect(message.email).toContain("and 50 more");
    expect(JSON.parse(message.https).vigil.targets).toHaveLength(100);
  });
});
