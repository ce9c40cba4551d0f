import type { Hold, OutgoingPage, PageAttributes, Status } from "@vigil/core";
import type { Palette } from "../palette.ts";
import { hang, plain, plainLines } from "../text.ts";
import { formatTime } from "../time.ts";

const MAX_WIDTH = 100;
const MAX_BODY = 20_000;

const LOOKS: Readonly<Record<PageAttributes["kind"], Status>> = {
  opened: "down",
  worse: "down",
  reminder: "down",
  closed: "up",
  folded: "down",
  budget: "degraded",
  test: "up",
};

export interface PageLineOptions {
  readonly palette: Palette;
  readonly width: number;
  /** Where else it goes; origins. */
  readonly hooks: readonly string[];
}

/** A page as a block that stands out of the runs. */
export function pageBlock(
  { subject, message, attributes }: OutgoingPage,
  { palette, width, hooks }: PageLineOptions,
): string {
  const paint = palette.status[LOOKS[attributes.kind]];
  const wide = Math.min(width, MAX_WIDTH);
  const head = "━━━ PAGE ";
  const top = paint(palette.strong(`${head}${"━".repeat(Math.max(3, wide - head.length))}`));
  const bottom = paint("━".repeat(wide));
  const lines = plainLines(message.default, MAX_BODY).flatMap((line) => hang(line, wide));
  const body = lines.join("\n").trimEnd();
  const sent = hooks.length === 0 ? [] : [`Also goes to ${hooks.join(", ")}`];
  return `\n${[top, palette.strong(plain(subject)), "", body, ...sent, bottom].join("\n")}\n\n`;
}

/** Why nobody is told yet. */
export function holdText(hold: Hold): string {
  switch (hold.kind) {
    case "gap":
      return "a deployment gap is open, or has just closed";
    case "maintenance":
      return `it is in maintenance until ${timeOf(hold.until)}`;
    case "mute":
      return `it is muted until ${timeOf(hold.until)}: ${plain(hold.reason, 200)}`;
    default:
      return hold satisfies never;
  }
}

function timeOf(iso: string): string {
  return formatTime(Date.parse(iso));
}

const INDENT = " ".repeat("08:00:00".length + 2);

export function heldLine(target: string, hold: Hold, palette: Palette): string {
  const title = palette.status.unknown(palette.strong(`‖ ${target}: its page is HELD`));
  return `${INDENT}${title}\n${INDENT}  ${holdText(hold)}\n`;
}

export function droppedLine(target: string, palette: Palette): string {
  const title = palette.status.up(palette.strong(`✔ ${target}: nobody was paged`));
  return `${INDENT}${title}\n${INDENT}  it is well again, and its page was held till then\n`;
}
