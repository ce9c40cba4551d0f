import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { blocksOf, DOCUMENTS } from "./documents.ts";
import { faultOf } from "./known-commands.ts";
import { commandsIn, commandsOf } from "./shell.ts";

/** What begins like a command and is none: a word of npm's own output. */
const NO_COMMANDS = ["npm warn EBADENGINE"];

const BLOCKS = DOCUMENTS.flatMap(blocksOf);
/** Of every other language nobody has said yet how it is held to the truth. */
const LANGUAGES = ["", "sh", "ts", "js", "json", "yaml", "nginx", "markdown"];

describe("a command of a document", () => {
  const commands = DOCUMENTS.flatMap(commandsOf).filter(({ text }) => !NO_COMMANDS.includes(text));

  it("is found in blocks, in pipelines and in running text", () => {
    expect(commands.length).toBeGreaterThan(200);
    expect(commands.filter(({ isProse }) => !isProse).length).toBeGreaterThan(60);
  });

  const once = new Map(commands.map((one) => [`${one.isProse} ${one.text}`, one]));

  it.each([...once.values()])("of $path can be run: $text", async (command) => {
    expect(await faultOf(command)).toBeNull();
  });
});

describe("a block of a document", () => {
  it("is in a language that is held to the truth", () => {
    const others = BLOCKS.filter(({ language }) => !LANGUAGES.includes(language));
    expect(others).toEqual([]);
  });

  it("says sh when it begins with a command", () => {
    const unnamed = BLOCKS.filter(
      ({ language, text }) => language === "" && /^(?:npx|npm|vigil) (?!.*·)/.test(text),
    );
    expect(unnamed).toEqual([]);
  });

  it.each(BLOCKS.filter(({ language }) => language === "json"))(
    "of JSON in $path can be read",
    ({ text }) => {
      expect(() => JSON.parse(text)).not.toThrow();
    },
  );

  it.each(BLOCKS.filter(({ language }) => language === "yaml"))(
    "of YAML in $path can be read",
    ({ text }) => {
      expect(parse(text)).toBeTypeOf("object");
    },
  );
});

describe("what would not run", () => {
  it.each([
    ["vigil check orders --no-such", "out:"],
    ["vigil no-such-command", ""],
    ["npx vigil slo all extra", ""],
    ["vigil report --stage production", ""],
    ["vigil watch --interval soon", ""],
    ["npm run no-such-script", "package.json has no script no-such-script"],
    ["npm start -- --no-such", ""],
    ["npm run demo:break -- no-such-fault", "no no-such-fault"],
    ["npm run demo:deploy -- --no-such", ""],
    ["npm run bench -- --only bundle,bundel", "no bundel"],
    ["npm install", "npm install"],
    ["npx sst deploy --stagee production", "takes no --stagee"],
    ["npx no-such-tool", ""],
    ["aws lambda no-such --region x", "no command that is known here"],
    ["aws logs tail x --sinse 10m", "takes no --sinse"],
    ["npx vitest run packages/no-such", "no file packages/no-such"],
    ["curl http://127.0.0.1:7330/no-such", "the status page has no /no-such"],
    ["make all", "a program that is not known here"],
  ])("is found out: %s", async (text) => {
    const [command] = commandsIn(text);
    expect(await faultOf({ words: command?.words ?? [], isProse: false })).toEqual(
      expect.any(String),
    );
  });

  it.each([
    ["a b # c", [["a", "b"]]],
    ["A=… B=2 c 'd e' \"f # g\"", [["c", "d e", "f # g"]]],
    ["a && b | c; d", [["a"], ["b"], ["c"], ["d"]]],
    ["a \\\n  --b", [["a", "--b"]]],
    ["vigil slo <target|all> --json", [["vigil", "slo", "<target|all>", "--json"]]],
    ["# a", []],
  ])("is read as a shell reads it: %j", (script, words) => {
    expect(commandsIn(script).map((one) => one.words)).toEqual(words);
  });
});
