import { execFileSync } from "node:child_process";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { attachEmbedded, type OpenDatabase, openEmbedded } from "../src/embedded.ts";
import { createHistory, ensureTable, type History } from "../src/index.ts";
import { CLOCK, healthyRun, minute } from "./fixtures.ts";
import { type Bundle, bundle, type Child, next, start, temporaryFolder } from "./processes.ts";

let child: Bundle;
let dir: string;
const started: Child[] = [];

beforeAll(async () => {
  child = await bundle("./child.ts");
});

afterAll(() => child.remove());

beforeEach(() => {
  dir = temporaryFolder();
});

afterEach(async () => {
  for (const { process } of started) process.kill("SIGKILL");
  await Promise.all(started.splice(0).map(({ exited }) => exited));
  await rm(dir, { recursive: true, force: true });
});

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  before = "",
): Child {
  const process = start({ bundle: child, args, env, before });
  started.push(process);
  return process;
}

async function open(options: { readonly port?: number } = {}): Promise<OpenDatabase> {
  const result = await openEmbedded({ dir, ...options });
  if (result.kind !== "open") throw new Error(JSON.stringify(result));
  return result;
}

async function historyOf({ client }: Pick<OpenDatabase, "client">): Promise<History> {
  await ensureTable(client, "vigil");
  return createHistory({ client, tableName: "vigil", clock: CLOCK });
}

async function storedMinutes(history: History): Promise<string[]> {
  const listing = history.runs(healthyRun().target, { order: "oldest" });
  const records: RunRecord[] = [];
  for await (const record of listing) records.push(record);
  expect(listing.unreadable).toEqual([]);
  return records.map(({ scheduledAt }) => scheduledAt);
}

describe("openEmbedded", () => {
  it("makes the folder, and keeps what was written over a restart", async () => {
    dir = join(dir, "data");
    const first = await open();
    await (await historyOf(first)).recordRun(healthyRun());
    await first.close();
    const second = await open();
    expect(await storedMinutes(await historyOf(second))).toEqual([minute(0)]);
    await second.close();
    expect(await second.ended).toEqual({ kind: "closed" });
  });

  it("leaves nothing behind but the database when closed", async () => {
    const database = await open();
    await database.close();
    await database.close();
    expect(await readdir(dir)).toEqual(["dynamodb"]);
  });

  it("names the parent that is missing, and makes nothing", async () => {
    const parent = join(dir, "typo");
    const wanted = join(parent, "data");
    expect(await openEmbedded({ dir: wanted })).toEqual({
      kind: "parent-missing",
      dir: wanted,
      parent,
    });
    expect(await readdir(dir)).toEqual([]);
  });

  // A file in the way stops root as well, whom permissions do not stop.
  it.each([
    ["a file in its place", "file"],
    ["a file in place of its parent", "file/data"],
  ])("cannot write where there is %s", async (_, name) => {
    await writeFile(join(dir, "file"), "");
    const wanted = join(dir, name);
    expect(await openEmbedded({ dir: wanted })).toEqual({
      kind: "unwritable",
      dir: wanted,
      code: "ENOTDIR",
    });
  });

  it("says when the folder takes no files", async () => {
    await chmod(dir, 0o555);
    const result = await next(run(["holdUnprivileged", dir]));
    expect(result).toEqual({ kind: "unwritable", dir, code: "EACCES" });
  });

  it("says when what is there is no database", async () => {
    await (await open()).close();
    const store = join(dir, "dynamodb");
    await writeFile(join(store, "CURRENT"), "nonsense");
    expect(await openEmbedded({ dir })).toMatchObject({
      kind: "damaged",
      code: "LEVEL_CORRUPTION",
    });
    await rm(store, { recursive: true });
    await (await open()).close();
  });

  it("says when the port is taken, and can be asked again", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const taken = { kind: "port-unavailable", port, code: "EADDRINUSE" };
    expect(await openEmbedded({ dir, port })).toEqual(taken);
    await new Promise((resolve) => other.close(resolve));
    const database = await open({ port });
    expect(database.endpoint).toBe(`http://127.0.0.1:${port}`);
    await database.close();
  });

  it("finishes a table whose creation was cut short", async () => {
    const first = await open();
    const history = await historyOf(first);
    await history.recordRun(healthyRun());
    await first.close();
    await setTableStatus(join(dir, "dynamodb"), "CREATING");
    const second = await open();
    expect(await storedMinutes(await historyOf(second))).toEqual([minute(0)]);
    await second.close();
  });
});

/** As a process leaves a table that is killed between the two writes that create it. */
async function setTableStatus(store: string, TableStatus: string): Promise<void> {
  const script = `
    const { createRequire } = require("node:module");
    const { Level } = createRequire(require.resolve("dynalite"))("level");
    (async () => {
      const store = new Level(${JSON.stringify(store)}, { valueEncoding: "json" });
      const table = await store.get("table~vigil");
      await store.put("table~vigil", { ...table, TableStatus: ${JSON.stringify(TableStatus)} });
      await store.close();
    })();`;
  execFileSync(process.execPath, ["-e", script], { cwd: import.meta.dirname });
}

