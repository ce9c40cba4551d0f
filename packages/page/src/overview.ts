import { GROUPS, HOUR_MS, sliOf, summarise } from "@vigil/core";
import { documentOf } from "./document.ts";
import { milliseconds, percent, plural } from "./format.ts";
import { type Html, html } from "./html.ts";
import { GROUP_LETTERS, GROUP_NAMES, MOST_URGENT_FIRST, SHOWN } from "./looks.ts";
import type { PageModel, Place, TargetModel } from "./model.ts";
import { type Moment, timelines } from "./parts.ts";
import { numberList, targetRow } from "./row.ts";
import { mostUrgentFirst, type Standings } from "./standing.ts";

const DAY_MS = 24 * HOUR_MS;

/** Every target in a row: what is wrong comes first. */
export function overviewPage(model: PageModel, place: Place): string {
  const all = mostUrgentFirst(model.targets, model.now);
  const tally = tallyOf(all);
  return documentOf({
    title: tally === "" ? "Vigil" : `${tally} · Vigil`,
    model,
    place,
    main: html`<h1>Targets</h1>${overviewBody(model, { place, all, tally })}`,
  });
}

interface Listed {
  readonly place: Place;
  readonly all: readonly Standings[];
  readonly tally: string;
}

function overviewBody(model: PageModel, { place, all, tally }: Listed): Html {
  if (all.length === 0) return nothing(model.loading);
  return html`<p class="tally" id="tally">${plural(all.length, "target")}: ${tally}</p><ol class="targets">${all.map(
    (one) => row(one, { place, moment: model }),
  )}</ol>${legend()}`;
}

/** `1 down, 2 up`, worst first. */
export function tallyOf(all: readonly Standings[]): string {
  return MOST_URGENT_FIRST.flatMap((shown) => {
    const count = all.filter(({ standing }) => standing.shown === shown).length;
    return count === 0 ? [] : [`${count} ${SHOWN[shown].word}`];
  }).join(", ");
}

function nothing(loading: boolean): Html {
  return loading
    ? html`<p class="empty">History is being read; this page fills by itself.</p>`
    : html`<p class="empty">There are no targets yet. Name one in <code>vigil.config.ts</code>, and start <code>vigil watch</code> again.</p>`;
}

interface RowPlace {
  readonly place: Place;
  readonly moment: Moment;
}

function row(one: Standings, { place, moment }: RowPlace): Html {
  const { target } = one;
  return targetRow(one, {
    id: `target-${target.name}`,
    href: place.targetHref?.(target.name) ?? null,
    moment,
    lines: timelines(target, moment),
    numbers: numbers(target, moment),
  });
}

export function numbers({ days, hours }: TargetModel, { now }: Moment): Html {
  const counts = days.reduce(
    (sum, day) => ({
      good: sum.good + day.counts.good,
      bad: sum.bad + day.counts.bad,
      unknown: sum.unknown + day.counts.unknown,
    }),
    { good: 0, bad: 0, unknown: 0 },
  );
  const lately = hours.filter(({ hour }) => Date.parse(hour) > now - DAY_MS);
  const { p50Ms, p95Ms } = summarise(lately).latency;
  return numberList([
    ["uptime, 90 d", percent(sliOf(counts))],
    ["p50, 24 h", milliseconds(p50Ms)],
    ["p95, 24 h", milliseconds(p95Ms)],
  ]);
}

/** What the pictures mean; the shapes say it without their colours. */
export function legend(): Html {
  const levels = [
    ["l-ok", 17, "without failures"],
    ["l-some g-any", 14.5, "some failures"],
    ["l-bad g-any", 12, "bad: a minute that was down, or 5 % of an hour's or day's runs"],
    ["l-unknown", 15.5, "unknown"],
    ["l-none", 19.5, "no runs"],
  ] as const;
  return html`<section class="legend" aria-label="Legend"><h2>Legend</h2><ul>${levels.map(
    ([look, y, text]) =>
      html`<li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><path class="${look}" d="M0 ${y}H12"/></svg>${text}</li>`,
  )}<li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><rect class="gap" width="12" height="20"/></svg>gap window of a deployment</li><li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><path class="deploy" d="M6 20V4l-2-4h4l-2 4"/></svg>deployment</li></ul><p id="colours">Failures have the colour of what failed:</p><ul aria-labelledby="colours">${GROUP_NAMES.map(
    (group) =>
      html`<li><span class="mark g-${GROUP_LETTERS[group]}" aria-hidden="true">${GROUP_LETTERS[group]}</span>${GROUPS[group]}</li>`,
  )}</ul><p class="small">Uptime counts first tries that were good; what could not be judged counts for neither side. Days and hours are UTC's.</p></section>`;
}
