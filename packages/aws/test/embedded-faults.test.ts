import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { healthyRun, minute } from "./fixtures.ts";
import { next } from "./processes.ts";
import { historyOf, openOrThrow, storedMinutes, useSandbox } from "./sandbox.ts";

const sandbox = useSandbox();

describe("the database's thread", () => {
  it("outlives a client that hangs up half-way", async () => {
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
    const history = await historyOf(database);
    const { accessKeyId } = JSON.parse(await readFile(join(dir, "vigil-db.json"), "utf8"));
    await hangUp(database.endpoint, accessKeyId);
    expect(await history.recordRun(healthyRun())).toBe("written");
    await database.close();
    expect(await database.ended).toEqual({ kind: "closed" });
  });

  it.each([
    ["without the key", {}],
    ["from a web page", { origin: "http://evil.example" }],
  ])("serves nobody %s", async (_, headers) => {
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
    const { accessKeyId } = JSON.parse(await readFile(join(dir, "vigil-db.json"), "utf8"));
    const key = "origin" in headers ? accessKeyId : "guess";
    const response = await fetch(database.endpoint, {
      method: "POST",
      headers: { ...listTables(key), ...headers },
      body: "{}",
    });
    expect(response.status).toBe(400);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await response.json()).toEqual({
      __type: "com.amazon.coral.service#UnrecognizedClientException",
    });
    await database.close();
  });

  it("tells when the disk is full, and loses nothing that it had taken", async () => {
    const dir = sandbox.dir();
    // A limit on the size of files is a full disk that a test can have.
    const full = sandbox.run(["fill", dir], { before: "ulimit -f 200" });
    const taken: string[] = [];
    let said = await next(full);
    for (; typeof said === "string"; said = await next(full)) taken.push(said);
    expect(said).toEqual({ code: "history-unavailable", ended: "failed" });
    expect(taken).not.toEqual([]);
    expect(await full.exited).toEqual({ code: 0, signal: null, stderr: "" });
    const database = await openOrThrow(dir);
    expect(await storedMinutes(await historyOf(database))).toEqual(expect.arrayContaining(taken));
    await database.close();
  });
});

function listTables(accessKeyId: string): Record<string, string> {
  return {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "DynamoDB_20120810.ListTables",
    "x-amz-date": "20261122T080000Z",
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261122/local/dynamodb/aws4_request, SignedHeaders=host, Signature=00`,
  };
}

/** Announces more than it sends, and leaves once the server has had a look. */
function hangUp(endpoint: string, accessKeyId: string): Promise<void> {
  return new Promise((resolve) => {
    const headers = { ...listTables(accessKeyId), "content-length": 100, expect: "100-continue" };
    const half = request(endpoint, { method: "POST", headers });
    half.on("error", () => {});
    half.once("close", () => resolve());
    half.once("continue", () => half.write("{", () => half.destroy()));
    half.flushHeaders();
  });
}

describe("a process that has closed its database", () => {
  const ENVIRONMENT = {
    AWS_PROFILE: "absent",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_MAX_ATTEMPTS: "banana",
    AWS_RETRY_MODE: "banana",
    AWS_DEFAULTS_MODE: "banana",
    AWS_USE_FIPS_ENDPOINT: "true",
    AWS_USE_DUALSTACK_ENDPOINT: "true",
    AWS_ACCOUNT_ID_ENDPOINT_MODE: "required",
  };

  it.each([
    ["in files", {}],
    ["in the environment", ENVIRONMENT],
  ])("ends by itself, whatever AWS settings the user has %s", async (_, environment) => {
    const dir = sandbox.dir();
    // Whoever opens a pipe that nobody writes to waits for ever.
    const settings = join(dir, "aws-settings");
    execFileSync("sh", ["-c", 'mkfifo "$0"', settings]);
    const files = { AWS_CONFIG_FILE: settings, AWS_SHARED_CREDENTIALS_FILE: settings };
    const once = sandbox.run(["once", join(dir, "data")], { env: { ...files, ...environment } });
    expect(await next(once)).toBe("written");
    expect(await once.exited).toEqual({ code: 0, signal: null, stderr: "" });
  });
});

describe("kill -9 at any moment", () => {
  it("loses no run that was finished", async () => {
    const dir = sandbox.dir();
    const finished: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const writer = sandbox.run(["write", dir, String(finished.length)]);
      const upTo = finished.length + 1 + Math.floor(Math.random() * 60);
      while (finished.length < upTo) finished.push((await next(writer)) as number);
      writer.process.kill("SIGKILL");
      for await (const more of { [Symbol.asyncIterator]: () => writer.lines }) {
        finished.push(more as number);
      }
      expect(await writer.exited).toEqual({ code: null, signal: "SIGKILL", stderr: "" });
    }
    const database = await openOrThrow(dir);
    const stored = await storedMinutes(await historyOf(database));
    await database.close();
    expect(stored).toEqual(expect.arrayContaining(finished.map(minute)));
  });
});
