import { testMessage } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { PageFlags } from "../flags.ts";
import { pageBlock } from "../pages/page-lines.ts";
import { postPage } from "../pages/webhooks.ts";
import { createPalette } from "../palette.ts";
import type { ReadContext } from "../read-history.ts";
import { configuredTargets } from "../targets.ts";
import { whoOf } from "../who.ts";

interface Context {
  readonly io: ReadContext["io"];
  readonly clock?: ReadContext["clock"];
}

/** Sends a test page to whoever would be paged. */
export async function runPage(
  flags: PageFlags,
  { io, clock = systemClock }: Context,
): Promise<ExitCode> {
  if (flags.test !== true) {
    return complain({ message: "Write vigil page --test: it sends a test page." }, io);
  }
  if (flags.stage === undefined) return pageHere(flags, { io, clock });
  if (flags.webhook !== undefined) {
    const message =
      "--webhook is for this machine. The addresses of --stage are those of its config: paging: { https: [ … ] }.";
    return complain({ message }, io);
  }
  // What only a deployment needs is loaded only then.
  const { pageStage } = await import("../pages/page-stage.ts");
  return pageStage({ ...flags, stage: flags.stage, by: whoOf(flags.by, io) }, { io, clock });
}

/** As a watch pages: in the terminal, and to its webhooks. */
async function pageHere(flags: PageFlags, { io, clock }: ReadContext): Promise<ExitCode> {
  if (flags.region !== undefined) {
    const message =
      "--region names where a deployment is at home. Name the deployment too: --stage NAME.";
    return complain({ message }, io);
  }
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) return complain(configured.complaint, io);
  const page = testMessage({
    by: whoOf(flags.by, io),
    at: new Date(clock.now()).toISOString(),
    stage: null,
    targets: configured.value?.targets.length ?? 1,
  });
  const { webhook = [] } = flags;
  const palette = createPalette(io.outColour);
  io.out(pageBlock(page, { palette, width: io.columns(), hooks: [] }));
  if (webhook.length === 0) io.out("Without --webhook a watch pages in its terminal alone.\n");
  const outcomes = await Promise.all(
    webhook.map(async (url) => {
      const posted = await postPage(url, page.message.https, { fetch });
      const { origin } = new URL(url);
      if (posted.kind === "taken") io.out(`${origin} took it.\n`);
      else io.err(`vigil: ${origin} did not take it (${posted.reason}).\n`);
      return posted.kind === "taken";
    }),
  );
  return outcomes.every((taken) => taken) ? EXIT.up : EXIT.down;
}
