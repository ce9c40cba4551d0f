import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { type Script, SSE_TYPE, soundLegacy, startServer, text } from "@vigil/testkit";
import {
  type AwsAnswer,
  type AwsCall,
  awsError,
  startAwsEndpoint,
} from "@vigil/testkit/aws-endpoint";
import {
  answerForFunction,
  PLAYED_SECRET,
  playedUrl,
  playedWith,
  SOUND_FUNCTION,
} from "@vigil/testkit/lambda-function";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { runCheck } from "../src/commands/check.ts";
import { createFakeIo } from "./fake-io.ts";

beforeEach(() => {
  for (const [name, value] of Object.entries({
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/none",
    AWS_SHARED_CREDENTIALS_FILE: "/none",
  })) {
    vi.stubEnv(name, value);
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const emptyStream: Script = () => text("", { headers: [SSE_TYPE] });
const forbidden: Script = () => text('{"Message":"Forbidden"}', { status: 403 });
const BUFFERED = playedUrl({ InvokeMode: "BUFFERED" });

async function check(
  server: Script,
  answer: (call: AwsCall) => AwsAnswer,
  { json = false, lambda = true } = {},
) {
  const [target, aws] = [await startServer(server), await startAwsEndpoint(answer)];
  const cwd = mkdtempSync(join(tmpdir(), "vigil-cause-"));
  onTestFinished(async () => {
    rmSync(cwd, { recursive: true });
    await Promise.all([target.close(), aws.close()]);
  });
  vi.stubEnv("AWS_ENDPOINT_URL_LAMBDA", aws.url);
  const behind = { region: "us-east-1", lambda: { functionName: "orders", qualifier: "live" } };
  const targets = [{ name: "orders", url: target.url, era: "legacy", ...(lambda && behind) }];
  writeFileSync(join(cwd, "vigil.config.mjs"), `export default ${JSON.stringify({ targets })};`);
  const { io, written } = createFakeIo({ cwd });
  const flags = { confirm: false, failOn: "down", json } as const;
  const code = await runCheck([], flags, { io, version: "1.2.3" });
  return { code, text: written.join(""), calls: aws.calls.length };
}

const CAUSE =
  "likely cause: empty-stream, and the URL's InvokeMode is BUFFERED. How to mend it: vigil doctor orders";

describe("vigil check of a target whose function it may read", () => {
  it("joins what is down with how the function is set up, in one line", async () => {
    const { code, text: shown } = await check(emptyStream, answerForFunction(BUFFERED));
    expect(code).toBe(1);
    expect(shown.replace(/\s+/gu, " ")).toContain(CAUSE);
  });

  it("has it among the notes in JSON", async () => {
    const options = { json: true };
    const { text: line } = await check(emptyStream, answerForFunction(BUFFERED), options);
    const record: RunRecord = JSON.parse(line.slice("out:".length));
    expect(record.notes).toContain(CAUSE);
    expect(record.failures.map(({ mode }) => mode)).toEqual(["empty-stream"]);
  });

  it.each<readonly [string, Script, (call: AwsCall) => AwsAnswer, string | null]>([
    [
      "a missing permission",
      forbidden,
      answerForFunction({ ...SOUND_FUNCTION, policies: {} }),
      "likely cause: http-forbidden, and the policy of alias live lets nobody do lambda:InvokeFunctionUrl.",
    ],
    ["nothing that explains it", emptyStream, answerForFunction(SOUND_FUNCTION), null],
    [
      "findings that do not explain it",
      forbidden,
      answerForFunction(playedWith({ MemorySize: 128 })),
      null,
    ],
    [
      "a denied reading",
      emptyStream,
      () => awsError(403, "AccessDeniedException"),
      "the function's setting could not be read whole: lambda:GetFunctionConfiguration is denied",
    ],
    [
      "a function that is not there",
      emptyStream,
      () => awsError(404, "ResourceNotFoundException"),
      "the function's setting could not be read whole: there is no such function, or no such alias of it",
    ],
    [
      "a broken connection",
      emptyStream,
      () => ({ kind: "reset" }),
      "the function's setting could not be read whole: AWS did not answer (",
    ],
  ])("says what it found: %s", async (_name, server, answer, note) => {
    const { code, text: shown } = await check(server, answer);
    const line = shown.replace(/\s+/gu, " ");
    expect(code).toBe(1);
    if (note !== null) expect(line).toContain(note);
    else expect(line).not.toMatch(/likely cause|could not be read whole/u);
  });

  it("asks AWS nothing when the target is up, or names no function", async () => {
    const answer = answerForFunction(BUFFERED);
    expect(await check(soundLegacy(), answer)).toMatchObject({ code: 0, calls: 0 });
    expect(await check(emptyStream, answer, { lambda: false })).toMatchObject({
      code: 1,
      calls: 0,
    });
  });

  it("shows no variable's value", async () => {
    const played = { ...BUFFERED, ...playedWith({}, { AWS_LWA_INVOKE_MODE: PLAYED_SECRET }) };
    const { text: shown } = await check(emptyStream, answerForFunction(played));
    expect(shown).toContain("likely cause");
    expect(shown).not.toContain(PLAYED_SECRET);
  });
});
