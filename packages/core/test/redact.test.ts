import { describe, expect, it } from "vitest";
import { createRedactor } from "../src/redact.ts";
import { base64, ENCODER_ROWS, redacted } from "./spellings.ts";

const SECRET = 's3cr/t+k"y=';

describe("createRedactor", () => {
  it.each(ENCODER_ROWS)("blanks a secret $name", ({ encode }) => {
    for (const secret of [SECRET, "päss wörd 🔑", "plainkey", "a\\b\\\\c\td", "<&'>?!*"]) {
      expect(redacted(secret, `<${encode(secret)}>`)).toBe("<[redacted]>");
    }
  });

  it.each([
    { name: "no secrets", secrets: [], text: "all of it", out: "all of it" },
    { name: "an empty secret", secrets: ["", "  "], text: "all of it", out: "all of it" },
    { name: "no occurrence", secrets: ["hunter22"], text: "hunter 22", out: "hunter 22" },
    { name: "an empty text", secrets: ["hunter22"], text: "", out: "" },
    {
      name: "every occurrence",
      secrets: ["hunter22"],
      text: "hunter22, hunter22",
      out: "[redacted], [redacted]",
    },
    {
      name: "letters of the wrong case stay",
      secrets: ["hunter22"],
      text: "Hunter22",
      out: "Hunter22",
    },
    {
      name: "several secrets",
      secrets: ["alpha-1", "beta-2"],
      text: "alpha-1:beta-2",
      out: "[redacted]:[redacted]",
    },
    {
      name: "secrets that overlap",
      secrets: ["abcdef", "defghi"],
      text: "<abcdefghi>",
      out: "<[redacted]>",
    },
    {
      name: "a secret within another",
      secrets: ["cdef", "abcdefgh"],
      text: "<abcdefgh>",
      out: "<[redacted]>",
    },
    {
      name: "a secret that overlaps itself",
      secrets: ["abab"],
      text: "<ababab>",
      out: "<[redacted]>",
    },
    {
      name: "secrets side by side",
      secrets: ["abcd", "efgh"],
      text: "<abcdefgh>",
      out: "<[redacted]>",
    },
    {
      name: "white space around it, as of a file's last line",
      secrets: [" hunter22\n"],
      text: "<hunter22>",
      out: "<[redacted]>",
    },
    {
      name: "what follows the scheme",
      secrets: ["Bearer hunter22"],
      text: "Bearer realm, hunter22",
      out: "Bearer realm, [redacted]",
    },
    {
      name: "a scheme alone is a secret like any",
      secrets: ["Bearer"],
      text: "<Bearer>",
      out: "<[redacted]>",
    },
    {
      name: "a secret that the mark spells",
      secrets: ["redacted"],
      text: "<redacted>",
      out: "<***>",
    },
    {
      name: "a short one where it stands alone",
      secrets: ["ab"],
      text: 'ab "ab" cab abc ab',
      out: '*** "***" cab abc ***'.replaceAll("***", "[redacted]"),
    },
    { name: "a short one of signs", secrets: ["%%"], text: "a%%b %%", out: "a%%b [redacted]" },
    { name: "four characters anywhere", secrets: ["abcd"], text: "xabcdx", out: "x[redacted]x" },
  ])("$name", ({ secrets, text, out }) => {
    expect(redacted(secrets, text)).toBe(out);
  });

  it("blanks credentials within base64, whatever stands before and after", () => {
    for (const user of ["", "a", "ab", "abc"]) {
      const out = redacted("hunter22", `Basic ${base64(`${user}:hunter22:x`)}`);
      expect(out).toMatch(/^Basic [A-Za-z0-9+/]{0,6}\[redacted\][A-Za-z0-9+/=]{0,5}$/);
    }
  });

  it("leaves an answer that has nothing secret as it is", () => {
    const body = '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"echo"}]}}';
    expect(redacted([SECRET, "hunter22"], body)).toBe(body);
  });

  it("is done in time, however a text tries to lead it astray", () => {
    const secret = `${"\\".repeat(5)}${"%".repeat(5)}"x`;
    for (const text of ["%5C", "%255c", "\\", "%25", "%", '\\\\\\"', "\\%25"].map((part) =>
      part.repeat(4_096),
    )) {
      const started = performance.now();
      redacted(secret, text.slice(0, 4_096));
      expect(performance.now() - started).toBeLessThan(2_000);
    }
  });
});

describe("a text that was cut", () => {
  const TOKEN = "hunter22-and-more";

  it.each([
    { name: "at its end", text: "key hunter22-an", out: "key [redacted]" },
    { name: "after six characters", text: "key hunter", out: "key [redacted]" },
    { name: "five characters tell too little", text: "key hunte", out: "key hunte" },
    { name: "by an ellipsis", text: "got hunter22-… instead", out: "got [redacted]… instead" },
    { name: "by three dots", text: "got hunter22-... instead", out: "got [redacted]... instead" },
    { name: "and quoted", text: 'version "hunter22-", which', out: 'version "[redacted]", which' },
    {
      name: "and quoted in JSON",
      text: '{\\"v\\":\\"hunter22-\\"}',
      out: '{\\"v\\":\\"[redacted]\\"}',
    },
    { name: "in the middle of a character", text: "hunter22\uFFFD", out: "[redacted]\uFFFD" },
    { name: "another word that begins alike stays", text: "hunter22 went", out: "hunter22 went" },
  ])("$name", ({ text, out }) => {
    expect(redacted(TOKEN, text)).toBe(out);
  });

  it("in the middle of an escape", () => {
    expect(redacted("abcdef/ghi", "<abcdef%2")).toBe("<[redacted]");
    expect(redacted("abcdef/ghi", "<abcdef\\u00…")).toBe("<[redacted]…");
  });

  it("at the 2 kB that are kept of a body", () => {
    const redact = createRedactor([TOKEN]);
    for (let before = 2_048 - TOKEN.length - 1; before <= 2_048; before++) {
      const head = `${"x".repeat(before)}${TOKEN}yyy`.slice(0, 2_048);
      const out = redact(head);
      const left = 2_048 - before;
      const kept = left < 6 ? TOKEN.slice(0, Math.max(0, left)) : "[redacted]";
      expect(out.replace(/^x+/, "").replace(/y+$/, "")).toBe(kept);
    }
  });
});
