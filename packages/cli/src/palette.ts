import type { Status } from "@vigil/core";
import pc from "picocolors";

type Paint = (text: string) => string;

/** How things are marked. Every mark goes with a word, so nothing is told by colour alone. */
export interface Palette {
  readonly status: Readonly<Record<Status, Paint>>;
  readonly strong: Paint;
  readonly faint: Paint;
}

export const MARKS: Readonly<Record<Status, string>> = {
  up: "✔",
  degraded: "▲",
  down: "✖",
  unknown: "?",
};

export function createPalette(colour: boolean): Palette {
  const paint = pc.createColors(colour);
  return {
    status: { up: paint.green, degraded: paint.yellow, down: paint.red, unknown: paint.magenta },
    strong: paint.bold,
    faint: paint.dim,
  };
}

interface ColourQuestion {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** NO_COLOR (no-color.org) wins over FORCE_COLOR, which wins over what the stream is. */
export function wantsColour({ isTTY, env }: ColourQuestion): boolean {
  if (env["NO_COLOR"]) {
    return false;
  }
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") {
    return forced !== "0" && forced !== "false";
  }
  return isTTY && env["TERM"] !== "dumb";
}
