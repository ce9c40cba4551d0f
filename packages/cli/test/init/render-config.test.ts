import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseConfig, type TargetInput, type VigilConfigInput } from "@vigil/core";
import { expect, it } from "vitest";
import { renderConfig } from "../../src/init/render-config.ts";
import { loadModule } from "../../src/load-config.ts";
import { inFolder } from "../vigil.ts";

const PLAIN: VigilConfigInput = {
  vantages: ["us-east-2"],
  targets: [
    {
      name: "orders",
      url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
      lambda: { functionName: "Orders", qualifier: "live" },
      auth: { type: "sigv4" },
      sentinels: [{ tool: "ping" }],
    },
    { name: "stock", url: "https://stock.example/mcp" },
  ],
};

it("reads as if it were written by hand", () => {
  expect(renderConfig({ config: PLAIN, remarks: ["https://a.example wants credentials"] })).toBe(
    `import { defineConfig, sigv4 } from "@vigil/core";

export default defineConfig({
  vantages: ["us-east-2"],
  // https://a.example wants credentials
  targets: [
    {
      name: "orders",
      url: "https://abc.lambda-url.us-east-1.on.aws/mcp",
      lambda: { functionName: "Orders", qualifier: "live" },
      auth: sigv4(),
      sentinels: [{ tool: "ping" }],
    },
    {
      name: "stock",
      url: "https://stock.example/mcp",
    },
  ],
});
`,
  );
});

/** What a server may call its tools, or expect of their arguments. */
const HOSTILE = [
  '"; process.exit(0); "',
  `${"`"}$\{process.exit(0)}${"`"}`,
  "</script>*/ //",
  "\\",
  "\u2028process.exit(0)\u2029",
  "\u202Eevil\u2066",
  "\u{E0041}\u{1F600}\uD800",
  "constructor",
];

function hostileTarget(words: string, n: number): TargetInput {
  return {
    name: `orders-${n}`,
    url: `https://a.example/${encodeURIComponent(words.replace("\uD800", ""))}`,
    region: "us-east-1",
    auth: { type: "sigv4", service: "lambda" },
    sentinels: [
      {
        tool: `tool ${words}`,
        arguments: {
          [words]: [words, { auth: words, deep: [words.repeat(40)] }],
          auth: { type: words },
          n: -1.5e21,
          no: null,
        },
      },
    ],
  };
}

it("says what servers said, and nothing that they do", async () => {
  const config = { vantages: ["local"], targets: HOSTILE.map(hostileTarget) };
  const remarks = HOSTILE.map((words) => `${words}\nexport default 1;`);
  const text = renderConfig({ config, remarks });
  expect(text.match(/[^\P{C}\n]/gu)).toBeNull();
  await inFolder(async (cwd) => {
    const path = join(cwd, "vigil.config.ts");
    writeFileSync(path, text);
    const loaded = await loadModule(cwd, path);
    if (!loaded.ok) expect.fail(loaded.complaint.message);
    expect(loaded.value.value).toEqual(config);
    expect(parseConfig(loaded.value.value)).toMatchObject({ ok: true });
  });
});
