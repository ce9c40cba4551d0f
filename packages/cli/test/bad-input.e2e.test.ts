import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

const URL = "http://127.0.0.1:1/mcp";
const ENDPOINT =
  'Write the MCP endpoint\'s whole address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".';
const CHECK_HELP = "vigil check --help shows what it takes.";

const ROWS: readonly (readonly [name: string, args: readonly string[], stderr: string])[] = [
  [
    "no URL at all",
    ["check", "a.example/mcp"],
    `vigil: a.example/mcp is no whole URL: it begins with neither https:// nor http://. ${ENDPOINT}`,
  ],
  [
    "a URL without its scheme, on this machine",
    ["check", "localhost:3000/mcp?key=abc"],
    "vigil: localhost:3000/mcp is no whole URL: it begins with neither https:// nor http://. Write http://localhost:3000/mcp",
  ],
  [
    "a scheme that is not http",
    ["check", "ftp://a.example/mcp"],
    'vigil: ftp://a.example/mcp has a scheme that is neither http nor https. Write the MCP endpoint\'s address, for example "https://abc.lambda-url.us-east-1.on.aws/mcp".',
  ],
  [
    "plain http to another machine",
    ["check", "http://a.example/mcp"],
    "vigil: http://a.example/mcp is plain http, which anyone on the way can read. Write https://. Plain http is for this machine alone: localhost, 127.0.0.1 or [::1].",
  ],
  [
    "two bad URLs: both are told",
    ["check", "x.example", URL, "y.example"],
    `vigil: x.example is no whole URL: it begins with neither https:// nor http://. ${ENDPOINT}\ny.example is no whole URL: it begins with neither https:// nor http://. ${ENDPOINT}`,
  ],
  [
    "a name without a config",
    ["check", "orders"],
    "vigil: orders is no URL, and there is no vigil.config.ts here to name it. Write the whole URL (https://…/mcp), or --config PATH.",
  ],
  [
    "nothing to check",
    ["check"],
    "vigil: Nothing to check. Name a URL (vigil check http://localhost:3000/mcp), or write a vigil.config.ts.",
  ],
  [
    "a folder and a deployment at once",
    ["history", "orders", "--data", ".", "--stage", "production"],
    "vigil: option '--data <folder>' cannot be used with option '--stage <name>'\nvigil history --help shows what it takes.",
  ],
  [
    "an unknown flag",
    ["check", URL, "--jsn"],
    `vigil: unknown option '--jsn'\n(Did you mean --json?)\n${CHECK_HELP}`,
  ],
  [
    "an unknown command",
    ["chek", URL],
    "vigil: unknown command 'chek'\n(Did you mean check?)\nvigil --help shows the commands.",
  ],
  [
    "--args that is no JSON",
    ["check", URL, "--tool", "echo", "--args", "{"],
    "vigil: --args is no JSON: Expected property name or '}' in JSON at position 1. Quote it for the shell: --args '{\"message\":\"hi\"}'",
  ],
  [
    "--args that is no object",
    ["check", URL, "--tool", "echo", "--args", "[1]"],
    'vigil: --args must be a JSON object, the tool\'s arguments by name. Quote it for the shell: --args \'{"message":"hi"}\'',
  ],
  [
    "--args without --tool",
    ["check", URL, "--args", "{}"],
    "vigil: --args needs the tool that it is for: --tool NAME.",
  ],
  [
    "--contains without --tool",
    ["check", URL, "--contains", "ok"],
    "vigil: --contains needs the tool that it is for: --tool NAME.",
  ],
  [
    "a header that the probe sets itself",
    ["check", URL, "--header", "Content-Type: text/plain"],
    "vigil: --header Content-Type is a header that the probe sets itself. Remove it.",
  ],
  [
    "the same header twice",
    ["check", URL, "--header", "X-Key: a", "--header", "x-key: b"],
    "vigil: --header x-key is given twice. Keep one of them.",
  ],
  [
    "several flags wrong at once: all are told",
    ["check", URL, "--contains", "ok", "--header", "X-Key: env:NOT_SET"],
    "vigil: --contains needs the tool that it is for: --tool NAME.\n--header X-Key takes its value from the environment variable NOT_SET, which is not set. Set it, for example: export NOT_SET=…",
  ],
  [
    "an era that is none",
    ["check", URL, "--era", "old"],
    `vigil: option '--era <era>' argument 'old' is invalid. Allowed choices are auto, legacy, modern, both.\n${CHECK_HELP}`,
  ],
  [
    "a time-out that is no number",
    ["check", URL, "--client-timeout", "10s"],
    `vigil: option '--client-timeout <ms>' argument '10s' is invalid. Write milliseconds, a whole number from 1 to 59998.\n${CHECK_HELP}`,
  ],
  [
    "an interval without a unit",
    ["watch", "--interval", "60"],
    "vigil: option '--interval <duration>' argument '60' is invalid. Write a duration from 1s to 24h, such as 60s or 5m.\nvigil watch --help shows what it takes.",
  ],
  [
    "no target for history",
    ["history"],
    "vigil: missing required argument 'target'\nvigil history --help shows what it takes.",
  ],
  [
    "an objective that leaves no budget",
    ["slo", "orders", "--slo", "100"],
    "vigil: option '--slo <percent>' argument '100' is invalid. Write a percentage from 50 to 99.999, such as 99.9.\nvigil slo --help shows what it takes.",
  ],
  [
    "incidents since a time to come",
    ["incidents", "orders", "--since", "2999-01-01"],
    'vigil: --since "2999-01-01" has yet to come: no run can be later. Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).',
  ],
  [
    "history since before runs are kept",
    ["history", "orders", "--since", "100d", "--by", "run"],
    'vigil: --since "100d" is longer ago than runs are kept (90 days). Write --since 90d or later, or --by hour or --by day, which are kept for 396 days.',
  ],
  [
    "history by what is none",
    ["history", "orders", "--by", "week"],
    "vigil: option '--by <what>' argument 'week' is invalid. Allowed choices are run, hour, day.\nvigil history --help shows what it takes.",
  ],
  [
    "a time that is none",
    ["history", "orders", "--since", "yesterday"],
    'vigil: --since "yesterday" is no time. Write how long ago (30m, 24h, 7d) or an ISO time (2026-11-22T08:00Z).',
  ],
];

