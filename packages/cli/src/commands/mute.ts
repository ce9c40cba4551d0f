import { randomBytes } from "node:crypto";
import type { Mute, MuteScope, Target } from "@vigil/core";
import { systemClock } from "@vigil/probe";
import { complain } from "../complain.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { MuteFlags, PlaceFlags } from "../flags.ts";
import { createPalette } from "../palette.ts";
import type { Place } from "../place.ts";
import { type ReadContext, withHistory } from "../read-history.ts";
import { bad, ok, type Result } from "../result.ts";
import { tableText } from "../table.ts";
import { configuredTargets } from "../targets.ts";
import { plain } from "../text.ts";
import { formatDuration, formatTimestamp } from "../time.ts";
import { whoOf } from "../who.ts";

interface Context {
  readonly io: ReadContext["io"];
  readonly clock?: ReadContext["clock"];
}

const HOW =
  'Write vigil mute orders --for 30m --reason "why", vigil mute tag:payments …, or vigil mute --list.';

/** Keeps people from being paged of a target, or of all with a tag, for some time. */
export async function runMute(
  scope: string | undefined,
  flags: MuteFlags,
  { io, clock = systemClock }: Context,
): Promise<ExitCode> {
  const context = { io, clock };
  if (flags.list === true) {
    if (scope !== undefined) return complain({ message: `--list takes no target. ${HOW}` }, io);
    return withHistory(flags, context, (place) => list(place, flags, context));
  }
  const asked = read(scope, flags);
  if (!asked.ok) return complain(asked.complaint, io);
  const configured = await configuredTargets(io.cwd, flags.config);
  if (!configured.ok) return complain(configured.complaint, io);
  const targets = configured.value?.targets ?? null;
  return withHistory(flags, context, async (place) => {
    const known = await checkScope(asked.value.scope, place, targets);
    if (!known.ok) return known;
    const fromMs = clock.now();
    const { forMs, ...rest } = asked.value;
    const mute: Mute = {
      ...rest,
      id: randomBytes(4).toString("hex"),
      by: whoOf(flags.by, io),
      from: new Date(fromMs).toISOString(),
      until: new Date(fromMs + forMs).toISOString(),
    };
    await place.history.putMute(mute);
    io.out(
      flags.json === true ? `${JSON.stringify({ schema: 1, ...mute })}\n` : mutedText(mute, place),
    );
    return ok(EXIT.up);
  });
}

interface Asked {
  readonly scope: MuteScope;
  readonly forMs: number;
  readonly reason: string;
}

function read(scope: string | undefined, flags: MuteFlags): Result<Asked> {
  if (scope === undefined) return bad(`Name the target or tag to mute. ${HOW}`);
  const { for: forMs, reason } = flags;
  if (forMs === undefined) return bad(`For how long? ${HOW}`);
  if (reason === undefined) return bad(`Say why: whoever looks at it at night reads it. ${HOW}`);
  const tag = scope.startsWith("tag:") ? scope.slice("tag:".length) : null;
  if (tag === "") return bad(`tag: names no tag. ${HOW}`);
  const read: MuteScope = tag === null ? { kind: "target", target: scope } : { kind: "tag", tag };
  return ok({ scope: read, forMs, reason });
}

/** What is mistyped would mute nothing, and nobody would notice. */
async function checkScope(
  scope: MuteScope,
  { history }: Place,
  targets: readonly Target[] | null,
): Promise<Result<null>> {
  if (scope.kind === "tag") {
    const tags = [...new Set((targets ?? []).flatMap((target) => target.tags))].sort();
    if (targets === null || tags.includes(scope.tag)) return ok(null);
    const known = tags.length === 0 ? "It has no tags." : `Its tags: ${tags.join(", ")}.`;
    return bad(`No target of the config has the tag ${JSON.stringify(scope.tag)}. ${known}`);
  }
  const configured = (targets ?? []).map(({ name }) => name);
  const known = [...new Set([...configured, ...(await history.targets())])].sort();
  if (known.includes(scope.target)) return ok(null);
  const names = known.length === 0 ? "None is known yet." : `Known targets: ${known.join(", ")}.`;
  return bad(`There is no target ${JSON.stringify(scope.target)}. ${names}`);
}

function mutedText({ id, scope, reason, by, from, until }: Mute, { flags }: Place): string {
  const length = formatDuration(Date.parse(until) - Date.parse(from));
  return `Muted ${scopeText(scope)} until ${formatTimestamp(Date.parse(until))} (${length}), by ${plain(by)}: ${plain(reason)}\nIts pages are held until then; who was paged already is told the rest. vigil unmute ${id}${flags} ends it.\n`;
}

function scopeText(scope: MuteScope): string {
  return scope.kind === "tag" ? `all with the tag ${plain(scope.tag)}` : plain(scope.target);
}

async function list(
  { history }: Place,
  flags: MuteFlags,
  { io, clock }: ReadContext,
): Promise<Result<ExitCode>> {
  const mutes = await history.mutes();
  if (flags.json === true) {
    io.out(mutes.map((mute) => `${JSON.stringify({ schema: 1, ...mute })}\n`).join(""));
    return ok(EXIT.up);
  }
  io.out(mutes.length === 0 ? "Nothing is muted.\n" : mutesTable(mutes, { io, clock }));
  return ok(EXIT.up);
}

function mutesTable(mutes: readonly Mute[], { io, clock }: ReadContext): string {
  return tableText({
    columns: [
      ["id", "left"],
      ["muted", "left"],
      ["until", "left"],
      ["left", "right"],
      ["by", "left"],
      ["why", "left"],
    ],
    rows: mutes.map(({ id, scope, until, by, reason }) => [
      plain(id),
      scope.kind === "tag" ? `tag:${plain(scope.tag)}` : plain(scope.target),
      formatTimestamp(Date.parse(until)),
      formatDuration(Date.parse(until) - clock.now()),
      plain(by, 30),
      plain(reason, 60),
    ]),
    paintHead: createPalette(io.outColour).faint,
  });
}

/** Ends a mute before its time. */
export function runUnmute(
  id: string,
  flags: PlaceFlags,
  { io, clock = systemClock }: Context,
): Promise<ExitCode> {
  return withHistory(flags, { io, clock }, async ({ history, flags: where }) => {
    if ((await history.endMute(id)) === "absent") {
      return bad(
        `There is no mute ${JSON.stringify(id)}, or it is over. vigil mute --list${where} has those in force.`,
      );
    }
    io.out(`Ended ${plain(id)}: what it held is paged within a minute, if it still is so.\n`);
    return ok(EXIT.up);
  });
}
