import { parse } from "yaml";
import { blocksOf, type Document, proseOf } from "./documents.ts";

/** One command of a document, in the words that a shell would make of it. */
export interface Command {
  readonly path: string;
  /** As it stands there. */
  readonly text: string;
  readonly words: readonly string[];
  /** In running text a command may be no more than named: `vigil ack`. */
  readonly isProse: boolean;
}

/** Programs by whose names prose is known to be a command. */
const PROGRAMS = /^(?:npx|npm|vigil|sst|sam|cdk|aws|curl|git|node|bash) /;

/** Each command of a document: in shell blocks, in steps of pipelines, in running text. */
export function commandsOf(document: Document): readonly Command[] {
  const { path } = document;
  const blocks = blocksOf(document);
  const shell = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  const steps = blocks
    .filter(({ language }) => language === "yaml")
    .flatMap(({ text }) => stepsIn(parse(text)));
  const prose = [...proseOf(document).matchAll(/`([^`\n]+)`/g)]
    .map(([, text = ""]) => text.replaceAll("\\|", "|"))
    .filter((text) => PROGRAMS.test(text));
  return [
    ...[...shell, ...steps].flatMap((script) =>
      commandsIn(script).map((one) => ({ ...one, path, isProse: false })),
    ),
    ...prose.flatMap((text) => commandsIn(text).map((one) => ({ ...one, path, isProse: true }))),
  ];
}

/** What `run:` says, at any depth. */
function stepsIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "run" && typeof member === "string" ? [member] : stepsIn(member),
  );
}

/** The commands of a script, without comments, variables set for one command, and what joins them. */
export function commandsIn(script: string): readonly Pick<Command, "text" | "words">[] {
  const lines = script.replaceAll("\\\n", " ").split("\n");
  return lines.flatMap((line) =>
    splitUp(line.trim()).map((words) => ({ text: words.join(" "), words })),
  );
}

const TOKEN = /\s+|(#.*$)|(&&|\|\||[;|])|((?:'[^']*'|"[^"]*"|\\.|<[\w|]+>|[^\s'"\\;|&])+)/g;

function splitUp(line: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [, comment, joint, word] of line.matchAll(TOKEN)) {
    if (comment !== undefined) break;
    if (joint !== undefined) commands.push([]);
    if (word !== undefined) commands.at(-1)?.push(unquoted(word));
  }
  return commands
    .map((words) => words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter((words) => words.length > 0);
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"([^"]*)"|\\(.)/g, "$1$2$3");
}
