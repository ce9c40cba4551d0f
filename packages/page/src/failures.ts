import { HOUR_MS, summarise } from "@vigil/core";
import { type Html, html, link } from "./html.ts";
import { modeOf } from "./looks.ts";
import type { TargetModel } from "./model.ts";
import { type Moment, modeMark } from "./parts.ts";
import { part, table } from "./table.ts";

const DAY_MS = 24 * HOUR_MS;

interface Row {
  readonly mode: string;
  readonly day: number;
  readonly quarter: number;
}

const SEEN_BY: Readonly<Record<"hidden" | "partly" | "shown", string>> = {
  hidden: "no",
  partly: "partly",
  shown: "yes",
};

/** Which failures were seen, how often, and what to do about each. */
export function failuresPart(target: TargetModel, moment: Moment): Html {
  const rows = rowsOf(target, moment);
  return part(
    "failures",
    "Failures by mode",
    rows.length === 0
      ? html`<p class="empty">No run has failed in the last 90 days.</p>`
      : table({
          caption: "Runs in which a mode was seen, most frequent first",
          rows,
          columns: [
            { head: "Mode", cell: ({ mode }) => modeMark(mode) },
            { head: "24 h", isNumber: true, cell: ({ day }) => day },
            { head: "90 d", isNumber: true, cell: ({ quarter }) => quarter },
            { head: "What it is, and what to do", cell: ({ mode }) => about(mode) },
            { head: "CloudWatch shows it", cell: ({ mode }) => seenBy(mode) },
          ],
        }),
  );
}

function rowsOf({ hours, days }: TargetModel, { now }: Moment): readonly Row[] {
  const lately = summarise(hours.filter(({ hour }) => Date.parse(hour) > now - DAY_MS)).modes;
  const all = new Map<string, number>();
  for (const { modes } of days) {
    for (const [mode, runs] of Object.entries(modes)) {
      all.set(mode, (all.get(mode) ?? 0) + runs);
    }
  }
  return [...all]
    .map(([mode, quarter]) => ({ mode, quarter, day: lately[mode] ?? 0 }))
    .sort((a, b) => b.quarter - a.quarter || (a.mode < b.mode ? -1 : 1));
}

function about(mode: string): Html {
  const known = modeOf(mode);
  if (known === null) return html`This version does not know it.`;
  return html`<details id="about-${mode}"><summary>${known.title}</summary><p>${known.remedy}</p><p>${link(known.reference, "Read on")}</p></details>`;
}

function seenBy(mode: string): string {
  const known = modeOf(mode);
  return known === null ? "–" : SEEN_BY[known.cloudwatch];
}
