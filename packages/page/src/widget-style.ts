import type { WidgetLook } from "@vigil/core";
import { DARK, LIGHT, ROWS, WIDE } from "./style.ts";

const ROOT = ".vigil-widget";
/** From this width on a row's parts stand side by side. */
export const WIDE_PX = 900;

const REM_PX = 16;

const COLOURS: Readonly<Record<WidgetLook["theme"], string>> = { light: LIGHT, dark: DARK };

const OWN = `ul{margin:.3rem 0;padding-left:1.2rem}
h2{font-size:1.05rem;margin:0}h3{font-size:1rem;margin:0 0 .3rem}p{margin:.25rem 0}
a{color:var(--link)}code{font:.85rem/1.45 ui-monospace,monospace}
.trouble{border-left:5px solid var(--down);background:var(--panel);padding:.5rem .8rem}
.tally{color:var(--soft)}`;
/** Name and numbers share a line; where there is room, the timeline stands between them. */
const BRIEF = `.brief{padding:.25rem 0 .25rem .8rem}.brief article{grid-template-columns:1fr auto;gap:.1rem 1.5rem;align-items:center}
.brief header{display:flex;flex-wrap:wrap;gap:0 .5rem;align-items:baseline}.brief .lines{grid-column:1/-1;grid-row:2}
.brief h2{font-size:.95rem}.brief .numbers{flex-wrap:nowrap;align-items:baseline;white-space:nowrap;gap:.8rem}
.brief dl>div{display:flex;gap:.3rem;align-items:baseline}`;
const WIDE_BRIEF = `.target article{grid-template-columns:minmax(13rem,18rem) 1fr 21rem}
.brief .lines{grid-column:auto;grid-row:auto}.brief .numbers{justify-content:flex-end}`;

/** Every selector below the widget's own element: the dashboard around it is CloudWatch's. */
function within(root: string, rules: string): string {
  return rules.replace(/([^{}]+)\{/gu, (_, selectors: string) => {
    const own = selectors.trim().split(",");
    return `${own.map((selector) => `${root} ${selector}`).join(",")}{`;
  });
}

const RULES = [
  within(ROOT, OWN),
  within(ROOT, ROWS),
  within(ROOT, BRIEF),
  within(`${ROOT}.wide`, WIDE),
  within(`${ROOT}.wide`, WIDE_BRIEF),
]
  .join("")
  // What a rem is the page around says, and the console's is not everybody's.
  .replace(/(\d*\.?\d+)rem/gu, (_, rem: string) => `${Number(rem) * REM_PX}px`);

export function widgetStyle(theme: WidgetLook["theme"]): string {
  return `${ROOT}{color-scheme:${theme};${COLOURS[theme]};position:relative;padding:5px 10px;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}${ROOT} *{box-sizing:border-box}${RULES}`;
}
