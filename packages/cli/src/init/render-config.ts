import type { TargetInput, VigilConfigInput } from "@vigil/core";
import { plain } from "../text.ts";

const WIDTH = 100;
/** Keys that need no quotes. */
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** What an editor would not show, or show as something else, may be in what servers say. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

interface ConfigFile {
  readonly config: VigilConfigInput;
  /** Lines above the targets, for whoever edits the file. */
  readonly remarks: readonly string[];
}

/** The config as the source code of a module. */
export function renderConfig({ config, remarks }: ConfigFile): string {
  const { targets, ...rest } = config;
  const signed = targets.some(({ auth }) => auth?.type === "sigv4");
  const imports = ["defineConfig", ...(signed ? ["sigv4"] : [])].join(", ");
  const keys = Object.entries(rest).map(([key, value]) => `  ${member(key, value, 2)},`);
  return [
    `import { ${imports} } from "@vigil/core";`,
    "",
    "export default defineConfig({",
    ...keys,
    ...remarks.map((remark) => `  // ${plain(remark, 200)}`),
    "  targets: [",
    ...targets.map((target) => `    ${broken(withCalls(target), 4)},`),
    "  ],",
    "});",
    "",
  ].join("\n");
}

/** A call of one of the builders, such as `sigv4({ … })`, which reads better than what it stands for. */
class Call {
  readonly name: string;
  readonly options: object;

  constructor({ type, ...options }: NonNullable<TargetInput["auth"]>) {
    this.name = type;
    this.options = options;
  }
}

function withCalls({ auth, ...target }: TargetInput): object {
  const entries: [string, unknown][] = Object.entries(target);
  const after = entries.findIndex(([key]) => key === "sentinels");
  const at = after === -1 ? entries.length : after;
  if (auth !== undefined) entries.splice(at, 0, ["auth", new Call(auth)]);
  return Object.fromEntries(entries);
}

function member(key: string, value: unknown, indent: number): string {
  return `${keyOf(key)}: ${literal(value, indent)}`;
}

function literal(value: unknown, indent: number): string {
  const short = inline(value);
  return typeof value !== "object" || short.length + indent <= WIDTH - 20
    ? short
    : broken(value, indent);
}

function inline(value: unknown): string {
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof Call) return `${value.name}(${inline(value.options).replace(/^\{\}$/, "")})`;
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  const members = Object.entries(value).map(([key, item]) => `${keyOf(key)}: ${inline(item)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function keyOf(key: string): string {
  return IDENTIFIER.test(key) ? key : text(key);
}

/** One member or item a line. */
function broken(value: unknown, indent: number): string {
  if (typeof value !== "object" || value === null || value instanceof Call) return inline(value);
  const pad = " ".repeat(indent + 2);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = Array.isArray(value)
    ? value.map((item) => literal(item, indent + 2))
    : Object.entries(value).map(([key, item]) => member(key, item, indent + 2));
  return [open, ...parts.map((part) => `${pad}${part},`), `${" ".repeat(indent)}${close}`].join(
    "\n",
  );
}

function text(value: string): string {
  return JSON.stringify(value).replace(UNSEEN, (character) =>
    Array.from({ length: character.length }, (_, i) => escaped(character.charCodeAt(i))).join(""),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
