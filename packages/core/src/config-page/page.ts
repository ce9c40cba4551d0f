import { FULL_EXAMPLE, SHORT_EXAMPLE } from "./examples.ts";
import type { KeyWords } from "./key-words.ts";
import { type SchemaKey, schemaKeys } from "./walk.ts";
import { KEY_WORDS } from "./words.ts";

/** Where the page lives, from the repository's root. */
export const CONFIG_PATH = "docs/config.md";

const INTRO = `# \`vigil.config.ts\`, key by key

<!-- Generated from packages/core/src/config and config-page by \`npm run docs\`: edit there. -->

Every mistake in it is reported at once, with its path, what is wrong and what to write instead. Unknown
keys are mistakes.

\`\`\`ts
${SHORT_EXAMPLE}\`\`\`

Only \`targets\`, with a \`name\` and a \`url\` each, has to be written. A key is **required** where the
object that it belongs to is written. A \`[]\` in a path stands for each item of a list. The last
section is a config with [every key](#every-key).
`;

const CREDENTIALS = `Written as \`bearer(secret("ssm:/path"))\`, \`headers({ … })\`, \`sigv4({ … })\` or
\`oauthClientCredentials({ … })\`; a secret is \`secret("env:NAME")\`, \`secret("ssm:/path")\` or
\`secret("secretsmanager:name")\`, never the value: [credentials.md](credentials.md).`;

interface Section {
  readonly title: string;
  readonly intro?: string;
  holds(key: SchemaKey): boolean;
}

/** Each key stands in the first that holds it; limits are told of once for wherever they stand. */
const SECTIONS: readonly Section[] = [
  {
    title: "Limits",
    intro: "In a target, or for all of them in `defaults`.",
    holds: ({ isLimit }) => isLimit,
  },
  {
    title: "Credentials",
    intro: CREDENTIALS,
    holds: ({ path }) => path.startsWith("targets[].auth."),
  },
  { title: "A target", holds: ({ path }) => path.startsWith("targets[].") },
  { title: "Paging", holds: ({ path }) => path.startsWith("paging.") },
  { title: "The whole", holds: () => true },
];

const HEAD = ["| Key | Takes | Default | What it is for |", "|---|---|---|---|"];

/** The text of docs/config.md. */
export function configMarkdown(): string {
  const keys = schemaKeys();
  const tables = SECTIONS.toReversed().map((section) => {
    const own = keys.filter((key) => SECTIONS.find(({ holds }) => holds(key)) === section);
    const intro = section.intro === undefined ? [] : [`${section.intro}\n`];
    return [`## ${section.title}\n`, ...intro, ...HEAD, ...own.map(row), ""].join("\n");
  });
  return [INTRO, ...tables, `## Every key\n\n\`\`\`ts\n${FULL_EXAMPLE}\`\`\`\n`].join("\n");
}

function row({ path, shape, isRequired }: SchemaKey): string {
  const { means, fallback = "" } = wordsOf(path);
  const cells = [`\`${path}\``, code(shape), isRequired ? "**required**" : fallback, means];
  return `| ${cells.join(" | ")} |`;
}

function wordsOf(path: string): KeyWords {
  const words = new Map<string, KeyWords>(Object.entries(KEY_WORDS)).get(path);
  if (words === undefined) throw new Error(`config-page/words.ts says nothing of ${path}`);
  return words;
}

/** What is written in quotes is written so in a config. */
function code(shape: string): string {
  return shape.replaceAll(/"[^"]*"/g, "`$&`");
}
