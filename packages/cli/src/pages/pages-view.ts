import type { GapEvent, Hold, OutgoingPage } from "@vigil/core";
import { eventLines, troubleText } from "../deployments/event-lines.ts";
import type { FollowTrouble } from "../deployments/follow.ts";
import type { Io } from "../io.ts";
import type { Palette } from "../palette.ts";
import { droppedLine, heldLine, pageBlock } from "./page-lines.ts";

/** What a watch says of deployments and pages. */
export interface PagesView {
  deployment(target: string, event: GapEvent): void;
  notFollowed(trouble: FollowTrouble): void;
  /** `hooks`: where else it goes. */
  page(page: OutgoingPage, hooks: readonly string[]): void;
  held(target: string, hold: Hold): void;
  dropped(target: string): void;
  /** A sentence. */
  trouble(text: string): void;
}

export interface PagesViewOptions extends Pick<PagesView, "trouble"> {
  readonly io: Pick<Io, "columns">;
  readonly palette: Palette;
  readonly say: (text: string) => void;
  /** How long a gap of the target holds pages. */
  readonly allowanceMs: (target: string) => number;
}

export function pagesView({ io, palette, say, trouble, allowanceMs }: PagesViewOptions): PagesView {
  const width = () => io.columns();
  return {
    deployment: (target, event) =>
      say(eventLines(target, event, { palette, width: width(), allowanceMs: allowanceMs(target) })),
    notFollowed: (found) => trouble(troubleText(found)),
    page: (page, hooks) => say(pageBlock(page, { palette, width: width(), hooks })),
    held: (target, hold) => say(heldLine(target, hold, palette)),
    dropped: (target) => say(droppedLine(target, palette)),
    trouble,
  };
}