describe("a folder in use", () => {
  it("is locked for another process, which learns by whom", async () => {
    const holder = run(["hold", dir]);
    const { endpoint } = (await next(holder)) as { endpoint: string };
    expect(await openEmbedded({ dir })).toEqual({
      kind: "locked",
      dir,
      holder: { pid: holder.process.pid, endpoint, startedAt: expect.stringMatching(/^2\d{3}-/) },
    });
    holder.process.stdin?.end();
    expect(await holder.exited).toEqual({ code: 0, signal: null, stderr: "" });
    await (await open()).close();
  });

  it("is locked for the same process too, and stays locked for others", async () => {
    const database = await open();
    const locked = { kind: "locked", holder: { pid: process.pid, endpoint: database.endpoint } };
    expect(await openEmbedded({ dir })).toMatchObject(locked);
    expect(await next(run(["hold", dir]))).toMatchObject(locked);
    await database.close();
    await (await open()).close();
  });

  it("is opened by one of many that start at once", async () => {
    const children = Array.from({ length: 4 }, () => run(["hold", dir]));
    const results = await Promise.all(children.map(next));
    const kinds = results.map((result) => (result as { kind: string }).kind);
    expect(kinds.toSorted()).toEqual(["locked", "locked", "locked", "open"]);
  });

  it("is locked by someone unknown while there is no marker", async () => {
    const holder = run(["hold", dir]);
    await next(holder);
    await rm(join(dir, "vigil-db.json"));
    expect(await openEmbedded({ dir })).toEqual({ kind: "locked", dir, holder: null });
  });
});

describe("attachEmbedded", () => {
  it("reads and writes through the process that has the database open", async () => {
    const database = await open();
    const history = await historyOf(database);
    await history.recordRun(healthyRun());
    const other = run(["attach", dir]);
    const said = { pid: process.pid, newest: minute(0), written: "written" };
    expect(await next(other)).toEqual(said);
    expect(await other.exited).toEqual({ code: 0, signal: null, stderr: "" });
    expect(await storedMinutes(history)).toEqual([minute(0), minute(7)]);
    await database.close();
  });

  it("finds nothing in a folder that is not there, empty or closed", async () => {
    const none = { kind: "not-running", reason: "no-marker" };
    expect(await attachEmbedded(join(dir, "absent"))).toEqual(none);
    expect(await attachEmbedded(dir)).toEqual(none);
    await (await open()).close();
    expect(await attachEmbedded(dir)).toEqual(none);
  });

  it.each([
    ["empty", ""],
    ["cut off", '{"pid":1,"endpoi'],
    ["something else", "[]"],
    ["of another shape", '{"pid":"1","endpoint":5}'],
  ])("takes a marker for none that is %s", async (_, text) => {
    await writeFile(join(dir, "vigil-db.json"), text);
    expect(await attachEmbedded(dir)).toEqual({ kind: "not-running", reason: "no-marker" });
  });

  it("is not confused by what a killed process leaves", async () => {
    const holder = run(["hold", dir]);
    await next(holder);
    holder.process.kill("SIGKILL");
    await holder.exited;
    expect(await attachEmbedded(dir)).toEqual({ kind: "not-running", reason: "process-gone" });
    const database = await open();
    expect(await attachEmbedded(dir)).toMatchObject({ kind: "attached", pid: process.pid });
    await database.close();
  });

  it("is not confused when pid and port have been given to others", async () => {
    const marker = { pid: process.pid, startedAt: minute(0), accessKeyId: "vigil00" };
    const write = (endpoint: string) =>
      writeFile(join(dir, "vigil-db.json"), JSON.stringify({ ...marker, endpoint }));
    const noAnswer = { kind: "not-running", reason: "no-answer" };
    const elsewhere = temporaryFolder();
    const database = await openEmbedded({ dir: elsewhere });
    if (database.kind !== "open") throw new Error(database.kind);
    await write(database.endpoint);
    expect(await attachEmbedded(dir)).toEqual(noAnswer);
    await database.close();
    await write("http://127.0.0.1:1");
    expect(await attachEmbedded(dir)).toEqual(noAnswer);
    await rm(elsewhere, { recursive: true });
  });

  it("keeps the key to the owner, and the marker whole", async () => {
    const database = await open();
    const file = join(dir, "vigil-db.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toEqual({
      pid: process.pid,
      endpoint: database.endpoint,
      startedAt: expect.stringMatching(/Z$/),
      accessKeyId: expect.stringMatching(/^vigil[0-9a-f]{32}$/),
    });
    await database.close();
  });
});

describe("the database's thread", () => {
  it("outlives a client that hangs up half-way", async () => {
    const database = await open();
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
    const database = await open();
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
    // A limit on the size of files is a full disk that a test can have.
    const full = run(["fill", dir], {}, "ulimit -f 200");
    const taken: string[] = [];
    let said = await next(full);
    for (; typeof said === "string"; said = await next(full)) taken.push(said);
    expect(said).toEqual({ code: "history-unavailable", ended: "failed" });
    expect(taken).not.toEqual([]);
    expect(await full.exited).toEqual({ code: 0, signal: null, stderr: "" });
    const database = await open();
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
    // Whoever opens a pipe that nobody writes to waits for ever.
    const settings = join(dir, "aws-settings");
    execFileSync("mkfifo", [settings]);
    const files = { AWS_CONFIG_FILE: settings, AWS_SHARED_CREDENTIALS_FILE: settings };
    const once = run(["once", join(dir, "data")], { ...files, ...environment });
    expect(await next(once)).toBe("written");
    expect(await once.exited).toEqual({ code: 0, signal: null, stderr: "" });
  });
});

describe("kill -9 at any moment", () => {
  it("loses no run that was finished", async () => {
    const finished: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const writer = run(["write", dir, String(finished.length)]);
      const upTo = finished.length + 1 + Math.floor(Math.random() * 60);
      while (finished.length < upTo) finished.push((await next(writer)) as number);
      writer.process.kill("SIGKILL");
      for await (const more of { [Symbol.asyncIterator]: () => writer.lines }) {
        finished.push(more as number);
      }
      expect(await writer.exited).toEqual({ code: null, signal: "SIGKILL", stderr: "" });
    }
    const database = await open();
    const stored = await storedMinutes(await historyOf(database));
    await database.close();
    expect(stored).toEqual(expect.arrayContaining(finished.map(minute)));
  });
});
