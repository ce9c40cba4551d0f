import { describe, expect, it } from "vitest";
import { start } from "./harness.ts";
import { bundleScript, run } from "./processes.ts";

bundleScript("deploy");

const START_MS = Date.UTC(2026, 10, 22, 8);
const FUNCTION = "/lambda/2015-03-31/functions/vigil-demo";
const PROVISIONED =
  "/lambda/2019-09-30/functions/vigil-demo/provisioned-concurrency?Qualifier=live";

async function playing({ coldMs = 60_000 } = {}) {
  let second = 0;
  const server = await start({
    now: () => START_MS + second * 1_000,
    deployment: { gapMs: 45_000, coldMs },
  });
  const get = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(`${server.origin}${path}`);
    const body = (await response.json()) as Readonly<Record<string, unknown>>;
    return { status: response.status, error: response.headers.get("x-amzn-errortype"), ...body };
  };
  return {
    ...server,
    get,
    at(n: number) {
      second = n;
    },
    async act(action: unknown) {
      const response = await fetch(`${server.origin}/admin/deployment`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ action }),
      });
      const { error = null } = (await response.json()) as { error?: string };
      return error;
    },
    async seen() {
      const { Version } = await get(`${FUNCTION}/configuration?Qualifier=live`);
      const { Status = null, error } = await get(PROVISIONED);
      return [Version, Status ?? error];
    },
    /** Whether a new client is answered before its patience ends. */
    async answers() {
      const headers = {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        connection: "close",
      };
      const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
      const signal = AbortSignal.timeout(400);
      return await fetch(server.url, { method: "POST", headers, body, signal }).then(
        () => true,
        () => false,
      );
    },
  };
}

const NONE = "ProvisionedConcurrencyConfigNotFoundException";

describe("a deployment", () => {
  it.each([
    [0, ["2", NONE]],
    [8, ["2", NONE]],
    [9, ["2", "IN_PROGRESS"]],
    [44, ["2", "IN_PROGRESS"]],
    [45, ["2", "READY"]],
  ])("%d s after it began, Lambda says as it was seen to", async (second, expected) => {
    const { at, act, seen } = await playing();
    expect(await seen()).toEqual(["1", "READY"]);
    await act("start");
    at(second);
    expect(await seen()).toEqual(expected);
  });

  it("stays open while it is held, for as long as that is, and is over when it is released", async () => {
    const { at, act, seen } = await playing();
    expect(await act("hold")).toBeNull();
    at(36_000);
    expect(await seen()).toEqual(["2", "IN_PROGRESS"]);
    expect(await act("release")).toBeNull();
    expect(await seen()).toEqual(["2", "READY"]);
    expect(await act("release")).toBe("no deployment is held");
  });

  it("goes on alone", async () => {
    const { at, act, seen } = await playing();
    await act("start");
    expect(await act("start")).toBe("a deployment goes on already; it ends by itself");
    at(45);
    expect(await act("hold")).toBeNull();
    expect(await act("start")).toBe("a deployment is held already; --release lets it end");
    expect(await seen()).toEqual(["3", NONE]);
  });

  it("keeps a new client's first request waiting, and nobody once it is over", async () => {
    const { at, act, answers } = await playing();
    expect(await answers()).toBe(true);
    await act("start");
    expect(await answers()).toBe(false);
    at(45);
    expect(await answers()).toBe(true);
  });

  it("lets the request go on when its environment is there", async () => {
    const { act, answers } = await playing({ coldMs: 10 });
    await act("start");
    expect(await answers()).toBe(true);
  });
});

describe("what is not there", () => {
  const GONE = { status: 404, error: "ResourceNotFoundException" };

  it.each([
    ["another function", "/lambda/2015-03-31/functions/orders/configuration"],
    ["another alias's configuration", `${FUNCTION}/configuration?Qualifier=beta`],
    ["another alias", `${FUNCTION}/aliases/beta`],
    ["another call", `${FUNCTION}/code-signing-config`],
    ["provisioned concurrency of another function", PROVISIONED.replace("vigil-demo", "orders")],
  ])("%s is refused as Lambda refuses it", async (_name, path) => {
    const { get } = await playing();
    expect(await get(path)).toMatchObject(GONE);
  });

  it("a version has no provisioned concurrency of its own", async () => {
    const { get } = await playing();
    const error = NONE;
    expect(await get(PROVISIONED.replace("live", "1"))).toMatchObject({ status: 404, error });
  });

  it("nothing of it is there on Lambda", async () => {
    const { origin } = await start({ inLambda: true });
    const statuses = ["/admin/deployment", `${FUNCTION}/configuration`].map(async (path) => {
      const { status } = await fetch(`${origin}${path}`);
      return status;
    });
    expect(await Promise.all(statuses)).toEqual([404, 404]);
  });

  it("an action of another name is refused", async () => {
    const { act } = await playing();
    const text = 'there is no action "stop"; use start, hold or release';
    expect(await act("stop")).toBe(text);
    expect(await act(undefined)).toBe("there is no action nothing; use start, hold or release");
  });
});

describe("demo:deploy", () => {
  async function told(...args: string[]) {
    const { code, stdout, stderr } = await run("deploy", args).ended;
    return [code, stdout + stderr];
  }

  it("plays one, says how long it lasts, and plays no second one meanwhile", async () => {
    const { origin, at } = await playing();
    const { port } = new URL(origin);
    const of = (...args: string[]) => told(...args, "--port", port);
    const open =
      "Alias live of vigil-demo is at version 2 without ready provisioned concurrency, for 45 s from the move to this version on: whoever comes anew waits 60 s for a cold environment.\n";
    expect(await of()).toEqual([0, open]);
    const again = "demo:deploy: a deployment goes on already; it ends by itself\n";
    expect(await of("--hold")).toEqual([2, again]);
    at(45);
    const ready =
      "Alias live of vigil-demo is at version 2, and its provisioned concurrency is ready.\n";
    expect(await of("--status")).toEqual([0, ready]);
    const held = open
      .replace("version 2", "version 3")
      .replace(/for 45 s .* on:/u, "until you say --release:");
    expect(await of("--hold")).toEqual([0, held]);
    expect(await of("--release")).toEqual([0, ready.replace("version 2", "version 3")]);
  });

  it.each([
    [["--port", "0"], "--port 0: use a number from 1 to 65535"],
    [["--hold", "--release"], "give one of --hold, --release and --status"],
  ])("refuses %j", async (args, problem) => {
    expect(await told(...args)).toEqual([2, `demo:deploy: ${problem}\n`]);
  });

  it("shows how it is used", async () => {
    const [code, help] = await told("--help");
    expect([code, help]).toEqual([0, expect.stringContaining("npm run demo:deploy -- --hold ")]);
    const [wrong, usage] = await told("--hodl");
    expect([wrong, usage]).toEqual([2, expect.stringContaining("--release")]);
  });
});
