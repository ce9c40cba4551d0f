import { GROUPS, HOUR_MS, sliOf, summarise } from "@vigil/core";
import { documentOf } from "./document.ts";
import { milliseconds, percent, plural } from "./format.ts";
import { type Html, html } from "./html.ts";
import { GROUP_LETTERS, GROUP_NAMES, MOST_URGENT_FIRST, SHOWN } from "./looks.ts";
import type { PageModel, Place, TargetModel } from "./model.ts";
import {
  alertText,
  badgeOf,
  incidentPanel,
  type Moment,
  modeMark,
  sinceText,
  timelines,
} from "./parts.ts";
import { mostUrgentFirst, openIncidents, type Standings } from "./standing.ts";

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
function tallyOf(all: readonly Standings[]): string {
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

function row(
  { target, standing }: Standings,
  { place, moment }: { readonly place: Place; readonly moment: Moment },
): Html {
  const { name } = target;
  const href = place.targetHref?.(name) ?? null;
  const title = href === null ? html`${name}` : html`<a href="${href}">${name}</a>`;
  return html`<li class="target is-${standing.shown}" id="target-${name}"><article aria-label="${name}"><header><h2>${title}</h2>${badgeOf(standing.shown)}${sinceText(standing, moment)}${alertText(target, moment)}${about(target)}${
    standing.modes.length > 0 &&
    html`<p class="modes">${standing.modes.slice(0, 4).map(modeMark)}</p>`
  }</header>${timelines(target, moment)}${numbers(target, moment)}${openIncidents(target).map(
    (incident) => incidentPanel(incident, { target, moment, level: "h3" }),
  )}</article></li>`;
}

function about({ owner, tags, states }: TargetModel): Html | null {
  const vantages =
    states.length > 1 ? states.map(({ vantage, status }) => `${vantage} ${status}`) : [];
  const told = [...(owner === null ? [] : [owner]), ...tags, ...vantages];
  return told.length === 0 ? null : html`<p class="small about">${told.join(" · ")}</p>`;
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
  return html`<dl class="numbers"><div><dt>uptime, 90 d</dt><dd>${percent(sliOf(counts))}</dd></div><div><dt>p50, 24 h</dt><dd>${milliseconds(p50Ms)}</dd></div><div><dt>p95, 24 h</dt><dd>${milliseconds(p95Ms)}</dd></div></dl>`;
}

/** What the pictures mean; the shapes say it without their colours. */
export function legend(): Html {
  const levels = [
    ["l-ok", "without failures"],
    ["l-some", "some failures"],
    ["l-bad", "bad: a minute that was down, or 5 % of an hour's or day's runs"],
    ["l-unknown", "unknown"],
    ["l-none", "no runs"],
  ] as const;
  return html`<section class="legend" aria-label="Legend"><h2>Legend</h2><ul>${levels.map(
    ([look, text]) =>
      html`<li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><path class="${look}" d="M0 ${KEY_Y[look]}H12"/></svg>${text}</li>`,
  )}<li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><rect class="gap" width="12" height="20"/></svg>gap window of a deployment</li><li><svg class="key" viewBox="0 0 12 20" aria-hidden="true"><path class="deploy" d="M6 20V4l-2-4h4l-2 4"/></svg>deployment</li></ul><ul>${GROUP_NAMES.map(
    (group) =>
      html`<li><span class="mark g-${GROUP_LETTERS[group]}" aria-hidden="true">${GROUP_LETTERS[group]}</span>${GROUPS[group]}</li>`,
  )}</ul><p class="small">Uptime counts first tries that were good; what could not be judged counts for neither side. Days and hours are UTC's.</p></section>`;
}

const KEY_Y = { "l-ok": 17, "l-some": 14.5, "l-bad": 12, "l-unknown": 15.5, "l-none": 19.5 };