describe("bad input: one message that says what to do, exit 2, nothing made", () => {
  it.each(ROWS)("%s", async (_name, args, stderr) => {
    await inFolder(async (dir) => {
      const finished = await vigil(args, { cwd: dir });
      expect(finished).toEqual({ code: 2, stdout: "", stderr: `${stderr}\n` });
      expect(await readdir(dir)).toEqual([]);
    });
  });

  it.each([
    [
      "ends the process",
      "process.exit(0);",
      "vigil.config.ts ended the process while it was loaded.",
    ],
    [
      "throws from a getter",
      "export default { get targets() { throw new Error('no'); } };",
      "vigil.config.ts throws while it is read. Write plain values, not getters.",
    ],
  ])("a config that %s", async (_name, source, message) => {
    await inFolder(async (dir) => {
      await writeFile(join(dir, "vigil.config.ts"), source);
      const finished = await vigil(["check", "orders"], { cwd: dir });
      expect(finished).toEqual({ code: 2, stdout: "", stderr: `vigil: ${message}\n` });
    });
  });

  it.each(["check", "watch"])("%s with a config that is not there", async (command) => {
    await inFolder(async (dir) => {
      const finished = await vigil([command, "--config", "vigil.ts"], { cwd: dir });
      const stderr = `vigil: There is no config at ${dir}/vigil.ts. Check --config, or create the file.\n`;
      expect(finished).toEqual({ code: 2, stdout: "", stderr });
      expect(await readdir(dir)).toEqual([]);
    });
  });

  it("history of a folder without any", async () => {
    await inFolder(async (dir) => {
      const finished = await vigil(["history", "orders", "--data", "."], { cwd: dir });
      const stderr = `vigil: There is no history in ${dir}. Run vigil watch first, or name its folder with --data.\n`;
      expect(finished).toEqual({ code: 2, stdout: "", stderr });
      expect(await readdir(dir)).toEqual([]);
    });
  });
});

