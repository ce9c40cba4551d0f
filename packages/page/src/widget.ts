import { countAttempts, sliOf, summarise, type WidgetLook } from "@vigil/core";
import { rangeCells } from "./cells.ts";
import { milliseconds, percent, plural, stamp } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import type { TargetModel } from "./model.ts";
import { tallyOf } from "./overview.ts";
import { briefRow, numberList, type RowInput, targetRow } from "./row.ts";
import { mostUrgentFirst, type Standings } from "./standing.ts";
import { strip } from "./strip.ts";
import { WIDE_PX, widgetStyle } from "./widget-style.ts";

/** Targets of which only what lies in a range is read: their hours, gaps and deployments. */
export interface WidgetModel {
  /** Epoch milliseconds, as the range's ends are. */
  readonly now: number;
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  /** Whether targets that are well were left out. */
  readonly onlyUnwell: boolean;
  /** What the viewer must know of what is shown, one sentence each. */
  readonly notes: readonly string[];
  readonly targets: readonly TargetModel[];
}

/** The viewer's browser is sent this much at most; Lambda itself would answer with twelve times as much. */
const MAX_LENGTH = 500_000;
/** For the style, the heading, and letters that take several bytes. */
const ROOM_LENGTH = MAX_LENGTH - 50_000;
const CELL_PX = 5;
const FEWEST_CELLS = 48;
const MOST_CELLS = 180;
const MOST_SENTENCES = 20;

/** The targets as HTML for a custom widget of CloudWatch: no script, nothing that is loaded. */
export function widgetHtml(model: WidgetModel, look: WidgetLook): string {
  const all = mostUrgentFirst(model.targets, model.now);
  const most = Math.min(MOST_CELLS, Math.max(FEWEST_CELLS, Math.floor(look.width / CELL_PX)));
  const rows = fitting(all.map((one) => () => row(one, inputOf(one.target, model, most))));
  const left = all.length - rows.length;
  return frame(
    look,
    html`${model.notes.map(notice)}${heading(model, all)}<ol class="targets">${rows}</ol>${
      all.length > 0 && LEGEND
    }${
      left > 0 &&
      notice(
        `${plural(left, "more target")} would make this too large. Name fewer in the widget's parameters.`,
      )
    }`,
  );
}

const LEGEND = html`<p class="small">A taller bar is worse; its colour is that of the failure's group. Shaded is a deployment's gap window, a pin a deployment. Uptime counts first tries.</p>`;

/** One line is enough for what is well. */
function row(one: Standings, input: RowInput): Html {
  return one.standing.shown === "up" ? briefRow(one, input) : targetRow(one, input);
}

function heading({ from, to, timeZone, onlyUnwell }: WidgetModel, all: readonly Standings[]): Html {
  const isNone = all.length === 0 && onlyUnwell;
  const tally = isNone ? "Every target is up" : `${plural(all.length, "target")}: ${tallyOf(all)}`;
  return html`<p class="tally">${tally}. <span class="small">${stamp(from, timeZone)} to ${stamp(to, timeZone)}.</span></p>`;
}

function notice(sentence: string): Html {
  return html`<p class="trouble">${sentence}</p>`;
}

/** What is wrong with the widget itself, and what to write instead. */
export function widgetMessage(
  { title, sentences }: { readonly title: string; readonly sentences: readonly string[] },
  look: WidgetLook,
): string {
  const more = sentences.length - MOST_SENTENCES;
  const told = [...sentences.slice(0, MOST_SENTENCES), ...(more > 0 ? [`and ${more} more`] : [])];
  return frame(
    look,
    html`<h2>${title}</h2><ul>${told.map((sentence) => html`<li>${sentence}</li>`)}</ul>`,
  );
}

function frame(look: WidgetLook, content: Html): string {
  const wide = look.width >= WIDE_PX && " wide";
  return html`<style>${trusted(widgetStyle(look.theme))}</style><div class="vigil-widget cwdb-no-default-styles${wide}">${content}</div>`
    .text;
}

/** As many rows as there is room for; the most urgent come first. */
function fitting(rows: readonly (() => Html)[]): readonly Html[] {
  const made: Html[] = [];
  let length = 0;
  for (const make of rows) {
    const row = make();
    length += row.text.length;
    if (length > ROOM_LENGTH) break;
    made.push(row);
  }
  return made;
}

function inputOf(target: TargetModel, model: WidgetModel, most: number): RowInput {
  const { from, to, now, timeZone } = model;
  const { gaps, deployments, hours } = target;
  const grid = rangeCells(hours, { from, to, most });
  const what = "The dashboard's time range";
  const unit = plural(grid.unitMinutes, "minute");
  const drawn = strip({ what, unit, grid, gaps, deployments, now, timeZone });
  return {
    // Two widgets on one dashboard may show the same target.
    id: null,
    href: null,
    moment: { now, timeZone },
    lines: html`<div class="lines"><div class="line">${drawn}</div></div>`,
    numbers: numbers(target, model),
  };
}

function numbers({ hours }: TargetModel, { from, to }: WidgetModel): Html {
  const { p50Ms, p95Ms } = summarise(hours).latency;
  return numberList([
    ["uptime", percent(sliOf(countAttempts(hours, { from, to }).raw))],
    ["p50", milliseconds(p50Ms)],
    ["p95", milliseconds(p95Ms)],
  ]);
}
