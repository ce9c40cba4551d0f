import { execFileSync } from "node:child_process";
import { chmod, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attachEmbedded, openEmbedded } from "../src/embedded.ts";
import { healthyRun, minute } from "./fixtures.ts";
import { next, temporaryFolder } from "./processes.ts";
import { historyOf, openOrThrow, storedMinutes, useSandbox } from "./sandbox.ts";

const sandbox = useSandbox();

describe("openEmbedded", () => {
  it("makes the folder, and keeps what was written over a restart", async () => {
    const dir = join(sandbox.dir(), "data");
    const first = await openOrThrow(dir);
    await (await historyOf(first)).recordRun(healthyRun());
    await first.close();
    const second = await openOrThrow(dir);
    expect(await storedMinutes(await historyOf(second))).toEqual([minute(0)]);
    await second.close();
    expect(await second.ended).toEqual({ kind: "closed" });
  });

  it("leaves nothing behind but the database when closed", async () => {
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
    await database.close();
    await database.close();
    expect(await readdir(dir)).toEqual(["dynamodb"]);
  });

  it("names the parent that is missing, and makes nothing", async () => {
    const dir = sandbox.dir();
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
    const dir = sandbox.dir();
    await writeFile(join(dir, "file"), "");
    const wanted = join(dir, name);
    expect(await openEmbedded({ dir: wanted })).toEqual({
      kind: "unwritable",
      dir: wanted,
      code: "ENOTDIR",
    });
  });

  it("says when the folder takes no files", async () => {
    const dir = sandbox.dir();
    await chmod(dir, 0o555);
    const result = await next(sandbox.run(["holdUnprivileged", dir]));
    expect(result).toEqual({ kind: "unwritable", dir, code: "EACCES" });
  });

  it("says when what is there is no database", async () => {
    const dir = sandbox.dir();
    await (await openOrThrow(dir)).close();
    const store = join(dir, "dynamodb");
    await writeFile(join(store, "CURRENT"), "nonsense");
    expect(await openEmbedded({ dir })).toMatchObject({
      kind: "damaged",
      code: "LEVEL_CORRUPTION",
    });
    await rm(store, { recursive: true });
    await (await openOrThrow(dir)).close();
  });

  it("says when the port is taken, and can be asked again", async () => {
    const dir = sandbox.dir();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const taken = { kind: "port-unavailable", port, code: "EADDRINUSE" };
    expect(await openEmbedded({ dir, port })).toEqual(taken);
    await new Promise((resolve) => other.close(resolve));
    const database = await openOrThrow(dir, port);
    expect(database.endpoint).toBe(`http://127.0.0.1:${port}`);
    await database.close();
  });

  it("finishes a table whose creation was cut short", async () => {
    const dir = sandbox.dir();
    const first = await openOrThrow(dir);
    const history = await historyOf(first);
    await history.recordRun(healthyRun());
    await first.close();
    await setTableStatus(join(dir, "dynamodb"), "CREATING");
    const second = await openOrThrow(dir);
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
    const dir = sandbox.dir();
    const holder = sandbox.run(["hold", dir]);
    const { endpoint } = (await next(holder)) as { endpoint: string };
    expect(await openEmbedded({ dir })).toEqual({
      kind: "locked",
      dir,
      holder: { pid: holder.process.pid, endpoint, startedAt: expect.stringMatching(/^2\d{3}-/) },
    });
    holder.process.stdin?.end();
    expect(await holder.exited).toEqual({ code: 0, signal: null, stderr: "" });
    await (await openOrThrow(dir)).close();
  });

  it("is locked for the same process too, and stays locked for others", async () => {
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
    const locked = { kind: "locked", holder: { pid: process.pid, endpoint: database.endpoint } };
    expect(await openEmbedded({ dir })).toMatchObject(locked);
    expect(await next(sandbox.run(["hold", dir]))).toMatchObject(locked);
    await database.close();
    await (await openOrThrow(dir)).close();
  });

  it("is opened by one of many that start at once", async () => {
    const dir = sandbox.dir();
    const children = Array.from({ length: 4 }, () => sandbox.run(["hold", dir]));
    const results = await Promise.all(children.map(next));
    const kinds = results.map((result) => (result as { kind: string }).kind);
    expect(kinds.toSorted()).toEqual(["locked", "locked", "locked", "open"]);
  });

  it("is locked by someone unknown while there is no marker", async () => {
    const dir = sandbox.dir();
    const holder = sandbox.run(["hold", dir]);
    await next(holder);
    await rm(join(dir, "vigil-db.json"));
    expect(await openEmbedded({ dir })).toEqual({ kind: "locked", dir, holder: null });
  });
});

describe("attachEmbedded", () => {
  it("reads and writes through the process that has the database open", async () => {
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
    const history = await historyOf(database);
    await history.recordRun(healthyRun());
    const other = sandbox.run(["attach", dir]);
    const said = { pid: process.pid, newest: minute(0), written: "written" };
    expect(await next(other)).toEqual(said);
    expect(await other.exited).toEqual({ code: 0, signal: null, stderr: "" });
    expect(await storedMinutes(history)).toEqual([minute(0), minute(7)]);
    await database.close();
  });

  it("finds nothing in a folder that is not there, empty or closed", async () => {
    const dir = sandbox.dir();
    const none = { kind: "not-running", reason: "no-marker" };
    expect(await attachEmbedded(join(dir, "absent"))).toEqual(none);
    expect(await attachEmbedded(dir)).toEqual(none);
    await (await openOrThrow(dir)).close();
    expect(await attachEmbedded(dir)).toEqual(none);
  });

  it.each([
    ["empty", ""],
    ["cut off", '{"pid":1,"endpoi'],
    ["something else", "[]"],
    ["of another shape", '{"pid":"1","endpoint":5}'],
  ])("takes a marker for none that is %s", async (_, text) => {
    const dir = sandbox.dir();
    await writeFile(join(dir, "vigil-db.json"), text);
    expect(await attachEmbedded(dir)).toEqual({ kind: "not-running", reason: "no-marker" });
  });

  it("is not confused by what a killed process leaves", async () => {
    const dir = sandbox.dir();
    const holder = sandbox.run(["hold", dir]);
    await next(holder);
    holder.process.kill("SIGKILL");
    await holder.exited;
    expect(await attachEmbedded(dir)).toEqual({ kind: "not-running", reason: "process-gone" });
    const database = await openOrThrow(dir);
    expect(await attachEmbedded(dir)).toMatchObject({ kind: "attached", pid: process.pid });
    await database.close();
  });

  it("is not confused when pid and port have been given to others", async () => {
    const dir = sandbox.dir();
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
    const dir = sandbox.dir();
    const database = await openOrThrow(dir);
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
