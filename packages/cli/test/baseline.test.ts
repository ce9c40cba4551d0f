import type { History } from "@vigil/aws";
import { acceptTools, type KeptTool, type ToolLists, toolsToKeep } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { runBaselineAccept, runBaselineShow } from "../src/commands/baseline.ts";
import { useHistoryFolder } from "./history-folder.ts";
import { DOWN, UP } from "./records.ts";

const S = { type: "string" };

function tool(name: string, properties: object = {}, required: readonly string[] = []): KeptTool {
  return { name, inputSchema: { type: "object", properties, required } };
}

function list(toolsHash: string, tools: readonly KeptTool[]) {
  return { toolsHash, toolCount: tools.length, tools };
}

const QUERY = tool("query_table", { table: S, x: {} });
const FIRST: ToolLists = { legacy: list("sha256:aa", [QUERY, tool("list_tables")]) };
const NEXT: ToolLists = {
  legacy: list("sha256:bb", [
    tool("query_table", { table: S, region: S, limit: S, x: { not: S } }, ["region"]),
    tool("\u001b[31mwipe\u202e\n"),
  ]),
};

const at = (minute: number) => `2026-11-22T08:${String(minute).padStart(2, "0")}:00.000Z`;

/** Runs that listed tools, as a watch keeps them: the first one's are the baseline. */
function listing(target: string, all: readonly ToolLists[]) {
  return {
    records: [{ ...UP, target, scheduledAt: at(0), startedAt: at(0) }],
    async also(history: History) {
      for (const [minute, lists] of all.entries()) {
        const [baseline, latest] = [
          await history.getBaseline(target),
          await history.getTools(target),
        ];
        const record = { ...UP, target, scheduledAt: at(minute) };
        const keep = toolsToKeep({ record, lists, baseline, latest });
        if (keep.latest !== null) await history.putTools(target, keep.latest);
        if (keep.baseline !== null) {
          await history.putBaseline({ target, baseline: keep.baseline, when: "absent" });
        }
      }
    },
  };
}

const MODERN: ToolLists = { ...FIRST, modern: list("sha256:cc", [QUERY]) };
const BOTH: ToolLists = { ...NEXT, modern: list("sha256:dd", []) };

const folder = useHistoryFolder([
  listing("orders", [FIRST, NEXT]),
  listing("accepts", [FIRST, NEXT]),
  listing("twice", [MODERN, BOTH]),
  listing("steady", [FIRST]),
  listing("many", [
    {
      legacy: list(
        "sha256:ee",
        [..."abcdefghijklmnopqrstuvwxyz"].map((n) => tool(n)),
      ),
    },
  ]),
  listing("silent", []),
  {
    ...listing("flawed", []),
    also: async (history: History) => {
      await history.putTools("flawed", { at: at(3), lists: FIRST });
    },
  },
  {
    ...listing("accepted", []),
    also: async (history: History) => {
      const first = acceptTools({ at: at(1), lists: FIRST }, null, at(5));
      const baseline = acceptTools({ at: at(1), lists: FIRST }, first, at(9));
      await history.putBaseline({ target: "accepted", baseline, when: "always" });
      await history.putTools("accepted", { at: at(1), lists: FIRST });
    },
  },
  { records: [{ ...DOWN, target: "down", scheduledAt: at(0), startedAt: at(0) }] },
]);

const show = (target: string, flags: object = {}) =>
  folder.call((context) => runBaselineShow(target, { data: ".vigil", ...flags }, context));
const accept = (target: string, flags: object = {}) =>
  folder.call((context) => runBaselineAccept(target, { data: ".vigil", ...flags }, context));

const CHANGES = `\
callers      tool         change
▲ break      list_tables  was removed
▲ break      query_table  the new property "region" is required
▲ may break  query_table  "x" changed, and whether it takes what it took is not clear (\`not\`)
✔ go on      query_table  the optional property "limit" was added
✔ go on      wipe         was added
`;

