import { attributesOf, notice, noticeKey, type OutgoingPage } from "./outgoing.ts";
import { utc } from "./page-words.ts";
import { oneLine } from "./safe-text.ts";

export interface TestFacts {
  readonly by: string;
  readonly at: string;
  readonly stage: string | null;
  /** How many targets are watched. */
  readonly targets: number;
}

/** `vigil page --test`: nothing is wrong, and whoever reads it can be paged. */
export function testMessage({ by, at, stage, targets }: TestFacts): OutgoingPage {
  const who = oneLine(by, 100);
  const watched = targets === 1 ? "1 target" : `${targets} targets`;
  const body = [
    "This is a test. Nothing is wrong.",
    "",
    `${who} asked for it at ${utc(at)}. Vigil${stage === null ? "" : ` (stage ${stage})`} watches ${watched}, and would page you like this.`,
    "",
  ].join("\n");
  return {
    ...notice({
      headline: "OK: test page from Vigil, nothing is wrong",
      body,
      key: noticeKey(stage, "test"),
      state: "OK",
      at,
      vigil: { kind: "test", by: who },
    }),
    attributes: attributesOf("test", []),
  };
}
