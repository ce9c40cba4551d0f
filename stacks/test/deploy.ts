import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterAll } from "vitest";
import { DEFAULT_REGION, openCloud, type Resource } from "./cloud.ts";
import { writeConfig } from "./operator.ts";
import { type Build, startSstServer } from "./sst-server.ts";

const checkout = join(import.meta.dirname, "../..");
/** The app's folder, of this test file alone: what is written to `.sst` must be nobody else's. */
const root = mkdtempSync(join(tmpdir(), "vigil-app-"));
symlinkSync(join(checkout, "packages"), join(root, "packages"));
afterAll(() => {
  process.chdir(checkout);
  rmSync(root, { recursive: true });
});
const stage = "test";

export interface Deployment {
  readonly resources: readonly Resource[];
  /** Functions that SST was asked to build. */
  readonly builds: readonly Build[];
  /** What `run()` returns. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Carries out `run()` of the real sst.config.ts with SST's real components, against a cloud that
 * takes everything. `config` is what the operator's vigil.config.ts holds.
 */
export async function deploy(config: unknown): Promise<Deployment> {
  writeConfig(config);
  setGlobals();
  const server = await startSstServer(join(root, ".sst/artifacts"));
  process.env["SST_SERVER"] = server.url;
  const cloud = await openCloud(stage);
  try {
    const { default: app } = await import("../../sst.config.ts");
    await setComponents();
    const { run } = await import("../../.sst/platform/src/auto/run.ts");
    const outputs = await pulumi.runtime.runInPulumiStack(() => run(app.run));
    await quiet(() => cloud.progress() + server.progress());
    // What is still under way would report to the next deployment's cloud.
    await pulumi.runtime.disconnect();
    return { resources: cloud.resources, builds: server.builds, outputs: outputs ?? {} };
  } finally {
    await server.close();
  }
}

/** An output once it is known. */
export function known(output: unknown): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(output as pulumi.Input<string>).apply(resolve));
}

/** What SST sets before it runs an app. */
function setGlobals(): void {
  Object.assign(globalThis, {
    $app: {
      name: "vigil",
      stage,
      removal: "remove",
      protect: false,
      providers: { aws: { region: DEFAULT_REGION } },
    },
    $dev: false,
    $cli: {
      command: "deploy",
      rpc: "",
      paths: {
        home: join(root, ".sst/home"),
        root,
        work: join(root, ".sst"),
        platform: join(checkout, ".sst/platform"),
      },
      state: { version: {} },
    },
    $config: (app: unknown) => app,
    $util: pulumi,
    $output: pulumi.output,
    $resolve: pulumi.all,
    $interpolate: pulumi.interpolate,
    $concat: pulumi.concat,
    $jsonParse: pulumi.jsonParse,
    $jsonStringify: pulumi.jsonStringify,
    aws,
  });
}

/** After the cloud is open: the components ask it for things as they are loaded. */
async function setComponents(): Promise<void> {
  const { $transform, $asset } = await import("../../.sst/platform/src/components/component.ts");
  const { Link } = await import("../../.sst/platform/src/components/link.ts");
  const sst = await import("../../.sst/platform/src/components/index.ts");
  Object.assign(globalThis, { $transform, $asset, $linkable: Link.linkable, sst });
}

const TURN_MS = 20;
const QUIET_TURNS = 15;

/** Resolves once nothing has been asked for in many turns of the event loop, all of it in process. */
async function quiet(progress: () => number): Promise<void> {
  for (let turns = 0, last = -1; turns < QUIET_TURNS; turns += 1) {
    await sleep(TURN_MS);
    if (progress() !== last) turns = 0;
    last = progress();
  }
}
