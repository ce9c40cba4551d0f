import { clean } from "./clean.ts";
import { html } from "./html.ts";
import { SHOWN, type Shown } from "./looks.ts";

/** White on these is 4.5:1 or more. */
const FILL: Readonly<Record<Shown, string>> = {
  up: "#00755a",
  degraded: "#8a5a00",
  down: "#b3261e",
  unknown: "#59626d",
  stale: "#59626d",
  waiting: "#59626d",
};
const LABEL_FILL = "#2b3138";
/** Of Verdana at 11 px, on average; what is off is taken up by `textLength`. */
const CHARACTER_PX = 7;
const MAX_NAME = 40;

/** A picture for a README: the target's name, and how it is. */
export function badge(name: string, shown: Shown): string {
  const label = clean(name, MAX_NAME);
  const { word, sign } = SHOWN[shown];
  const value = `${sign} ${word}`;
  const [left, right] = [widthOf(label), widthOf(value)];
  const width = left + right;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" viewBox="0 0 ${width} 20" role="img" aria-label="${label}: ${word}"><title>${label}: ${word}</title><rect width="${left}" height="20" fill="${LABEL_FILL}"/><rect x="${left}" width="${right}" height="20" fill="${FILL[shown]}"/><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="6" y="14" textLength="${left - 12}">${label}</text><text x="${left + 6}" y="14" textLength="${right - 12}">${value}</text></g></svg>
`.text;
}

/** The page's own mark, for a browser's tab. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="#00805e" stroke-width="2"/><circle cx="8" cy="8" r="2.5" fill="#00805e"/></svg>
`;

function widthOf(text: string): number {
  return [...text].length * CHARACTER_PX + 12;
}