describe("a bad config", () => {
  async function withConfig(source: string): Promise<{ code: number | null; stderr: string }> {
    return inFolder(async (dir) => {
      await writeFile(join(dir, "vigil.config.ts"), source);
      const { code, stdout, stderr } = await vigil(["watch"], { cwd: dir });
      expect(stdout).toBe("");
      expect(await readdir(dir)).toEqual(["vigil.config.ts"]);
      return { code, stderr };
    });
  }

  it("with five mistakes tells all five, each with its place and what to write", async () => {
    const { code, stderr } = await withConfig(`export default { targets: [
      { name: "Orders", url: "http://a.example/mcp", era: "old", slowMs: -1 },
      { name: "billing", url: "https://b.example/mcp", sentinals: [] },
    ] };`);
    expect(code).toBe(2);
    const [first, ...rest] = stderr.trimEnd().split("\n");
    expect(first).toBe("vigil: vigil.config.ts has 5 mistakes:");
    const places = rest.filter((line) => !line.startsWith("  ")).map((line) => line.split(": ")[0]);
    expect(places.toSorted()).toEqual([
      "targets[0].era",
      "targets[0].name",
      "targets[0].slowMs",
      "targets[0].url",
      "targets[1].sentinals",
    ]);
    expect(rest).toHaveLength(10);
    expect(rest).toContain("  Did you mean sentinels? Otherwise remove it.");
  });

  it("that does not parse is told with its line", async () => {
    const { code, stderr } = await withConfig("export default {\n  targets: [,,\n");
    expect(code).toBe(2);
    expect(stderr).toBe(
      "vigil: vigil.config.ts cannot be loaded: ParseError: Unexpected token vigil.config.ts:3:0\n",
    );
  });

  it("that throws is told", async () => {
    const { code, stderr } = await withConfig(
      'import { secret } from "@vigil/core";\n\nexport default secrets("env:TOKEN");\nsecret;',
    );
    expect(stderr).toBe(
      "vigil: vigil.config.ts cannot be loaded: ReferenceError: secrets is not defined\n",
    );
    expect(code).toBe(2);
  });

  it("that imports what is not there says so, without a stack", async () => {
    const { code, stderr } = await withConfig(
      'import { x } from "./nowhere.ts";\nexport default { targets: [x] };',
    );
    expect(stderr).toBe(
      "vigil: vigil.config.ts cannot be loaded: Cannot find module './nowhere.ts'\n",
    );
    expect(code).toBe(2);
  });

  it("without a default export says what to write", async () => {
    const { code, stderr } = await withConfig("export const targets = [];");
    expect(stderr).toBe(
      "vigil: vigil.config.ts has no default export. Write: export default defineConfig({ targets: [ … ] });\n",
    );
    expect(code).toBe(2);
  });
});

it("VIGIL_DEBUG=1 adds the stack", async () => {
  const args = ["check", URL, "--tool", "echo", "--args", "{"];
  const { stderr } = await vigil(args, { env: { VIGIL_DEBUG: "1" } });
  expect(stderr).toMatch(/^vigil: --args is no JSON: .*\nSyntaxError: .*\n {4}at /u);
});

it("a server that cannot be reached is no bad input: it is down, exit 1", async () => {
  const { code, stdout, stderr } = await vigil(["check", URL, "--no-confirm"]);
  expect(stdout).toContain("✖ connect-refused at connect");
  expect([code, stderr]).toEqual([1, ""]);
});
