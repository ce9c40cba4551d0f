import { type Html, html } from "./html.ts";
import type { TargetModel } from "./model.ts";
import { alertText, badgeOf, incidentPanel, type Moment, modeMark, sinceText } from "./parts.ts";
import { openIncidents, type Standings } from "./standing.ts";

export interface RowInput {
  /** Null where another page may have the same. */
  readonly id: string | null;
  readonly href: string | null;
  readonly moment: Moment;
  readonly lines: Html;
  readonly numbers: Html;
}

/** A target with its state, its past and its open incidents: in the overview, and in the widget. */
export function targetRow({ target, standing }: Standings, input: RowInput): Html {
  const { id, href, moment, lines, numbers } = input;
  const { name } = target;
  const title = href === null ? html`${name}` : html`<a href="${href}">${name}</a>`;
  return html`<li class="target is-${standing.shown}"${id !== null && html` id="${id}"`}><article aria-label="${name}"><header><h2>${title}</h2>${badgeOf(standing.shown)}${sinceText(standing, moment)}${alertText(target, moment)}${about(target)}${modesOf(standing.modes)}</header>${lines}${numbers}${openIncidents(
    target,
  ).map((incident) => incidentPanel(incident, { target, moment, level: "h3" }))}</article></li>`;
}

/** The same on one line, where there are many. */
export function briefRow({ target, standing }: Standings, input: RowInput): Html {
  const { name } = target;
  return html`<li class="target brief is-${standing.shown}"><article aria-label="${name}"><header><h2>${name}</h2>${badgeOf(standing.shown)}${modesOf(standing.modes)}</header>${input.lines}${input.numbers}</article></li>`;
}

function modesOf(modes: readonly string[]): Html | false {
  return modes.length > 0 && html`<p class="modes">${modes.slice(0, 4).map(modeMark)}</p>`;
}

function about({ owner, tags, states }: TargetModel): Html | null {
  const vantages =
    states.length > 1 ? states.map(({ vantage, status }) => `${vantage} ${status}`) : [];
  const told = [...(owner === null ? [] : [owner]), ...tags, ...vantages];
  return told.length === 0 ? null : html`<p class="small about">${told.join(" · ")}</p>`;
}

export function numberList(numbers: readonly (readonly [name: string, value: Html])[]): Html {
  return html`<dl class="numbers">${numbers.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}
