import type { Hold, Incident } from "@vigil/core";
import { dayCells, hourCells, minuteCells } from "./cells.ts";
import { clean } from "./clean.ts";
import { plural, span, stamp } from "./format.ts";
import { foreign, type Html, html, link } from "./html.ts";
import { GROUP_LETTERS, groupClass, groupOf, modeOf, SHOWN, type Shown } from "./looks.ts";
import type { TargetModel } from "./model.ts";
import type { Standing } from "./standing.ts";
import { strip } from "./strip.ts";

/** Our own are shorter; one that was tampered with must not push all else aside. */
const MAX_MODE = 60;

/** When the page is read, and in which zone: what nearly every part needs. */
export interface Moment {
  readonly now: number;
  readonly timeZone: string;
}

export function badgeOf(shown: Shown): Html {
  const { word, sign } = SHOWN[shown];
  return html`<span class="badge is-${shown}"><span class="sign" aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** A failure mode by its code, with the mark of its group. */
export function modeMark(mode: string): Html {
  const group = groupOf(mode);
  const letter = group === null ? "?" : GROUP_LETTERS[group];
  const title = modeOf(mode)?.title ?? "a failure that this version does not know";
  return html`<span class="mode" title="${title}"><span class="mark ${groupClass(mode)}" aria-hidden="true">${letter}</span>${clean(mode, MAX_MODE)}</span>`;
}

export function sinceText({ shown, since, lastRunAt, last }: Standing, moment: Moment): Html {
  if (since === null || lastRunAt === null) {
    return html`<p class="since">No run has ended yet.</p>`;
  }
  const { now, timeZone } = moment;
  if (shown === "stale") {
    return html`<p class="since">Last run ${stamp(lastRunAt, timeZone)}, ${ago(lastRunAt, now)} ago; it was ${last === null ? "unknown" : SHOWN[last].word}.</p>`;
  }
  return html`<p class="since">since ${stamp(since, timeZone)} (${ago(since, now)})</p>`;
}

function ago(at: string, now: number): string {
  return span(now - Date.parse(at));
}

/** Whether people know: a page that was sent, and who sees to it; or what holds it. */
export function alertText({ alert }: TargetModel, { now, timeZone }: Moment): Html | null {
  if (alert === null) return null;
  const { pagedAt, acknowledged, heldBy } = alert;
  if (pagedAt === null) {
    return (
      heldBy &&
      html`<p class="small"><strong>Page held:</strong> ${holdText(heldBy, timeZone)}.</p>`
    );
  }
  const sent = html`<strong>Page sent</strong> ${stamp(pagedAt, timeZone)} (${ago(pagedAt, now)} ago)`;
  return acknowledged === null
    ? html`<p class="small">${sent}; nobody has acknowledged it.</p>`
    : html`<p class="small">${sent}; acknowledged by ${foreign(acknowledged.by, 100)} ${stamp(acknowledged.at, timeZone)}.</p>`;
}

function holdText(hold: Hold, timeZone: string): Html {
  switch (hold.kind) {
    case "gap":
      return html`a deployment gap that began ${stamp(hold.since, timeZone)}`;
    case "maintenance":
      return html`maintenance until ${stamp(hold.until, timeZone)}`;
    case "mute":
      return html`muted until ${stamp(hold.until, timeZone)}, ${foreign(hold.reason)}`;
    default:
      return hold satisfies never;
  }
}

/** The last hour, two days and ninety days, each with failures, gap windows and deployments. */
export function timelines(target: TargetModel, { now, timeZone }: Moment): Html {
  const { runs, hours, days, gaps, deployments } = target;
  const marked = { gaps, deployments, now, timeZone };
  const rows = [
    { label: "60 min", what: "The last 60 minutes", unit: "minute", grid: minuteCells(runs, now) },
    { label: "48 h", what: "The last 48 hours", unit: "hour", grid: hourCells(hours, now) },
    { label: "90 d", what: "The last 90 days", unit: "day", grid: dayCells(days, now) },
  ];
  return html`<div class="lines">${rows.map(
    ({ label, ...row }) =>
      html`<div class="line"><span class="span" aria-hidden="true">${label}</span>${strip({ ...row, ...marked })}</div>`,
  )}</div>`;
}

export interface PanelPlace {
  readonly target: TargetModel;
  readonly moment: Moment;
  /** One below the heading that it stands under. */
  readonly level: "h2" | "h3";
  /** What in the function's setting explains it now, where that is known. */
  readonly cause?: string | null;
}

/** An incident that goes on: what broke, and what to do. */
export function incidentPanel(incident: Incident, place: PanelPlace): Html {
  const { target, moment, level } = place;
  const cause = place.cause ?? incident.likelyCause ?? null;
  const { now, timeZone } = moment;
  const { status, modes, summary, remedy, openedAt, runsFailed, vantage } = incident;
  const first = modes[0];
  const known = first === undefined ? null : modeOf(first);
  return html`<section class="incident is-${status}" aria-label="Open incident of ${target.name}"><${level}>${known?.title ?? "Not well"}</${level}><p class="modes">${modes.slice(0, 6).map(modeMark)}</p>${
    summary !== null && html`<p>${foreign(summary)}</p>`
  }${
    cause !== null &&
    html`<p class="cause"><strong>Likely cause:</strong> ${foreign(cause, 900)}. <code>vigil doctor ${target.name}</code> tells how to mend it.</p>`
  }<p class="remedy"><strong>What to do:</strong> ${foreign(remedy ?? known?.remedy ?? "look at the runs below", 900)}</p><p class="small">Open since ${stamp(openedAt, timeZone)} (${span(now - Date.parse(openedAt))}), seen from ${vantage}, ${plural(runsFailed, "run")} not well.${
    target.runbook !== null && html` ${link(target.runbook, "Runbook")}.`
  }${known !== null && html` ${link(known.reference, "More about this failure")}.`}</p></section>`;
}
