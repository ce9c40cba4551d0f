import { documentOf } from "./document.ts";
import { failuresPart } from "./failures.ts";
import { type Html, html } from "./html.ts";
import { latencyPart } from "./latency.ts";
import { SHOWN } from "./looks.ts";
import type { PageModel, Place, TargetDetail, TargetModel } from "./model.ts";
import { legend, numbers } from "./overview.ts";
import {
  alertText,
  badgeOf,
  incidentPanel,
  type Moment,
  modeMark,
  sinceText,
  timelines,
} from "./parts.ts";
import { deploymentsPart, incidentsPart, runsPart } from "./past.ts";
import { sloPart } from "./slo.ts";
import { openIncidents, standingOf } from "./standing.ts";
import { toolsPart } from "./tools.ts";

export interface TargetPageInput {
  readonly model: PageModel;
  readonly target: TargetModel;
  readonly detail: TargetDetail;
  readonly place: Place;
}

/** All that is known of one target. */
export function targetPage({ model, target, detail, place }: TargetPageInput): string {
  const { shown } = standingOf(target, model.now);
  return documentOf({
    title: `${target.name} ${SHOWN[shown].word} · Vigil`,
    model,
    place,
    main: html`${head(target, { place, moment: model, cause: detail.likelyCause ?? null })}${latencyPart({ hours: target.hours, runs: target.runs }, model)}${sloPart(detail.slo)}${failuresPart(target, model)}${incidentsPart(target, model)}${deploymentsPart(target, model)}${toolsPart(target.name, detail, model)}${runsPart(detail.latest, model)}${legend()}`,
  });
}

function head(
  target: TargetModel,
  {
    place,
    moment,
    cause,
  }: { readonly place: Place; readonly moment: Moment; readonly cause: string | null },
): Html {
  const standing = standingOf(target, moment.now);
  const { overviewHref } = place;
  return html`${overviewHref !== null && html`<p class="small"><a href="${overviewHref}">All targets</a></p>`}<div class="one is-${standing.shown}"><h1>${target.name} ${badgeOf(standing.shown)}</h1>${sinceText(standing, moment)}${alertText(target, moment)}<p class="small">${target.url !== null && html`<code>${target.url}</code> `}${[target.owner, ...target.tags].filter((one) => one !== null).join(" · ")}</p>${
    standing.modes.length > 0 &&
    html`<p class="modes">${standing.modes.slice(0, 6).map(modeMark)}</p>`
  }${vantages(target)}${openIncidents(target).map((incident) => incidentPanel(incident, { target, moment, level: "h2", cause }))}${numbers(target, moment)}${timelines(target, moment)}</div>`;
}

function vantages({ states }: TargetModel): Html | null {
  if (states.length < 2) return null;
  return html`<ul class="names">${states.map(
    ({ vantage, status }) => html`<li class="is-${status}">${vantage} ${badgeOf(status)}</li>`,
  )}</ul>`;
}
