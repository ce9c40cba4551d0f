import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const checkout = join(import.meta.dirname, "../..");
const ENGINE = join(import.meta.dirname, "stand-in/engine.mjs");
const SST = join(checkout, "node_modules/sst/bin/sst.mjs");
/** No config of these tests names it: what is made there is made there by accident. */
export const DEFAULT_REGION = "sa-east-1";
/** Of a command that hangs. */
const WITHIN_MS = 300_000;
/** Of a command that finds its port taken. */
const TRIES = 5;

/** What sst writes to; all else is the checkout's own. */
const COPIED = [
  "package.json",
  "sst.config.ts",
  "tsconfig.json",
  "packages/demo-server/dist/lambda",
  ".sst/provider-lock.json",
];
const LINKED = ["node_modules", ".sst/platform/node_modules"];

export interface Ended {
  readonly code: number | null;
  /** What a person would have read. */
  readonly output: string;
}

/** A resource in the state; its region is its provider's. */
export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly region: string | null;
  /** Whatever the type has. */
  // biome-ignore lint/suspicious/noExplicitAny: each type of resource has properties of its own.
  readonly inputs: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly outputs: any;
  readonly retainOnDelete: boolean;
}

export interface Project {
  readonly folder: string;
  /** Writes vigil.config.ts; none with null. */
  configure(config: unknown): void;
  sst(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** What is deployed, by name. */
  state(stage: string): Promise<readonly Deployed[]>;
  close(): void;
}

/** A copy of this project, in which sst may write. */
export function openProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "vigil-deploy-"));
  copyInto(folder);
  // Commands that find no set-up of sst's in their account make one: those of two files, each its own.
  const account = String(randomInt(10 ** 11, 10 ** 12));
  const sst: Project["sst"] = async (args, env = {}) => {
    const command = { folder, account, args, env };
    let ended = await runSst(command);
    for (let n = 1; n < TRIES && isInterrupted(ended); n += 1) ended = await runSst(command);
    return ended;
  };
  return {
    folder,
    configure(config) {
      const file = join(folder, "vigil.config.ts");
      if (config === null) rmSync(file, { force: true });
      else writeFileSync(file, configText(config));
    },
    sst,
    async state(stage) {
      const { code, output } = await sst(["state", "export", "--stage", stage]);
      if (code !== 0) throw new Error(`there is no state: ${output}`);
      return readState(output);
    },
    close: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/**
 * Two sst that begin at the same moment find the same port free; the one that comes second to take it
 * makes nothing, says this, and ends with 0.
 */
function isInterrupted({ output }: Ended): boolean {
  const found = output.includes("✕  Interrupted");
  if (found)
    process.stderr.write(`test:deploy: begun again, for sst was interrupted:\n${output}\n`);
  return found;
}

const configText = (config: unknown) =>
  `import { defineConfig } from "@vigil/core";
export default defineConfig(${JSON.stringify(config)});
`;

function copyInto(folder: string): void {
  const place = (path: string) => {
    const to = join(folder, path);
    mkdirSync(dirname(to), { recursive: true });
    return to;
  };
  const own = [
    ...COPIED,
    ...listed("stacks", /^test/),
    ...listed(".sst/platform", /^node_modules$/),
  ];
  for (const path of own) cpSync(join(checkout, path), place(path), { recursive: true });
  for (const path of [...LINKED, ...listed("packages", /^demo-server$/)])
    symlinkSync(join(checkout, path), place(path));
  const engine = place("config/sst/bin/pulumi");
  writeFileSync(engine, `#!/bin/sh\nexec "${process.execPath}" "${ENGINE}" "$@"\n`);
  chmodSync(engine, 0o755);
}

const listed = (folder: string, but: RegExp) =>
  readdirSync(join(checkout, folder))
    .filter((name) => !but.test(basename(name)))
    .map((name) => join(folder, name));

interface Command {
  readonly folder: string;
  /** The emulator takes an access key of 12 digits for the account. */
  readonly account: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function runSst({ folder, account, args, env }: Command): Promise<Ended> {
  const started = Date.now();
  const child = spawn(process.execPath, [SST, ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    timeout: WITHIN_MS,
    env: {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, "config"),
      SST_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
      SST_NO_BUN: "1",
      NO_COLOR: "1",
      AWS_ACCESS_KEY_ID: account,
      AWS_REGION: DEFAULT_REGION,
      ...env,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, "close");
  const seconds = Math.round((Date.now() - started) / 1_000);
  process.stderr.write(`test:deploy: sst ${args.join(" ")}: ended with ${code}, ${seconds} s\n`);
  return { code, output };
}

interface Kept {
  readonly urn: string;
  readonly type: string;
  readonly provider?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly retainOnDelete?: boolean;
}

function readState(exported: string): readonly Deployed[] {
  const resources: readonly Kept[] = JSON.parse(exported).latest.resources ?? [];
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const read = resources.map(
    ({ urn, type, provider, inputs = {}, outputs = {}, retainOnDelete }) => {
      const { inputs: made } = byUrn.get(provider?.split("::").slice(0, -1).join("::") ?? "") ?? {};
      return {
        type,
        name: urn.split("::").at(-1) ?? "",
        region: provider === undefined ? null : String(made?.["region"] ?? DEFAULT_REGION),
        inputs,
        outputs,
        retainOnDelete: retainOnDelete === true,
      };
    },
  );
  // They are kept in the order in which they happened to be made.
  return read.sort((a, b) => (a.name + a.type < b.name + b.type ? -1 : 1));
}