describe("vigil baseline show", () => {
  it("says what was accepted and what differs, what breaks callers first", async () => {
    expect(await show("orders")).toEqual({
      code: 0,
      stderr: "",
      stdout: `\
orders
  accepted  2026-11-22 08:00:00 +00:00, with the first good run
  tools     2: list_tables, query_table
  hash      sha256:aa

  now       since 2026-11-22 08:01:00 +00:00: 5 changes, 3 breaking callers

${CHANGES}
vigil baseline accept orders takes what it lists now as the new baseline.
`,
    });
  });

  it("tells eras apart where there are two", async () => {
    const { stdout } = await show("twice");
    expect(stdout).toContain("  tools     2 (legacy era): list_tables, query_table\n");
    expect(stdout).toContain("  tools     1 (modern era): query_table\n");
    expect(stdout).toContain("▲ break      legacy  list_tables  was removed\n");
    expect(stdout).toContain("▲ break      modern  query_table  was removed\n");
  });

  it("says so when nothing differs", async () => {
    expect((await show("steady")).stdout).toBe(`\
steady
  accepted  2026-11-22 08:00:00 +00:00, with the first good run
  tools     2: list_tables, query_table
  hash      sha256:aa

The tools that were listed last are the accepted ones.
`);
  });

  it("tells how and when it was accepted, and when the one before", async () => {
    expect((await show("accepted")).stdout).toContain(
      "  accepted  2026-11-22 08:09:00 +00:00, with vigil baseline accept; the one before 2026-11-22 08:05:00 +00:00\n",
    );
  });

  it("counts what would fill the screen", async () => {
    expect((await show("many")).stdout).toContain(", s, t and 6 more\n");
  });

  it.each([
    [
      "flawed",
      `\
flawed has no baseline yet: the first good run sets it.

  now       since 2026-11-22 08:03:00 +00:00
  tools     2: list_tables, query_table
  hash      sha256:aa
`,
    ],
    [
      "silent",
      `\
silent has no baseline yet: the first good run sets it.

No run has come to the end of its tools' list.
`,
    ],
  ])("without a baseline says what there is: %s", async (target, stdout) => {
    expect(await show(target)).toEqual({ code: 0, stderr: "", stdout });
  });

  it("--json has the same, for programs", async () => {
    const { stdout } = await show("orders", { json: true });
    const json = JSON.parse(stdout);
    expect(json).toMatchObject({
      target: "orders",
      baseline: {
        acceptedAt: at(0),
        acceptedBy: "first-good-run",
        previousAcceptedAt: null,
        lists: {
          legacy: { toolsHash: "sha256:aa", toolCount: 2, tools: ["list_tables", "query_table"] },
        },
      },
      latest: { since: at(1), lists: { legacy: { toolsHash: "sha256:bb", toolCount: 2 } } },
      breaking: true,
    });
    expect(json.changes).toHaveLength(5);
    expect(json.changes[1]).toEqual({
      era: "legacy",
      tool: "query_table",
      change: "changed",
      path: "region",
      breaking: true,
      unclear: false,
      text: 'the new property "region" is required',
    });
    expect(stdout.endsWith("}\n")).toBe(true);
  });
});

describe("vigil baseline accept", () => {
  it("says what it takes, takes it once, and keeps when the one before was accepted", async () => {
    expect(await accept("accepts")).toEqual({
      code: 0,
      stderr: "",
      stdout: `\
${CHANGES}
Accepted: accepts with 2 tools. From its next run on it is held against these.
`,
    });
    expect((await show("accepts")).stdout).toMatch(
      /^accepts\n {2}accepted {2}2026-11-22 12:30:00 \+00:00, with vigil baseline accept; the one before 2026-11-22 08:00:00 \+00:00\n/u,
    );
    expect(await accept("accepts")).toEqual({
      code: 0,
      stderr: "",
      stdout: "Nothing to accept: the tools that accepts listed last are the accepted ones.\n",
    });
  });

  it("sets the first baseline of a target that was never well, too", async () => {
    expect(await accept("flawed", { json: true })).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await accept("flawed", { json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      target: "flawed",
      accepted: false,
      baseline: { acceptedBy: "operator", previousAcceptedAt: null },
    });
  });

  it("takes both eras' tools", async () => {
    const { stdout } = await accept("twice");
    expect(stdout).toContain("Accepted: twice with 2 tools and 0 tools.");
  });

  it.each([
    [
      "silent",
      "vigil: No run of silent has listed its tools yet, so there is nothing to accept. Its runs say why: vigil history silent.\n",
    ],
    [
      "down",
      "vigil: No run of down has listed its tools yet, so there is nothing to accept. Its runs say why: vigil history down.\n",
    ],
    ["nope", /^vigil: There is no history of "nope"\. Known targets: accepted, accepts, down, /u],
  ])("refuses what never ran or never listed: %s, exit 2", async (target, stderr) => {
    const told = await accept(target);
    expect({ ...told, stderr: "" }).toEqual({ code: 2, stdout: "", stderr: "" });
    expect(told.stderr).toMatch(stderr);
  });
});
