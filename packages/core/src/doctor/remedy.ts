import type { FunctionSubject, Remedy } from "./types.ts";

/** Words that a shell takes as they stand. */
const PLAIN = /^[\w@%+=:,./-]+$/;

function quote(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** `aws lambda <call> --function-name F --region R <rest>`. */
export function lambdaCommand(about: FunctionSubject, call: string, rest = ""): string {
  const { functionName, region } = about;
  const named = `aws lambda ${call} --function-name ${quote(functionName)} --region ${quote(region)}`;
  return rest === "" ? named : `${named} ${rest}`;
}

/** `--qualifier live`; nothing for the function itself. */
export function qualified(qualifier: string): string {
  return qualifier === "$LATEST" ? "" : `--qualifier ${quote(qualifier)}`;
}

/** A change of the function itself, and what brings it to the alias that serves. */
export function reconfigure(about: FunctionSubject, options: string, serving: string): Remedy {
  return remedy([
    lambdaCommand(about, "update-function-configuration", options),
    ...release(about, serving),
  ]);
}

/** Sets one variable and keeps the others, whose values never stand on the command line. */
export function setVariable(
  about: FunctionSubject,
  [name, value]: readonly [string, string],
  serving: string,
): Remedy {
  const read = lambdaCommand(about, "get-function-configuration", "--query Environment");
  const edit = `jq -c '{Variables: ((.Variables // {}) + {"${name}": "${value}"})}'`;
  const write = lambdaCommand(
    about,
    "update-function-configuration",
    "--environment file:///dev/stdin",
  );
  return remedy(
    [`${read} --output json | ${edit} | ${write}`, ...release(about, serving)],
    ["Environment:", "  Variables:", `    ${name}: ${value}`],
  );
}

export function remedy(commands: readonly string[], iac: readonly string[] = []): Remedy {
  return { commands, iac };
}

export function withIac({ commands }: Remedy, ...iac: readonly string[]): Remedy {
  return { commands, iac };
}

/** An alias serves a published version: what was changed reaches it with a new one. */
function release(about: FunctionSubject, serving: string): readonly string[] {
  if (serving === "$LATEST") return [];
  const wait = lambdaCommand(about, "wait function-updated-v2");
  const published = lambdaCommand(about, "publish-version", "--query Version --output text");
  if (/^\d+$/.test(serving)) return [wait, published];
  const move = `--name ${quote(serving)} --function-version "$(${published})"`;
  return [wait, lambdaCommand(about, "update-alias", move)];
}
