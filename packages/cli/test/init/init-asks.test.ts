import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type RunningServer, soundLegacy, startServer } from "@vigil/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runInit } from "../../src/commands/init.ts";
import type { InitFlags } from "../../src/flags.ts";
import { createAsker } from "../../src/init/ask.ts";
import { createFakeIo } from "../fake-io.ts";
import { inFolder } from "../vigil.ts";
import { withPing } from "./with-ping.ts";

const ENTER = "\r";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const BACKSPACE = "\u007F";

/** Each question, in the order asked, by a part of it; and what is typed. */
type Dialogue = readonly (readonly [question: string, typed: string])[];

/** A terminal at which somebody types once a question is there. */
function typist(dialogue: Dialogue) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const left = [...dialogue];
  let seen = "";
  output.on("data", (chunk: Buffer) => {
    seen += chunk.toString("utf8");
    const [question, typed] = left[0] ?? [];
    if (question !== undefined && typed !== undefined && seen.includes(question)) {
      left.shift();
      seen = "";
      setImmediate(() => input.write(typed));
    }
  });
  return { open: () => createAsker({ input, output }), left };
}

interface Asked {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Questions that were not put. */
  readonly left: Dialogue;
}

async function init(cwd: string, flags: InitFlags, dialogue: Dialogue): Promise<Asked> {
  const { open, left } = typist(dialogue);
  const { io, written } = createFakeIo({ cwd });
  const code = await runInit(flags, { io, version: "1.2.3", openAsker: open });
  const of = (stream: string) =>
    written
      .flatMap((text) => (text.startsWith(stream) ? [text.slice(stream.length)] : []))
      .join("");
  return { code, out: of("out:"), err: of("err:"), left };
}

let server: RunningServer;
let called: readonly unknown[];
beforeEach(async () => {
  const ping = withPing();
  called = ping.called;
  server = await startServer(ping.script);
});
afterEach(() => server.close());

const config = (cwd: string) => readFile(join(cwd, "vigil.config.ts"), "utf8");
const ASK = "Ask 1 address whether MCP is spoken there?";
const WATCH = "Watch http://127.0.0.1:";
const CALL = "Call the read-only tool ping of orders now, and in each run?";
const FROM = "Region to probe from";
const PAGE = "Address to page";
/** Clears a proposal that is not in the line, and types over it. */
const NAMED: Dialogue = [
  [ASK, ENTER],
  [WATCH, `orders${ENTER}`],
];

describe("vigil init, asked", () => {
  it("takes what is proposed, or what is typed", async () => {
    await inFolder(async (cwd) => {
      const dialogue: Dialogue = [
        ...NAMED,
        [CALL, ENTER],
        [FROM, `eu-wset-1${ENTER}`],
        ["Write an AWS region such as eu-west-1, or local.", `eu-west-1${ENTER}`],
        [PAGE, `nobody${ENTER}`],
        ["Write one address", `oncallx${BACKSPACE}@example.com${ENTER}`],
      ];
      const { code, left } = await init(cwd, { url: [server.url] }, dialogue);
      expect({ code, left }).toEqual({ code: 0, left: [] });
      const text = await config(cwd);
      expect(text).toContain('vantages: ["eu-west-1"]');
      expect(text).toContain('paging: { email: ["oncall@example.com"] }');
      expect(text).toContain('name: "orders"');
      expect(text).toContain('sentinels: [{ tool: "ping" }]');
      expect(called).toEqual(["ping"]);
    });
  });

  it("calls nothing that it may not", async () => {
    await inFolder(async (cwd) => {
      const dialogue: Dialogue = [...NAMED, [CALL, `n${ENTER}`], [FROM, ENTER], [PAGE, ENTER]];
      const { code, left } = await init(cwd, { url: [server.url] }, dialogue);
      expect({ code, left }).toEqual({ code: 0, left: [] });
      expect(await config(cwd)).not.toContain("sentinels");
      expect(called).toEqual([]);
    });
  });

  it("sends nothing when it may not", async () => {
    await inFolder(async (cwd) => {
      const { code, err } = await init(cwd, { url: [server.url] }, [[ASK, `no${ENTER}`]]);
      expect({ code, err }).toEqual({
        code: 2,
        err: "vigil: Nothing was asked, so there is nothing to write.\n",
      });
      expect(server.requests).toEqual([]);
    });
  });

  it("wants names that a config takes, and each once", async () => {
    const other = await startServer(soundLegacy());
    await inFolder(async (cwd) => {
      const dialogue: Dialogue = [
        ["Ask 2 addresses", `perhaps${ENTER}`],
        ["Write y or n.", ENTER],
        [WATCH, `My Server${ENTER}`],
        ["Write 1 to 64 small letters", `orders${ENTER}`],
        [CALL, `n${ENTER}`],
        [WATCH, `orders${ENTER}`],
        ["orders is the name of another one already.", `-${ENTER}`],
        [FROM, ENTER],
        [PAGE, ENTER],
      ];
      const { code, left } = await init(cwd, { url: [server.url, other.url] }, dialogue);
      expect({ code, left }).toEqual({ code: 0, left: [] });
      expect((await config(cwd)).match(/name: /gu)).toHaveLength(1);
    });
    await other.close();
  });

  it("replaces a config only if it may", async () => {
    await inFolder(async (cwd) => {
      await writeFile(join(cwd, "vigil.config.ts"), "mine");
      const there = "There is vigil.config.ts already. Replace it in the end?";
      const kept = await init(cwd, { url: [server.url] }, [[there, ENTER]]);
      expect({ code: kept.code, err: kept.err }).toEqual({
        code: 2,
        err: "vigil: vigil.config.ts stays as it is. --out PATH writes elsewhere.\n",
      });
      expect(await config(cwd)).toBe("mine");
      const dialogue: Dialogue = [
        [there, `y${ENTER}`],
        ...NAMED,
        [CALL, ENTER],
        [FROM, ENTER],
        [PAGE, ENTER],
      ];
      expect((await init(cwd, { url: [server.url] }, dialogue)).code).toBe(0);
      expect(await config(cwd)).toContain('name: "orders"');
    });
  });

  it.each([
    ["Ctrl-C", CTRL_C],
    ["Ctrl-D", CTRL_D],
  ])("writes nothing after %s, wherever it comes", async (_, key) => {
    const whole: Dialogue = [...NAMED, [CALL, ENTER], [FROM, ENTER], [PAGE, ENTER]];
    await inFolder(async (cwd) => {
      for (const [n, [question]] of whole.entries()) {
        const dialogue: Dialogue = [...whole.slice(0, n), [question, key]];
        const { code, err } = await init(cwd, { url: [server.url] }, dialogue);
        expect({ code, err }).toEqual({ code: 2, err: "vigil: Stopped. Nothing was written.\n" });
      }
      expect(await readdir(cwd)).toEqual([]);
    });
  });
});
