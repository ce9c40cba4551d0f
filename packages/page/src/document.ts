import { stamp } from "./format.ts";
import { type Html, html, trusted } from "./html.ts";
import type { PageModel, Place } from "./model.ts";
import { STYLE } from "./style.ts";

/** Without scripts the page asks for itself again, this often. */
const REFRESH_S = 30;

export interface DocumentInput {
  readonly title: string;
  readonly model: PageModel;
  readonly place: Place;
  readonly main: Html;
}

/** A whole page: complete without scripts, and live with the one script that a server adds. */
export function documentOf({ title, model, place, main }: DocumentInput): string {
  const { now, timeZone, version, troubles } = model;
  const { styleHref, scriptSrc, overviewHref } = place;
  const brand = html`<span aria-hidden="true">◉</span> Vigil`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>${title}</title>${
    styleHref === null
      ? html`<style>${trusted(STYLE)}</style>`
      : html`<link rel="stylesheet" href="${styleHref}">`
  }${
    scriptSrc !== null &&
    html`<script src="${scriptSrc}" defer></script><noscript><meta http-equiv="refresh" content="${REFRESH_S}"></noscript>`
  }</head><body><a class="skip" href="#main">Skip to the targets</a><header class="top"><p class="brand">${
    overviewHref === null ? brand : html`<a href="${overviewHref}">${brand}</a>`
  }</p><p class="made">as of ${stamp(now, timeZone)}</p></header><p class="lost" id="lost" role="status" hidden></p><p class="vh" id="said" role="status"></p><main id="main">${troubles.map(
    (trouble) => html`<p class="trouble">${trouble}</p>`,
  )}${main}</main><footer><p>Vigil ${version} · times are ${timeZone}</p></footer></body></html>
`.text;
}
