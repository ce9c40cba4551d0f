import { join } from "node:path";
import { pathToFileURL } from "node:url";

interface Bundler {
  bundle(options: {
    readonly entryPoints: readonly string[];
    readonly outdir: string;
  }): Promise<unknown>;
}

const PACKAGE = join(import.meta.dirname, "..");

/** Builds `probe.mjs`, `replay.mjs`, `pager.mjs` and `widget.mjs`, as they are deployed, into a folder. */
export async function buildBundle(outdir: string): Promise<void> {
  // A script without types, which is why its name is no literal here.
  const url = pathToFileURL(join(PACKAGE, "bundle.mjs")).href;
  const { bundle }: Bundler = await import(url);
  const entryPoints = ["probe", "replay", "pager", "widget"].map((name) =>
    join(PACKAGE, "src", `${name}.ts`),
  );
  await bundle({ entryPoints, outdir });
}
